package dev.settle.router.dispatch;

import dev.settle.router.credit.Batch;
import dev.settle.router.credit.BatchMember;
import dev.settle.router.credit.BatchState;
import dev.settle.router.dispatch.Consignment.Item;
import dev.settle.router.routing.Decision.Routed;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Moves batches in PostgreSQL. Every write names owner and epoch; for a batch that has been taken
 * over it does nothing.
 */
final class DispatchStore {

  private static final String CLAIM =
      "SELECT * FROM claim_batches($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18)";
  private static final String SETTLE =
      """
      SELECT * FROM settle_batches($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18)
      """;

  // The pause doubles with every try.
  private static final String DOUBT =
      """
      UPDATE credit_batch b SET state = 'IN_DOUBT', tries = tries + 1,
        retry_at = clock_timestamp() + least(make_interval(secs => power(2, least(tries, 20))), $4)
      FROM unnest($2::bigint[], $3::integer[]) AS p(batch_id, epoch)
      WHERE b.batch_id = p.batch_id AND b.epoch = p.epoch AND b.owner = $1 AND b.state IN ('SENT', 'IN_DOUBT')
      """;

  private static final String OWNED =
      """
      SELECT b.batch_id FROM credit_batch b JOIN unnest($2::bigint[], $3::integer[]) AS p(batch_id, epoch) USING (batch_id)
      WHERE b.epoch = p.epoch AND b.owner = $1
      """;

  private static final String PUT_OFF =
      """
      UPDATE credit_batch b SET retry_at = clock_timestamp() + $4
      FROM unnest($2::bigint[], $3::integer[]) AS p(batch_id, epoch)
      WHERE b.batch_id = p.batch_id AND b.epoch = p.epoch AND b.owner = $1
      """;

  private final Pool pool;
  private final long owner;

  DispatchStore(Pool pool, long owner) {
    this.pool = pool;
    this.owner = owner;
  }

  /**
   * What a claim did.
   *
   * @param stale merchants whose route has changed: nothing was claimed
   * @param claimed batches that this node may send now
   * @param moved new batches, for credits that left theirs
   */
  record Claimed(Set<String> stale, Set<Long> claimed, List<Batch> moved) {}

  /**
   * @param onePerAccount whether the credits of a batch to one account are sent as one transfer
   */
  Future<Claimed> claim(ClaimPlan plan, boolean onePerAccount) {
    ClaimColumns columns = new ClaimColumns(plan);
    return pool.preparedQuery(CLAIM)
        .execute(columns.parameters(owner, onePerAccount))
        .map(rows -> claimed(rows.iterator().next(), columns));
  }

  private static Claimed claimed(Row row, ClaimColumns columns) {
    String[] stale = row.getArrayOfStrings("o_stale");
    if (stale != null) {
      return new Claimed(Set.of(stale), Set.of(), List.of());
    }
    Set<Long> claimed = Set.of(row.getArrayOfLongs("o_claimed"));
    Long[] made = row.getArrayOfLongs("o_batches");
    List<Batch> moved = new ArrayList<>();
    for (int g = 0; made != null && g < made.length; g++) {
      if (made[g] != null) {
        moved.add(batch(made[g], columns, g, claimed));
      }
    }
    return new Claimed(Set.of(), claimed, moved);
  }

  private static Batch batch(long id, ClaimColumns columns, int group, Set<Long> claimed) {
    List<BatchMember> members =
        columns.departuresTo(group).stream()
            .filter(departure -> claimed.contains(departure.item().batch().batchId()))
            .map(departure -> moved(departure.item().member(), (Routed) departure.decision()))
            .toList();
    ClaimColumns.Group to = columns.groups().get(group);
    Instant recordedAt = columns.departuresTo(group).get(0).item().batch().recordedAt();
    return Batch.recorded(id, to.rail(), to.currency(), recordedAt, members);
  }

  private static BatchMember moved(BatchMember member, Routed to) {
    return new BatchMember(
        member.creditId(),
        member.attempt() + 1,
        member.merchantId(),
        member.terminalId(),
        member.amountMinor(),
        to.accountId(),
        to.version());
  }

  /** What a bank said of a credit, other than that it is credited. */
  record Departed(Item item, Said said) {}

  /**
   * What a settlement did.
   *
   * @param settled the batches that it was written for
   * @param departed credits of these of which the bank had told otherwise before
   */
  record Settled(Set<Long> settled, Set<Long> departed) {}

