package dev.settle.router.notification;

import dev.settle.router.cardchange.BankApplications;
import dev.settle.router.cardchange.BankApplications.Opened;
import dev.settle.router.cardchange.BankApplications.Replacement;
import dev.settle.router.dispatch.BankWords.Transfer;
import dev.settle.router.dispatch.BankWords.Words;
import dev.settle.router.notification.Notification.Changed;
import dev.settle.router.notification.Notification.Entry;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

/** Notifications in PostgreSQL: each is one commit, with everything that it changes. */
final class NotificationStore {

  private static final String TAKE =
      "SELECT * FROM take_notification($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23)";
  private static final String KEEP = "SELECT keep_account_notice($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)";

  private static final Opened NO_TRANSFER = new Opened(null, "there is no such transfer");

  private final Pool pool;
  private final BankApplications applications;

  NotificationStore(Pool pool, BankApplications applications) {
    this.pool = pool;
    this.applications = applications;
  }

  /**
   * A notification as it came.
   *
   * @param id the bank's, the same whenever it sends it again
   * @param sha256 of the body
   */
  record Received(String rail, String id, byte[] sha256, Notification what) {

    /** As the functions' first three parameters. */
    Tuple key() {
      return Tuple.of(rail, id, Buffer.buffer(sha256));
    }
  }

  /** What was done with a notification. */
  enum Outcome {
    /** It changed how a credit stands, or opened an application. */
    APPLIED,
    /** It says nothing new. */
    KNOWN,
    /** It does not fit: a break is open. */
    BREAK,
    /** The rail has no such transfer: a break is open. */
    UNKNOWN,
    /** It was here before; nothing has changed. */
    REPLAYED,
    /** It was here before with another body: a break is open, nothing else has changed. */
    CONFLICT;

    boolean opensBreak() {
      return this == BREAK || this == UNKNOWN || this == CONFLICT;
    }
  }

  /** Takes one about money, with what it says of each credit. */
  Future<Outcome> take(Received received, Entry entry, Words words) {
    Notification what = received.what();
    Tuple parameters =
        received
            .key()
            .addString(what.type())
            .addString(what.endToEndId())
            .addOffsetDateTime(what.occurredAt())
            .addLong(entry.amountMinor())
            .addString(entry.currency())
            .addString(entry.code())
            .addBoolean(entry.booked());
    return pool.preparedQuery(TAKE)
        .execute(words.addTo(parameters))
        .map(
            rows -> {
              Outcome outcome = Outcome.KNOWN;
              for (Row row : rows) {
                if (row.getInteger("place") == 0) {
                  outcome = Outcome.valueOf(row.getString("verdict"));
                } else {
                  words.wrote(row);
                }
              }
              return outcome;
            });
  }

  /** Takes one about an account. */
  Future<Outcome> take(Received received, Changed changed, Transfer transfer) {
    return pool.withTransaction(
            client ->
                seen(client, received)
                    .compose(
                        seen ->
                            seen == null
                                ? open(client, received, changed, transfer)
                                : Future.succeededFuture(new Taken(seen, Opened.KNOWN))))
        .onSuccess(taken -> applications.committed(taken.opened()))
        .map(Taken::outcome);
  }

  private record Taken(Outcome outcome, Opened opened) {}

  private static Future<@Nullable Outcome> seen(SqlClient client, Received received) {
    return client
        .preparedQuery("SELECT notification_seen($1,$2,$3)")
        .execute(received.key())
        .map(rows -> rows.iterator().next().getString(0))
        .map(seen -> seen == null ? null : Outcome.valueOf(seen));
  }

  private Future<Taken> open(
      SqlClient client, Received received, Changed changed, Transfer transfer) {
    return client
        .preparedQuery("SELECT * FROM account_of_transfer($1,$2,$3)")
        .execute(transfer.addCredits(Tuple.of(received.rail())))
        .compose(
            rows -> {
              if (rows.size() == 0) {
                return keep(client, received, null, Outcome.UNKNOWN, NO_TRANSFER);
              }
              Row row = rows.iterator().next();
              return applications
                  .open(client, received.rail(), replacement(row, changed))
                  .compose(opened -> keep(client, received, row, outcome(opened), opened));
            });
  }

  private static Replacement replacement(Row row, Changed changed) {
    return new Replacement(
        row.getString("merchant_id"),
        row.getString("terminal_id"),
        row.getBoolean("in_effect"),
        changed.number(),
        changed.bank(),
        changed.holder(),
        row.getString("type"),
        row.getString("bank").equals(changed.bank()) ? row.getString("branch") : null);
  }

  private static Outcome outcome(Opened opened) {
    return opened.refusal() != null
        ? Outcome.BREAK
        : opened.changeId() != null ? Outcome.APPLIED : Outcome.KNOWN;
  }

  private static Future<Taken> keep(
      SqlClient client, Received received, @Nullable Row credit, Outcome outcome, Opened opened) {
    Notification what = received.what();
    return client
        .preparedQuery(KEEP)
        .execute(
            received
                .key()
                .addString(what.endToEndId())
                .addOffsetDateTime(what.occurredAt())
                .addString(outcome.name())
                .addLong(opened.changeId())
                .addLong(credit == null ? null : credit.getLong("credit_id"))
                .addInteger(credit == null ? null : credit.getInteger("attempt"))
                .addString(opened.refusal()))
        .map(new Taken(outcome, opened));
  }
}
