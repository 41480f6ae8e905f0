package dev.settle.router.cardchange;

import dev.settle.router.binding.AccountNumber;
import dev.settle.router.platform.Times;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A complete application. */
record Application(
    String merchantId,
    String terminalId,
    AccountNumber number,
    String bank,
    String holder,
    String type,
    @Nullable String branch,
    ChangeReason reason,
    @Nullable OffsetDateTime effectiveFrom,
    List<Draft.Document> documents) {

  /** What a draft without findings says. */
  static Application of(String merchantId, Draft draft) {
    return new Application(
        merchantId,
        draft.scope(),
        Objects.requireNonNull(draft.number()),
        Objects.requireNonNull(draft.bank()),
        Objects.requireNonNull(draft.holder()),
        Objects.requireNonNull(draft.type()),
        draft.branch(),
        ChangeReason.valueOf(Objects.requireNonNull(draft.reason())),
        draft.effectiveFrom() == null ? null : Times.parse(draft.effectiveFrom()),
        draft.documents());
  }
}
