package dev.settle.router.webhook;

import dev.settle.router.binding.AccountCipher;
import dev.settle.router.platform.Caller;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.data.Interval;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Webhooks in PostgreSQL: each step is one commit, with its line of history. */
public final class WebhookStore {

  private static final String COLUMNS =
      """
      SELECT w.webhook_id, w.owner_kind, w.owner_id, w.url, w.kinds, w.created_by, w.created_at, w.state, w.paused_for,
             w.state_since, w.overflowed_at, w.told_no, w.acked_no, w.tries, w.failing_since, w.last_outcome,
             w.last_tried_at, w.acked_at
      FROM webhook w
      """;

  private static final String PAGE =
      COLUMNS
          + """
      WHERE ($1::text IS NULL OR w.owner = $1) AND ($2::text IS NULL OR w.state = $2)
        AND ($3::bigint IS NULL OR w.webhook_id < $3)
      ORDER BY w.webhook_id DESC LIMIT $4
      """;

  private static final String HISTORY =
      """
      SELECT what, detail, changed_by, changed_at FROM webhook_change WHERE webhook_id = $1 ORDER BY change_no DESC LIMIT $2
      """;

  private final Pool pool;
  private final AccountCipher cipher;
  private final EventStore events;

  public WebhookStore(Pool pool, AccountCipher cipher) {
    this.pool = pool;
    this.cipher = cipher;
    this.events = new EventStore(pool);
  }

  /** What a webhook's secret is sealed for. */
  static String purpose(long webhookId) {
    return "webhook-secret/" + WebhookId.text(webhookId);
  }

  /**
   * What became of a draft.
   *
   * @param outcome as {@code create_webhook} says
   * @param id of the new one, or of the one that there is
   */
  record Created(String outcome, long id) {}

  Future<Created> create(Draft draft, Secret secret, String by) {
    return pool.preparedQuery("SELECT next_webhook_id()")
        .execute()
        .map(rows -> rows.iterator().next().getLong(0))
        .compose(id -> create(id, draft, secret, by));
  }