  /** Writes the bank's answer. */
  Future<Settled> settle(Consignment sent, List<Departed> departed, String writer) {
    List<BatchMember> out = departed.stream().map(d -> d.item().member()).toList();
    List<Said> said = departed.stream().map(Departed::said).toList();
    Tuple parameters =
        Tuple.tuple()
            .addLong(owner)
            .addString(writer + " " + sent.rail() + " " + sent.slot())
            .addArrayOfLong(sent.batches().stream().map(Batch::batchId).toArray(Long[]::new))
            .addArrayOfInteger(sent.batches().stream().map(Batch::epoch).toArray(Integer[]::new))
            .addArrayOfLong(out.stream().map(BatchMember::creditId).toArray(Long[]::new))
            .addArrayOfInteger(out.stream().map(BatchMember::attempt).toArray(Integer[]::new))
            .addArrayOfLong(
                departed.stream().map(d -> d.item().batch().batchId()).toArray(Long[]::new))
            .addArrayOfString(out.stream().map(BatchMember::merchantId).toArray(String[]::new))
            .addArrayOfLong(
                departed.stream()
                    .map(d -> d.said().unposted(d.item().member().amountMinor()))
                    .toArray(Long[]::new))
            .addArrayOfString(
                departed.stream().map(d -> d.item().batch().currency()).toArray(String[]::new))
            .addArrayOfString(said.stream().map(Said::departure).toArray(String[]::new))
            .addArrayOfString(said.stream().map(s -> s.reason().name()).toArray(String[]::new))
            .addArrayOfString(said.stream().map(Said::code).toArray(String[]::new))
            .addArrayOfInteger(out.stream().map(BatchMember::version).toArray(Integer[]::new))
            .addArrayOfInteger(said.stream().map(Said::pauseSeconds).toArray(Integer[]::new))
            .addArrayOfInteger(said.stream().map(Said::longestSeconds).toArray(Integer[]::new))
            .addArrayOfInteger(said.stream().map(s -> s.retry().times()).toArray(Integer[]::new))
            .addArrayOfLong(out.stream().map(BatchMember::amountMinor).toArray(Long[]::new));
    return pool.preparedQuery(SETTLE)
        .execute(parameters)
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Settled(
                  Set.of(row.getArrayOfLongs("o_settled")),
                  Set.copyOf(List.of(row.getArrayOfLongs("o_departed"))));
            });
  }

  /**
   * Marks a consignment whose outcome nobody knows; the bank is asked after a pause that doubles.
   */
  Future<Void> doubt(Consignment sent, Duration longestPause) {
    return pause(DOUBT, sent.batches(), longestPause);
  }

  /** Which batches nobody has taken over meanwhile. */
  Future<Set<Long>> owned(Consignment claimed) {
    return pool.preparedQuery(OWNED)
        .execute(
            Tuple.tuple()
                .addLong(owner)
                .addArrayOfLong(claimed.batches().stream().map(Batch::batchId).toArray(Long[]::new))
                .addArrayOfInteger(
                    claimed.batches().stream().map(Batch::epoch).toArray(Integer[]::new)))
        .map(
            rows -> {
              Set<Long> owned = new HashSet<>();
              rows.forEach(row -> owned.add(row.getLong(0)));
              return owned;
            });
  }

  /** Leaves batches alone for this long, as they are. */
  Future<Void> putOff(List<Batch> batches, Duration pause) {
    return pause(PUT_OFF, batches, pause);
  }

  private Future<Void> pause(String sql, List<Batch> batches, Duration pause) {
    return pool.preparedQuery(sql)
        .execute(
            Tuple.tuple()
                .addLong(owner)
                .addArrayOfLong(batches.stream().map(Batch::batchId).toArray(Long[]::new))
                .addArrayOfInteger(batches.stream().map(Batch::epoch).toArray(Integer[]::new))
                .addValue(io.vertx.pgclient.data.Interval.of(pause)))
        .mapEmpty();
  }

  /** Takes open batches that nobody moves, with their credits; none of the rails {@code notNow}. */
  Future<List<Batch>> takeOver(Collection<Long> inMemory, Collection<String> notNow, int limit) {
    return pool.preparedQuery(
            "SELECT *, clock_timestamp() AS now FROM take_over_batches($1, $2, $3, $4)")
        .execute(
            Tuple.tuple()
                .addLong(owner)
                .addArrayOfLong(inMemory.toArray(Long[]::new))
                .addArrayOfString(notNow.toArray(String[]::new))
                .addInteger(limit))
        .compose(
            taken -> {
              List<Row> heads = new ArrayList<>(taken.size());
              taken.forEach(heads::add);
              return heads.isEmpty() ? Future.succeededFuture(List.of()) : withMembers(heads);
            });
  }

  private Future<List<Batch>> withMembers(List<Row> heads) {
    Long[] ids = heads.stream().map(row -> row.getLong("batch_id")).toArray(Long[]::new);
    return pool.preparedQuery("SELECT * FROM batch_members($1)")
        .execute(Tuple.tuple().addArrayOfLong(ids))
        .map(
            rows -> {
              Map<Long, List<BatchMember>> members = new HashMap<>();
              for (Row row : rows) {
                members
                    .computeIfAbsent(row.getLong("batch_id"), id -> new ArrayList<>())
                    .add(member(row));
              }
              return heads.stream().map(head -> batch(head, members)).toList();
            });
  }

  private static BatchMember member(Row row) {
    return new BatchMember(
        row.getLong("credit_id"),
        row.getInteger("attempt"),
        row.getString("merchant_id"),
        row.getString("terminal_id"),
        row.getLong("amount_minor"),
        row.getLong("account_id"),
        row.getInteger("version"));
  }

  private static Batch batch(Row head, Map<Long, @Nullable List<BatchMember>> members) {
    long id = head.getLong("batch_id");
    List<BatchMember> own = members.get(id);
    return new Batch(
        id,
        head.getString("rail"),
        head.getString("currency"),
        head.getInteger("epoch"),
        BatchState.valueOf(head.getString("state")),
        head.getInteger("tries"),
        head.getOffsetDateTime("recorded_at").toInstant(),
        claimedAt(head),
        head.getBoolean("one_per_account"),
        own == null ? List.of() : own);
  }

  /** By this node's clock, as long ago as by the database's: clocks differ. */
  private static @Nullable Instant claimedAt(Row head) {
    OffsetDateTime claimed = head.getOffsetDateTime("claimed_at");
    return claimed == null
        ? null
        : Instant.now().minus(Duration.between(claimed, head.getOffsetDateTime("now")));
  }
}
