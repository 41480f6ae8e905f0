package dev.settle.router.dispatch;

import dev.settle.router.binding.MerchantRoute;
import dev.settle.router.credit.Batch;
import dev.settle.router.credit.BatchMember;
import dev.settle.router.dispatch.ClaimColumns.Group;
import dev.settle.router.dispatch.ReleasePlan.Verdict;
import dev.settle.router.explanation.Reason;
import dev.settle.router.platform.Limits;
import dev.settle.router.routing.Decision.Routed;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds open departures that may go on, and lets them, in PostgreSQL. */
final class ReleaseStore {

  private static final String RELEASE =
      "SELECT * FROM release_credits($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)";

  private static final String FOR_OTHER_RAILS =
      """
      UPDATE credit_exception e SET next_at = now()
      FROM (SELECT credit_id, exception_no FROM credit_exception
            WHERE closed_at IS NULL AND movable AND next_at IS NULL AND kind <> 'RETURNED'
              AND reason IN ('RAIL_UNAVAILABLE', 'NOT_ALLOWED')
              AND credit_id > $1
            ORDER BY credit_id LIMIT $2 FOR UPDATE SKIP LOCKED) o
      WHERE e.credit_id = o.credit_id AND e.exception_no = o.exception_no
      RETURNING e.credit_id
      """;

  private final Pool pool;
  private final long owner;

  ReleaseStore(Pool pool, long owner) {
    this.pool = pool;
    this.owner = owner;
  }

  /**
   * A look at merchants with open departures.
   *
   * @param due those that have some to be decided anew
   * @param last the last that was looked at, or null when there are no more
   */
  record Look(List<String> due, @Nullable String last) {}

  /**
   * Has what waits for another rail decided anew, a piece at a time.
   *
   * @param after the credit after which to go on; 0: from the first
   * @return the last credit of this piece, or null when there are no more
   */
  Future<@Nullable Long> lookForOtherRails(long after) {
    return pool.preparedQuery(FOR_OTHER_RAILS)
        .execute(Tuple.of(after, (long) Limits.RELEASE_CREDITS))
        .map(
            rows -> {
              long last = after;
              for (Row row : rows) {
                last = Math.max(last, row.getLong(0));
              }
              return rows.size() < Limits.RELEASE_CREDITS ? null : last;
            });
  }

