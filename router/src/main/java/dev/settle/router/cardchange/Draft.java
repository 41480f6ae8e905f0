package dev.settle.router.cardchange;

import dev.settle.router.binding.AccountNumber;
import dev.settle.router.platform.JsonDocument;
import dev.settle.router.platform.Limits;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An application as it was sent: every field may be missing or wrong, the number, too. */
record Draft(
    @Nullable AccountNumber number,
    @Nullable String bank,
    @Nullable String holder,
    @Nullable String type,
    @Nullable String branch,
    @Nullable String terminalId,
    @Nullable String effectiveFrom,
    @Nullable String reason,
    List<Document> documents) {

  private static final Set<String> FIELDS =
      Set.of("account", "terminalId", "effectiveFrom", "documents", "reason");
  private static final Set<String> ACCOUNT_FIELDS =
      Set.of("number", "bank", "holder", "type", "branch");
  private static final Set<String> DOCUMENT_FIELDS = Set.of("kind", "ref");

  /** A document that is filed elsewhere. */
  record Document(@Nullable String kind, @Nullable String ref) {}

  /** Reads its shape; throws a problem for what is not the shape of an application at all. */
  static Draft read(byte[] body) {
    JsonDocument json = JsonDocument.read(body, "a card change", FIELDS);
    JsonDocument account = json.optionalObject("account", ACCOUNT_FIELDS);
    String number = account.optionalText("number");
    return new Draft(
        number == null ? null : new AccountNumber(number),
        account.optionalText("bank"),
        account.optionalText("holder"),
        account.optionalText("type"),
        account.optionalText("branch"),
        json.optionalText("terminalId"),
        json.optionalText("effectiveFrom"),
        json.optionalText("reason"),
        json.optionalObjects("documents", Limits.CARD_CHANGE_DOCUMENTS, DOCUMENT_FIELDS).stream()
            .map(item -> new Document(item.optionalText("kind"), item.optionalText("ref")))
            .toList());
  }

  /** The terminal it is for; empty: the merchant's default. */
  String scope() {
    return terminalId == null ? "" : terminalId;
  }
}
