package dev.settle.router.dispatch;

import dev.settle.router.credit.Batch;
import dev.settle.router.credit.BatchMember;
import dev.settle.router.dispatch.ClaimColumns.Group;
import dev.settle.router.dispatch.ReleasePlan.Verdict;
import dev.settle.router.dispatch.ReleaseStore.Released;
import dev.settle.router.routing.Decision.Routed;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Verdicts as the arrays that {@code release_credits} takes, and what it answers read back. */
final class ReleaseColumns {

  private final List<Verdict> verdicts;

  /** Where credits go on: a batch for each. */
  private final List<Group> groups;

  ReleaseColumns(List<Verdict> verdicts) {
    this.verdicts = verdicts;
    this.groups =
        verdicts.stream().map(ReleaseColumns::group).filter(g -> g != null).distinct().toList();
  }

  /** Adds the parameters from {@code p_rails} to {@code p_next}. */
  Tuple addTo(Tuple parameters) {
    return parameters
        .addArrayOfString(groups.stream().map(Group::rail).toArray(String[]::new))
        .addArrayOfString(groups.stream().map(Group::currency).toArray(String[]::new))
        .addArrayOfLong(longs(v -> v.departure().creditId()))
        .addArrayOfInteger(integers(v -> v.departure().no()))
        .addArrayOfInteger(integers(v -> v.route() == null ? null : groups.indexOf(group(v)) + 1))
        .addArrayOfLong(longs(v -> v.route() == null ? null : v.route().accountId()))
        .addArrayOfInteger(integers(Verdict::version))
        .addArrayOfString(verdicts.stream().map(v -> v.reason().name()).toArray(String[]::new))
        .addArrayOfOffsetDateTime(
            verdicts.stream()
                .map(v -> v.next() == null ? null : v.next().atOffset(ZoneOffset.UTC))
                .toArray(OffsetDateTime[]::new));
  }

  private @Nullable Long[] longs(Function<Verdict, @Nullable Long> of) {
    return verdicts.stream().map(of).toArray(Long[]::new);
  }

  private @Nullable Integer[] integers(Function<Verdict, @Nullable Integer> of) {
    return verdicts.stream().map(of).toArray(Integer[]::new);
  }

  private static @Nullable Group group(Verdict verdict) {
    Routed route = verdict.route();
    return route == null ? null : new Group(route.rail(), verdict.departure().currency(), null);
  }

  /** What {@code o_released} and {@code o_batches} of the answer say. */
  Released released(Row row) {
    List<Verdict> went = new ArrayList<>();
    List<List<BatchMember>> members = new ArrayList<>();
    groups.forEach(group -> members.add(new ArrayList<>()));
    // The database names places in any order; batches are made in order of age.
    Arrays.stream(row.getArrayOfIntegers("o_released"))
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
