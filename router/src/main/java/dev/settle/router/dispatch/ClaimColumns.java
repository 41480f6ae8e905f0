package dev.settle.router.dispatch;

import dev.settle.router.credit.Batch;
import dev.settle.router.credit.BatchMember;
import dev.settle.router.dispatch.ClaimPlan.RouteVersion;
import dev.settle.router.routing.Decision.Routed;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A claim plan as columns, the shape in which {@code claim_batches} takes it. */
final class ClaimColumns {

  /**
   * Where credits go that leave: one new batch for each rail and currency, and for each account
   * that is sent apart.
   */
  record Group(String rail, String currency, @Nullable Long apart) {}

  private final ClaimPlan plan;
  private final List<Group> groups = new ArrayList<>();
  private final Map<Group, Integer> indexes = new HashMap<>();
  private final List<List<Departure>> ofGroup = new ArrayList<>();
  private final @Nullable Integer[] groupOf;

  ClaimColumns(ClaimPlan plan) {
    this.plan = plan;
    this.groupOf = new Integer[plan.leaving().size()];
    for (int i = 0; i < groupOf.length; i++) {
      Departure departure = plan.leaving().get(i);
      if (departure.decision() instanceof Routed routed) {
        String currency = departure.item().batch().currency();
        groupOf[i] = put(new Group(routed.rail(), currency, departure.apart()), departure);
      }
    }
  }

  private int put(Group group, Departure departure) {
    int index =
        indexes.computeIfAbsent(
            group,
            other -> {
              groups.add(other);
              ofGroup.add(new ArrayList<>());
              return groups.size() - 1;
            });
    ofGroup.get(index).add(departure);
    return index + 1;
  }

  List<Group> groups() {
    return groups;
  }

  /** The departures that go to the group at {@code index}, from 0. */
  List<Departure> departuresTo(int index) {
    return ofGroup.get(index);
  }

  Tuple parameters(long owner, boolean onePerAccount) {
    List<Batch> batches = plan.consignment().batches();
    List<RouteVersion> versions = List.copyOf(plan.versions());
    List<Departure> leaving = plan.leaving();
    List<BatchMember> members = leaving.stream().map(d -> d.item().member()).toList();
    return Tuple.tuple()
        .addLong(owner)
        .addArrayOfLong(batches.stream().map(Batch::batchId).toArray(Long[]::new))
        .addArrayOfInteger(batches.stream().map(Batch::epoch).toArray(Integer[]::new))
        .addArrayOfString(versions.stream().map(RouteVersion::merchantId).toArray(String[]::new))
        .addArrayOfInteger(versions.stream().map(RouteVersion::version).toArray(Integer[]::new))
        .addArrayOfString(groups.stream().map(Group::rail).toArray(String[]::new))
        .addArrayOfString(groups.stream().map(Group::currency).toArray(String[]::new))
        .addArrayOfLong(members.stream().map(BatchMember::creditId).toArray(Long[]::new))
        .addArrayOfInteger(members.stream().map(BatchMember::attempt).toArray(Integer[]::new))
        .addArrayOfLong(leaving.stream().map(d -> d.item().batch().batchId()).toArray(Long[]::new))
        .addArrayOfString(members.stream().map(BatchMember::merchantId).toArray(String[]::new))
        .addArrayOfLong(members.stream().map(BatchMember::amountMinor).toArray(Long[]::new))
        .addArrayOfString(
            leaving.stream().map(d -> d.item().batch().currency()).toArray(String[]::new))
        .addArrayOfString(leaving.stream().map(d -> d.reason().name()).toArray(String[]::new))
        .addArrayOfInteger(groupOf)
        .addArrayOfLong(leaving.stream().map(ClaimColumns::account).toArray(Long[]::new))
        .addArrayOfInteger(
            leaving.stream().map(d -> d.decision().version()).toArray(Integer[]::new))
        .addBoolean(onePerAccount);
  }

  private static @Nullable Long account(Departure departure) {
    return departure.decision() instanceof Routed routed ? routed.accountId() : null;
  }
}
