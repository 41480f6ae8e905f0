package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.invariant.Invariant;
import dev.settle.router.invariant.InvariantReport;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.BreaksInvariants;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.Seeds;
import dev.settle.router.testing.Traffic;
import dev.settle.router.testing.World;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Cards change while sales are claimed, made in the database alone and told to no node: what keeps
 * a sale from the old card is the fence, and the fence only.
 */
@ExtendWith(InvariantsHold.class)
class I3SupersededBindingIT {

  private static final int MERCHANTS = 4;
  private static final int CHANGES = 250;
  private static final int FEWER_CHANGES = 60;

  @Test
  void in_a_storm_of_card_changes_nothing_is_sent_to_a_superseded_card(World world)
      throws Exception {
    Api one = world.startNode();
    Api two = world.startNode();
    world.onboard(one, MERCHANTS);

    int sales = storm(world, List.of(one, two), CHANGES, Seeds.of(this));

    world.settle();
    InvariantReport report = world.verify();
    assertThat(report.posted().credits()).isEqualTo(sales);
    assertThat(world.queryLong("SELECT count(*) FROM credit_exception WHERE kind = 'REROUTED'"))
        .as("credits caught at the fence")
        .isPositive();
    assertThat(world.queryLong("SELECT count(*) FROM credit_exception WHERE kind <> 'REROUTED'"))
        .isZero();
  }

  @Test
  @BreaksInvariants
  void without_the_fence_the_check_turns_red(World world) throws Exception {
    Api one = world.startNode();
    Api two = world.startNode();
    world.onboard(one, MERCHANTS);
    unfence(world);

    storm(world, List.of(one, two), FEWER_CHANGES, Seeds.of(this));

    world.settle();
    Awaitility.await("the nodes see it themselves")
        .until(() -> superseded(one) + superseded(two) > 0);
    InvariantReport report = world.verify();
    assertThat(report.holds(Invariant.I3)).isFalse();
    assertThat(report.holds(Invariant.I2)).isTrue();
    assertThat(report.holds(Invariant.I5)).isTrue();
  }

  @Test
  @BreaksInvariants
  void without_the_lock_the_version_check_alone_is_not_enough(World world) throws Exception {
    Api one = world.startNode();
    Api two = world.startNode();
    world.onboard(one, MERCHANTS);
    String claim = world.queryText("SELECT pg_get_functiondef('claim_batches'::regproc)");
    // A moment between the look at the version and the claim, as a busy machine gives.
    String unlocked =
        claim
            .replace("PERFORM pg_advisory_xact_lock_shared(7001, b.bucket)", "PERFORM b.bucket")
            .replace("WITH claimed AS (", "PERFORM pg_sleep(0.02);\n  WITH claimed AS (");
    assertThat(unlocked).contains("PERFORM b.bucket").contains("pg_sleep");
    world.execute(unlocked);

    storm(world, List.of(one, two), FEWER_CHANGES, Seeds.of(this));

    world.settle();
    assertThat(world.verify().holds(Invariant.I3)).isFalse();
  }

