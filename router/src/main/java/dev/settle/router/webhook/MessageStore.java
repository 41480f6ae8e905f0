package dev.settle.router.webhook;

import dev.settle.router.binding.AccountCipher;
import dev.settle.router.platform.Limits;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.data.Interval;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Messages in PostgreSQL: who is to deliver which, with what, and what came of it. */
public final class MessageStore {

  private static final String TAKE =
      """
      SELECT webhook_id, url, host, after_no, to_no, lease_no, tries, extract(epoch FROM failing_for)::double precision AS failing
      FROM take_webhook_messages($1, $2, $3, $4, $5)
      """;

  /** The newest first: it is the one that receivers should have by now. */
  private static final String SECRETS =
      """
      SELECT secret_no, cipher FROM webhook_secret
      WHERE webhook_id = $1 AND (good_until IS NULL OR good_until > clock_timestamp()) ORDER BY secret_no DESC LIMIT $2
      """;

  private final Pool pool;
  private final AccountCipher cipher;
  private final EventStore events;

  public MessageStore(Pool pool, AccountCipher cipher) {
    this.pool = pool;
    this.cipher = cipher;
    this.events = new EventStore(pool);
  }

  /**
   * Takes messages that are due, each for {@link Limits#WEBHOOK_LEASE}.
   *
   * @param sound at most so many of receivers that acknowledged the last one
   * @param failing and of the others
   * @param full hosts of which no more of the former are taken
   */
  Future<List<Message>> take(int sound, int failing, List<String> full) {
    return pool.preparedQuery(TAKE)
        .execute(
            Tuple.of(Interval.of(Limits.WEBHOOK_LEASE), sound, failing, Limits.WEBHOOK_EVENTS)
                .addArrayOfString(full.toArray(String[]::new)))
        .map(
            rows -> {
              List<Message> messages = new ArrayList<>();
              rows.forEach(row -> messages.add(message(row)));
              return messages;
            });
  }

  private static Message message(Row row) {
    Double failing = row.getDouble("failing");
    return new Message(
        row.getLong("webhook_id"),
        row.getString("url"),
        row.getString("host"),
        row.getLong("after_no"),
        row.getLong("to_no"),
        row.getLong("lease_no"),
        row.getInteger("tries"),
        Duration.ofMillis(failing == null ? 0 : (long) (failing * 1_000)));
  }

  /** What a message tells; nothing when it is not kept any more. */
  Future<List<JsonObject>> events(Message message) {
    return events.read(message.webhookId(), message.after(), message.to(), Limits.WEBHOOK_EVENTS);
  }

  /** What a webhook's messages are signed with: the newest secret and those before it. */
  Future<List<Secret>> secrets(long webhookId) {
    return pool.preparedQuery(SECRETS)
        .execute(Tuple.of(webhookId, (long) Limits.WEBHOOK_SECRETS))
        .map(
            rows -> {
              List<Secret> secrets = new ArrayList<>();
              for (Row row : rows) {
                byte[] sealed = row.getBuffer("cipher").getBytes();
                secrets.add(new Secret(cipher.open(WebhookStore.purpose(webhookId), sealed)));
              }
              return secrets;
            });
  }

  /** False: the message is another node's by now, or is to be delivered otherwise. */
  Future<Boolean> acknowledged(Message message, Answer answer) {
    return pool.preparedQuery("SELECT webhook_acknowledged($1, $2, $3)")
        .execute(Tuple.of(message.webhookId(), message.lease(), answer.detail()))
        .map(MessageStore::truth);
  }

  /** The same of one that was not. */
  Future<Boolean> notAcknowledged(Message message, Answer answer, Retry next) {
    return pool.preparedQuery("SELECT webhook_not_acknowledged($1, $2, $3, $4, $5)")
        .execute(
            Tuple.of(
                message.webhookId(),
                message.lease(),
                answer.detail(),
                Interval.of(next.pause()),
                next.stop()))
        .map(MessageStore::truth);
  }

  private static boolean truth(RowSet<Row> rows) {
    return rows.iterator().next().getBoolean(0);
  }

  /** For the database. */
  static Buffer bytes(byte[] bytes) {
    return Buffer.buffer(bytes);
  }
}
