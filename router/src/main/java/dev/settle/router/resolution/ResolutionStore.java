package dev.settle.router.resolution;

import dev.settle.router.dispatch.BankWords.Transfer;
import dev.settle.router.dispatch.BankWords.Words;
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
import org.jspecify.annotations.Nullable;

/** Resolutions in PostgreSQL: each step is one commit, an approval with everything it changes. */
public final class ResolutionStore {

  private static final String COLUMNS =
      """
      SELECT r.resolution_id, r.rail, r.end_to_end_id, r.says, r.amount_minor, r.currency, r.evidence, r.state,
             r.proposed_by, r.proposed_at, r.decided_by, r.decided_at, r.verdict
      FROM resolution r
      """;

  private static final String PAGE =
      COLUMNS
          + """
      WHERE ($1::boolean IS NULL OR (r.state = 'PROPOSED') = $1) AND ($2::bigint IS NULL OR r.resolution_id < $2)
      ORDER BY r.resolution_id DESC LIMIT $3
      """;

  private static final String APPROVE =
      """
      SELECT a.* FROM called_by($2, $17, $18) AS c(who)
      CROSS JOIN LATERAL approve_resolution($1,c.who,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16) a
      """;

  private static final String PROPOSE =
      """
      SELECT p.* FROM called_by($6, $10, $11) AS c(who)
      CROSS JOIN LATERAL propose_resolution($1,$2,$3,$4,$5,c.who,$7,$8,$9) p
      """;

  private final Pool pool;

  public ResolutionStore(Pool pool) {
    this.pool = pool;
  }

  /**
   * What became of a proposal.
   *
   * @param outcome as {@code propose_resolution} says
   * @param id of the resolution; null: there is none
   */
  record Proposed(String outcome, @Nullable Long id) {}

  /**
   * A resolution that is to be decided.
   *
   * @param minor how much was credited or came back
   */
  record Decided(String rail, String endToEndId, Finding says, long minor) {}

  /**
   * @param window how long a request of the rail may be on its way
   */
  Future<Proposed> propose(
      Transfer transfer, Proposal proposal, long minor, String by, Duration window) {
    Tuple parameters =
        Tuple.tuple()
            .addString(transfer.rail())
            .addString(transfer.endToEndId())
            .addString(proposal.says().name())
            .addLong(minor)
            .addString(proposal.evidence())
            .addString(by);
    return pool.preparedQuery(PROPOSE)
        .execute(Caller.addTo(transfer.addCredits(parameters).addValue(Interval.of(window))))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Proposed(row.getString("o_outcome"), row.getLong("o_id"));
            });
  }

  /** What is to be decided, or null when there is no such resolution. */
  Future<@Nullable Decided> decided(long id) {
    return row(id)
        .map(
            row ->
                row == null
                    ? null
                    : new Decided(
                        row.getString("rail"),
                        row.getString("end_to_end_id"),
                        Finding.valueOf(row.getString("says")),
                        row.getLong("amount_minor")));
  }

  /** Approves one and writes its words; what {@code approve_resolution} says of it. */
  Future<String> approve(long id, String by, String rail, Words words) {
    return pool.preparedQuery(APPROVE)
        .execute(Caller.addTo(words.addTo(Tuple.of(id, by, rail))))
        .map(
            rows -> {
              String outcome = "UNKNOWN";
              for (Row row : rows) {
                if (row.getInteger("place") == 0) {
                  outcome = row.getString("verdict");
                } else {
                  words.wrote(row);
                }
              }
              return outcome;
            });
  }

  /** Rejects one; what {@code reject_resolution} says of it. */
  Future<String> reject(long id, String by) {
    return pool.preparedQuery(
            "SELECT reject_resolution($1, c.who) FROM called_by($2, $3, $4) AS c(who)")
        .execute(Caller.addTo(Tuple.of(id, by)))
        .map(rows -> rows.iterator().next().getString(0));
  }

  /** A resolution as the API shows it, or null when there is none. */
  Future<@Nullable JsonObject> find(long id) {
    return row(id).map(row -> row == null ? null : json(row));
  }

  private Future<@Nullable Row> row(long id) {
    return pool.preparedQuery(COLUMNS + "WHERE r.resolution_id = $1")
        .execute(Tuple.of(id))
        .map(rows -> rows.size() == 0 ? null : rows.iterator().next());
  }

  /**
   * The answer of {@code GET /v1/resolutions}.
   *
   * @param open true: the undecided ones; false: the others; null: both
   * @param before proposed before this one; null: from the newest on
   */
  Future<JsonObject> page(@Nullable Boolean open, @Nullable Long before) {
    return pool.preparedQuery(PAGE)
        .execute(Tuple.of(open, before, (long) Limits.RESOLUTION_PAGE))
        .map(
            rows -> {
              JsonArray resolutions = new JsonArray();
              String last = null;
              for (Row row : rows) {
                resolutions.add(json(row));
                last = ResolutionId.text(row.getLong("resolution_id"));
              }
              return new JsonObject()
                  .put("resolutions", resolutions)
                  .put("nextBefore", rows.size() < Limits.RESOLUTION_PAGE ? null : last);
            });
  }

  private static JsonObject json(Row row) {
    return new JsonObject()
        .put("resolutionId", ResolutionId.text(row.getLong("resolution_id")))
        .put("rail", row.getString("rail"))
        .put("endToEndId", row.getString("end_to_end_id"))
        .put("says", row.getString("says"))
        .put("amountMinor", row.getLong("amount_minor"))
        .put("currency", row.getString("currency"))
        .put("evidence", row.getString("evidence"))
        .put("state", row.getString("state"))
        .put("proposedBy", row.getString("proposed_by"))
        .put("proposedAt", Times.text(row.getOffsetDateTime("proposed_at")))
        .put("decidedBy", row.getString("decided_by"))
        .put("decidedAt", Times.orNull(row.getOffsetDateTime("decided_at")))
        .put("verdict", row.getString("verdict"));
  }
}
