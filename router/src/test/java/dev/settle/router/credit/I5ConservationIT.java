package dev.settle.router.credit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.binding.AccountStatus;
import dev.settle.router.binding.BindingStore;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.Seeds;
import dev.settle.router.testing.Traffic;
import dev.settle.router.testing.World;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class I5ConservationIT {

  private static final int MERCHANTS = 12;
  private static final List<String> REFUSED_ENDINGS =
      List.of("0004", "0006", "0015", "0001", "0002");

  /** Every credit by its standing against every open item, in one statement, so in one snapshot. */
  private static final String RAW_DELTAS =
      """
      WITH standing AS MATERIALIZED (SELECT currency, amount_minor, posted_minor, status FROM credit_standing)
      SELECT count(*) FROM (
        SELECT currency FROM (
          SELECT currency, amount_minor - posted_minor AS minor FROM standing
          UNION ALL SELECT currency, -amount_minor FROM unposted) d
        GROUP BY currency HAVING sum(minor) <> 0
        UNION ALL
        SELECT currency FROM standing WHERE status IS NULL OR posted_minor NOT IN (0, amount_minor)) broken
      """;

  @Test
  void accepted_is_posted_and_unposted_in_every_snapshot_of_mixed_traffic(World world)
      throws Exception {
    long seed = Seeds.of(this);
    Random random = new Random(seed);
    Api one = world.startNode();
    Api two = world.startNode();
    onboardWithRefusals(world, one);
    long[] accounts = new long[3];
    for (int n = 1; n <= 3; n++) {
      accounts[n - 1] = world.accountOf(n);
    }
    BindingStore changes = world.bindings();
    UnpostedStore gauges = new UnpostedStore(world.pool());
    // Two merchants more than are onboarded: their sales are held.
    Traffic traffic = Traffic.start(List.of(one, two), MERCHANTS + 2, 2, 20, seed);

    int open = 0;
    for (int sample = 0; sample < 60; sample++) {
      AccountStatus status = random.nextBoolean() ? AccountStatus.ACTIVE : AccountStatus.FROZEN;
      World.await(changes.setStatus(accounts[random.nextInt(3)], status, "test", "test"));
      Map<String, Long> deltas = World.await(gauges.book()).deltas();
      assertThat(deltas.values())
          .as("control totals, sample " + sample)
          .allMatch(delta -> delta == 0);
      assertThat(world.queryLong(RAW_DELTAS)).as("raw rows, sample " + sample).isZero();
      open += world.queryLong("SELECT count(*) FROM unposted") > 0 ? 1 : 0;
    }
    traffic.stop();
    world.settle();

    assertThat(open).as("snapshots with something unposted").isPositive();
    var report = world.verify();
    assertThat(report.accepted().credits()).isEqualTo(traffic.sales());
    assertThat(report.conservationDeltas().values()).containsOnly(0L);
    assertThat(report.unpostedByReason().keySet())
        .contains(
            "UNKNOWN_MERCHANT",
            "ACCOUNT_FROZEN",
            "ACCOUNT_CLOSED",
            "BINDING_STALE",
            "NAME_MISMATCH",
            "LIMIT_EXCEEDED");
  }

  private static void onboardWithRefusals(World world, Api api) {
    StringBuilder lines = new StringBuilder();
    for (int n = 1; n <= MERCHANTS; n++) {
      String number =
          n <= MERCHANTS - REFUSED_ENDINGS.size()
              ? Documents.cardOf(n)
              : "622202100000" + n % 10 + REFUSED_ENDINGS.get(MERCHANTS - n);
      lines.append(Documents.merchant(n, number)).append('\n');
    }
    assertThat(api.onboardBulk(lines.toString()))
        .allSatisfy(line -> assertThat(line.path("outcome").asText()).isEqualTo("ONBOARDED"));
  }

  @Test
  void two_currencies_are_never_added_to_one_another(World world) throws Exception {
    Api api = world.startNode();
    world.onboard(api, 1);
    for (int stan = 0; stan < 40; stan++) {
      Map<String, Object> sale = Documents.sale(1, stan);
      sale.put("currency", stan % 2 == 0 ? "CNY" : "USD");
      sale.put("amountMinor", stan % 2 == 0 ? 100L : 3L);
      assertThat(api.sell(Documents.json(sale)).status()).isEqualTo(201);
    }
    world.settle();

    assertThat(world.verify().posted().byCurrency()).isEqualTo(Map.of("CNY", 2_000L, "USD", 60L));
  }

  @Test
  void the_rule_of_standing_names_every_state_a_credit_can_be_in(World world) throws Exception {
    var states = new TreeSet<String>();
    for (BatchState state : BatchState.values()) {
      states.add(state.name());
    }
    String inCheck =
        world.queryText(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'credit_batch'::regclass"
                + " AND pg_get_constraintdef(oid) LIKE '%UNROUTED%POSTED%'");
    assertThat(states).allSatisfy(state -> assertThat(inCheck).contains("'" + state + "'"));
    assertThat(
            world.queryText(
                "SELECT string_agg(DISTINCT batch_state, ',' ORDER BY batch_state) FROM standing_rule"))
        .isEqualTo(String.join(",", states));

    // What goes on in another batch has no departure there; REROUTED is always gone on. CONFIRMED
    // is
    // always closed, as PAID.
    List<String> departures =
        List.of("NONE", "HELD", "PENDING", "DOUBT", "REJECTED", "PARTIAL", "RETURNED", "PAID");
    for (BatchState state : BatchState.values()) {
      for (String departure : departures) {
        assertThat(
                world.queryLong(
                    "SELECT count(*) FROM standing_rule WHERE batch_state = '"
                        + state
                        + "' AND departure = '"
                        + departure
                        + "'"))
            .as(state + " " + departure)
            .isEqualTo(canBe(state, departure) ? 1 : 0);
      }
    }
    assertThat(
            world.queryLong(
                "SELECT count(*) FROM standing_rule WHERE departure NOT IN ('"
                    + String.join("','", departures)
                    + "')"))
        .isZero();
  }

  /** Held at acceptance or in the claim; all else a bank may say once it was sent. */
  private static boolean canBe(BatchState state, String departure) {
    return switch (departure) {
      case "NONE" -> state != BatchState.UNROUTED;
      case "HELD" -> state != BatchState.RECORDED;
      default -> state != BatchState.RECORDED && state != BatchState.UNROUTED;
    };
  }
}