  /** Looks at merchants that come after {@code after}. */
  Future<Look> look(String after) {
    return pool.preparedQuery("SELECT * FROM merchants_to_release($1, $2, $3)")
        .execute(Tuple.of(after, Limits.RELEASE_LOOK, Limits.RELEASE_MERCHANTS))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Look(List.of(row.getArrayOfStrings(0)), row.getString(1));
            });
  }

  /**
   * The oldest open departures of each merchant that are to be decided anew.
   *
   * @param after by merchant, the credit after which to go on
   * @param limit departures of one merchant
   */
  Future<List<OpenDeparture>> departures(
      List<MerchantRoute> routes, Map<String, Long> after, int limit) {
    return pool.preparedQuery("SELECT * FROM departures_to_release($1, $2, $3, $4)")
        .execute(
            Tuple.tuple()
                .addArrayOfString(
                    routes.stream().map(MerchantRoute::merchantId).toArray(String[]::new))
                .addArrayOfInteger(
                    routes.stream().map(MerchantRoute::version).toArray(Integer[]::new))
                .addArrayOfLong(
                    routes.stream()
                        .map(route -> after.getOrDefault(route.merchantId(), 0L))
                        .toArray(Long[]::new))
                .addInteger(limit))
        .map(
            rows -> {
              List<OpenDeparture> departures = new ArrayList<>(rows.size());
              rows.forEach(row -> departures.add(departure(row)));
              return departures;
            });
  }

  private static OpenDeparture departure(Row row) {
    return new OpenDeparture(
        row.getLong("credit_id"),
        row.getInteger("exception_no"),
        row.getInteger("attempt"),
        !row.getString("kind").equals("HELD"),
        Reason.valueOf(row.getString("reason")),
        row.getString("merchant_id"),
        row.getString("terminal_id"),
        row.getLong("amount_minor"),
        row.getString("currency"),
        row.getString("rail"),
        row.getLong("account_id"),
        row.getBoolean("ordered"),
        Boolean.TRUE.equals(row.getBoolean("again")),
        row.getInteger("refusals"));
  }

  /**
   * What a release did.
   *
   * @param verdicts those by which a credit went on
   * @param batches where it did
   */
  record Released(List<Verdict> verdicts, List<Batch> batches) {}

  /** Writes what was decided; what another node has in hand or has decided is left alone. */
  Future<Released> release(ReleasePlan plan) {
    List<Verdict> verdicts = plan.verdicts();
    List<Group> groups =
        verdicts.stream().map(ReleaseStore::group).filter(g -> g != null).distinct().toList();
    return pool.preparedQuery(RELEASE)
        .execute(parameters(verdicts, groups))
        .map(rows -> released(rows.iterator().next(), verdicts, groups));
  }

  private Tuple parameters(List<Verdict> verdicts, List<Group> groups) {
    return Tuple.tuple()
        .addLong(owner)
        .addArrayOfString(groups.stream().map(Group::rail).toArray(String[]::new))
        .addArrayOfString(groups.stream().map(Group::currency).toArray(String[]::new))
        .addArrayOfLong(longs(verdicts, v -> v.departure().creditId()))
        .addArrayOfInteger(integers(verdicts, v -> v.departure().no()))
        .addArrayOfInteger(
            integers(verdicts, v -> v.route() == null ? null : groups.indexOf(group(v)) + 1))
        .addArrayOfLong(longs(verdicts, v -> v.route() == null ? null : v.route().accountId()))
        .addArrayOfInteger(integers(verdicts, Verdict::version))
        .addArrayOfString(verdicts.stream().map(v -> v.reason().name()).toArray(String[]::new))
        .addArrayOfOffsetDateTime(
            verdicts.stream()
                .map(v -> v.next() == null ? null : v.next().atOffset(ZoneOffset.UTC))
                .toArray(OffsetDateTime[]::new));
  }

  private static @Nullable Group group(Verdict verdict) {
    Routed route = verdict.route();
    return route == null ? null : new Group(route.rail(), verdict.departure().currency(), null);
  }

  private static @Nullable Long[] longs(
      List<Verdict> verdicts, Function<Verdict, @Nullable Long> of) {
    return verdicts.stream().map(of).toArray(Long[]::new);
  }

  private static @Nullable Integer[] integers(
      List<Verdict> verdicts, Function<Verdict, @Nullable Integer> of) {
    return verdicts.stream().map(of).toArray(Integer[]::new);
  }

  private static Released released(Row row, List<Verdict> verdicts, List<Group> groups) {
    List<Verdict> went = new ArrayList<>();
    List<List<BatchMember>> members = new ArrayList<>();
    groups.forEach(group -> members.add(new ArrayList<>()));
    // The database names places in any order; batches are made in order of age.
    java.util.Arrays.stream(row.getArrayOfIntegers("o_released"))
        .sorted()
        .map(place -> verdicts.get(place - 1))
        .forEach(
            verdict -> {
              went.add(verdict);
              Routed route = verdict.route();
              if (route != null) {
                members.get(groups.indexOf(group(verdict))).add(member(verdict.departure(), route));
              }
            });
    Long[] ids = row.getArrayOfLongs("o_batches");
    List<Batch> batches = new ArrayList<>();
    for (int g = 0; ids != null && g < ids.length; g++) {
      if (ids[g] != null) {
        batches.add(batch(ids[g], groups.get(g), members.get(g)));
      }
    }
    return new Released(went, batches);
  }

  private static Batch batch(long id, Group group, List<BatchMember> members) {
    return Batch.recorded(id, group.rail(), group.currency(), Instant.now(), members);
  }

  private static BatchMember member(OpenDeparture departure, Routed route) {
    return new BatchMember(
        departure.creditId(),
        departure.attempt() + 1,
        departure.merchantId(),
        departure.terminalId(),
        departure.amountMinor(),
        route.accountId(),
        route.version());
  }
}