  @Test
  @BreaksInvariants
  void what_a_node_claimed_before_it_died_is_audited_by_another_and_counted_once(World world)
      throws Exception {
    Api one = world.startNode(1);
    world.onboard(one, 1);
    one.sell(Documents.saleJson(1, 1));
    world.settle();
    unfence(world);
    world.silenceRouteChanges();
    long second = world.addAccount(1, "6222029000000019001");
    world.bind("M000001", "", second);
    try (Connection audit = world.connect();
        Statement lock = audit.createStatement()) {
      audit.setAutoCommit(false);
      lock.execute("SELECT FROM fence_audit FOR UPDATE");
      one.sell(Documents.saleJson(1, 2));
      world.settle();
      world.kill(0);
      audit.rollback();
    }

    Api two = world.startNode(1);
    Awaitility.await("another node sees it")
        .atMost(Duration.ofSeconds(30))
        .until(() -> superseded(two) > 0);

    Api three = world.startNode(1);
    three.sell(Documents.saleJson(1, 3));
    world.settle();
    Awaitility.await("the audit has gone on")
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                world.queryLong("SELECT audited FROM fence_audit")
                    >= world.queryLong("SELECT max(claim_no) FROM credit_batch"));
    assertThat(superseded(two) + superseded(three)).isEqualTo(1);
  }

  private static void unfence(World world) throws Exception {
    String claim = world.queryText("SELECT pg_get_functiondef('claim_batches'::regproc)");
    String unfenced =
        claim.replace("WHERE m.route_version IS DISTINCT FROM p.version", "WHERE false");
    assertThat(unfenced).isNotEqualTo(claim);
    world.execute(unfenced);
  }

  private static double superseded(Api api) {
    return api.metric("settlement_superseded_dispatch_total");
  }

  /** Sales made while cards change, 50 a second, back and forth between two of each merchant. */
  private static int storm(World world, List<Api> nodes, int count, long seed) throws Exception {
    long[][] cards = new long[MERCHANTS + 1][];
    for (int m = 1; m <= MERCHANTS; m++) {
      String second = String.format("6222029%08d9%03d", m, m);
      cards[m] = new long[] {world.accountOf(m), world.addAccount(m, second)};
    }
    world.silenceRouteChanges();
    Random random = new Random(seed);
    Traffic traffic = Traffic.start(nodes, MERCHANTS, 3, 15, seed);
    for (int change = 0; change < count; change++) {
      int m = 1 + random.nextInt(MERCHANTS);
      long card = cards[m][random.nextInt(2)];
      world.bind(World.merchantId(m), "", card);
      TimeUnit.MILLISECONDS.sleep(random.nextInt(30));
    }
    traffic.stop();
    return traffic.sales();
  }

  @Test
  void a_credit_caught_at_the_fence_arrives_at_the_new_card_and_its_history_says_why(World world)
      throws Exception {
    Api one = world.startNode();
    Api two = world.startNode();
    world.onboard(one, 2);
    // Both nodes know the first card now.
    one.sell(Documents.saleJson(1, 1));
    two.sell(Documents.saleJson(1, 2));
    world.settle();
    world.silenceRouteChanges();
    long second = world.addAccount(1, "6222029000000019001");
    world.bind("M000001", "", second);

    List<JsonNode> answers =
        two.sellBulk(List.of(Documents.saleJson(1, 3), Documents.saleJson(2, 4)));
    world.settle();

    String moved = answers.get(0).path("creditId").asText();
    JsonNode credit = one.get("/v1/credits/" + moved, Role.AUDITOR).json();
    assertThat(credit.path("status").asText()).isEqualTo("POSTED");
    assertThat(credit.path("bindingVersion").asInt()).isEqualTo(2);
    assertThat(credit.path("account").path("last4").asText()).isEqualTo("9001");
    assertThat(credit.path("history").findValuesAsText("fact"))
        .containsExactly("RECORDED", "REROUTED", "SENT", "POSTED");
    assertThat(credit.path("history").get(1).path("reason").asText())
        .isEqualTo("BINDING_SUPERSEDED");
    assertThat(credit.path("history").get(2).path("endToEndId").asText()).isEqualTo(moved + "-2");
    assertThat(world.booked())
        .filteredOn(booking -> booking.endToEndId().startsWith(moved))
        .singleElement()
        .satisfies(booking -> assertThat(booking.account()).isEqualTo("6222029000000019001"));
    String neighbour = answers.get(1).path("creditId").asText();
    JsonNode untouched = one.get("/v1/credits/" + neighbour, Role.AUDITOR).json();
    assertThat(untouched.path("history").findValuesAsText("fact"))
        .containsExactly("RECORDED", "SENT", "POSTED");
  }

  @Test
  void a_terminal_with_a_card_of_its_own_is_paid_there_and_the_others_are_not(World world)
      throws Exception {
    Api api = world.startNode();
    world.onboard(api, 1);
    world.execute("INSERT INTO terminal VALUES ('M000001', 'T0000099')");
    long own = world.addAccount(1, "6222029000000019001");
    world.bind("M000001", "T0000099", own);
    var sale = Documents.sale(1, 1);
    sale.put("terminalId", "T0000099");

    api.sell(Documents.json(sale));
    api.sell(Documents.saleJson(1, 2));
    world.settle();

    assertThat(world.booked())
        .extracting(booking -> booking.account())
        .containsExactlyInAnyOrder("6222029000000019001", Documents.cardOf(1));
  }
}
