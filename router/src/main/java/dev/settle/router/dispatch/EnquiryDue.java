package dev.settle.router.dispatch;

import dev.settle.router.credit.EndToEndId;
import dev.settle.router.credit.EndToEndId.OfAccount;
import dev.settle.router.credit.EndToEndId.OfCredit;
import dev.settle.router.explanation.Reason;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * An open departure that a bank is to be asked about.
 *
 * @param version the merchant's route version that it was decided by
 * @param doubted whether nobody knows of it; else the bank took it
 * @param sentAt when it was first sent
 * @param openedAt when the node that sent it last was done with it
 */
record EnquiryDue(
    EndToEndId id,
    long creditId,
    int attempt,
    boolean doubted,
    Reason reason,
    @Nullable Long accountId,
    int version,
    @Nullable Instant sentAt,
    Instant openedAt) {

  /**
   * Of a row of {@code enquiries_due}. Its ages are the database's, so that no node's clock makes a
   * transfer older than it is.
   */
  static EnquiryDue of(Row row, Instant now) {
    Duration ahead = Duration.between(row.getOffsetDateTime("now").toInstant(), now);
    long credit = row.getLong("credit_id");
    int attempt = row.getInteger("attempt");
    OffsetDateTime claimed = row.getOffsetDateTime("claimed_at");
    return new EnquiryDue(
        row.getBoolean("one_per_account")
            ? new OfAccount(row.getLong("batch_id"), row.getLong("account_id"))
            : new OfCredit(credit, attempt),
        credit,
        attempt,
        row.getString("kind").equals("DOUBT"),
        Reason.valueOf(row.getString("reason")),
        row.getLong("account_id"),
        row.getInteger("version"),
        claimed == null ? null : claimed.toInstant().plus(ahead),
        row.getOffsetDateTime("opened_at").toInstant().plus(ahead));
  }
}
