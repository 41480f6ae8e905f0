package dev.settle.router.binding;

import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;

/**
 * What came of setting an account's status.
 *
 * @param status the account's now
 * @param version the route version of its merchant now
 * @param since when it got that status
 */
public record StatusChange(
    Outcome outcome, String merchantId, AccountStatus status, int version, OffsetDateTime since) {

  /** Whether the status was set. */
  public enum Outcome {
    CHANGED,
    /** It had this status already. */
    UNCHANGED,
    /** Refused: the merchant's route has changed since the order was given. */
    OUTDATED,
    /** Refused: an account that is not verified becomes active by a card change alone. */
    VERIFICATION_REQUIRED
  }

  static StatusChange of(Row row) {
    return new StatusChange(
        Outcome.valueOf(row.getString("outcome")),
        row.getString("merchant"),
        AccountStatus.valueOf(row.getString("status")),
        row.getInteger("version"),
        row.getOffsetDateTime("since"));
  }
}