  private Future<Created> create(long id, Draft draft, Secret secret, String by) {
    return pool.preparedQuery(
            "SELECT m.o_outcome, m.o_known FROM called_by($7, $9, $10) AS c(who)"
                + " CROSS JOIN LATERAL create_webhook($1, $2, $3, $4, $5, $6, c.who, $8) m")
        .execute(
            Caller.addTo(
                Tuple.of(id, draft.ownerKind(), draft.ownerId(), draft.url())
                    .addArrayOfString(draft.kinds().toArray(String[]::new))
                    .addBuffer(MessageStore.bytes(cipher.seal(purpose(id), secret.bytes())))
                    .addString(by)
                    .addInteger(Limits.WEBHOOKS_OF_ONE)))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              Long known = row.getLong("o_known");
              return new Created(row.getString("o_outcome"), known == null ? id : known);
            });
  }

  /** Moves it to ACTIVE, PAUSED or RETIRED; what {@code move_webhook} says of it. */
  Future<String> move(long id, String state, String by) {
    return outcome(
        "SELECT move_webhook($1, $2, c.who) FROM called_by($3, $4, $5) AS c(who)",
        Tuple.of(id, state, by));
  }

  /**
   * Gives it a new secret; what {@code rotate_webhook_secret} says of it.
   *
   * @param endOthers whether the secrets that it has are good no more
   */
  Future<String> rotate(long id, Secret secret, boolean endOthers, String by) {
    return outcome(
        "SELECT rotate_webhook_secret($1, $2, $3, $4, $5, c.who) FROM called_by($6, $7, $8) AS c(who)",
        Tuple.of(
            id,
            MessageStore.bytes(cipher.seal(purpose(id), secret.bytes())),
            Interval.of(Duration.ofHours(Limits.WEBHOOK_SECRET_OVERLAP_HOURS)),
            Limits.WEBHOOK_SECRETS,
            endOthers,
            by));
  }

  /** Delivers anew what comes after a number; what {@code redeliver_webhook} says of it. */
  Future<String> redeliver(long id, long after, String by) {
    return outcome(
        "SELECT redeliver_webhook($1, $2, c.who) FROM called_by($3, $4, $5) AS c(who)",
        Tuple.of(id, after, by));
  }

  /** Puts a test event behind what waits; what {@code test_webhook} says of it. */
  Future<String> test(long id, String by) {
    return outcome(
        "SELECT t.o_outcome FROM called_by($2, $4, $5) AS c(who) CROSS JOIN LATERAL test_webhook($1, c.who, $3) t",
        Tuple.of(id, by, (long) Limits.WEBHOOK_BACKLOG));
  }

  private Future<String> outcome(String call, Tuple arguments) {
    return pool.preparedQuery(call)
        .execute(Caller.addTo(arguments))
        .map(rows -> rows.iterator().next().getString(0));
  }

  /** A webhook as the API shows it, or null when there is none. */
  Future<@Nullable JsonObject> find(long id) {
    return pool.preparedQuery(COLUMNS + "WHERE w.webhook_id = $1")
        .execute(Tuple.of(id))
        .map(rows -> rows.size() == 0 ? null : json(rows.iterator().next()));
  }

  /** What was done with it, the newest first. */
  Future<JsonArray> history(long id) {
    return pool.preparedQuery(HISTORY)
        .execute(Tuple.of(id, (long) Limits.WEBHOOK_PAGE))
        .map(
            rows -> {
              JsonArray history = new JsonArray();
              for (Row row : rows) {
                history.add(
                    new JsonObject()
                        .put("what", row.getString("what"))
                        .put("by", row.getString("changed_by"))
                        .put("at", Times.text(row.getOffsetDateTime("changed_at")))
                        .put("detail", row.getString("detail")));
              }
              return history;
            });
  }

  /**
   * The answer of {@code GET /v1/webhooks}.
   *
   * @param owner {@code M:} or {@code A:} and its id; null: whoever's
   * @param before made before this one; null: from the newest on
   */
  Future<JsonObject> page(@Nullable String owner, @Nullable String state, @Nullable Long before) {
    return pool.preparedQuery(PAGE)
        .execute(Tuple.of(owner, state, before, (long) Limits.WEBHOOK_PAGE))
        .map(
            rows -> {
              JsonArray webhooks = new JsonArray();
              String last = null;
              for (Row row : rows) {
                webhooks.add(json(row));
                last = WebhookId.text(row.getLong("webhook_id"));
              }
              return new JsonObject()
                  .put("webhooks", webhooks)
                  .put("nextBefore", rows.size() < Limits.WEBHOOK_PAGE ? null : last);
            });
  }

  /** Its events after a number, as messages have them. */
  Future<List<JsonObject>> events(long id, long after) {
    return events.read(id, after, Long.MAX_VALUE, Limits.WEBHOOK_EVENTS);
  }

  private static JsonObject json(Row row) {
    long told = row.getLong("told_no");
    long acknowledged = row.getLong("acked_no");
    return new JsonObject()
        .put("webhookId", WebhookId.text(row.getLong("webhook_id")))
        .put(
            row.getString("owner_kind").equals("MERCHANT") ? "merchantId" : "acquirerId",
            row.getString("owner_id"))
        .put("url", row.getString("url"))
        .put("events", new JsonArray(List.of(row.getArrayOfStrings("kinds"))))
        .put("createdBy", row.getString("created_by"))
        .put("createdAt", Times.text(row.getOffsetDateTime("created_at")))
        .put("state", row.getString("state"))
        .put("pausedFor", row.getString("paused_for"))
        .put("stateSince", Times.text(row.getOffsetDateTime("state_since")))
        .put("lastNo", told)
        .put("acknowledgedNo", acknowledged)
        .put("waiting", told - acknowledged)
        .put("tries", row.getInteger("tries"))
        .put("failingSince", Times.orNull(row.getOffsetDateTime("failing_since")))
        .put("lastOutcome", row.getString("last_outcome"))
        .put("lastTriedAt", Times.orNull(row.getOffsetDateTime("last_tried_at")))
        .put("acknowledgedAt", Times.orNull(row.getOffsetDateTime("acked_at")))
        .put("nothingGatheredSince", Times.orNull(row.getOffsetDateTime("overflowed_at")));
  }
}
