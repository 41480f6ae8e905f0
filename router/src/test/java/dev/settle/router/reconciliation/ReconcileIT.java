package dev.settle.router.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.credit.EndToEndId;
import dev.settle.router.platform.Limits;
import dev.settle.router.rail.RailCapabilities;
import dev.settle.router.rail.sandbox.SandboxConnector;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.BreaksInvariants;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.Seeds;
import dev.settle.router.testing.World;
import java.io.StringWriter;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reconciliation finds what is planted, of each kind, and nothing else. */
@ExtendWith(InvariantsHold.class)
class ReconcileIT {

  private static final int MERCHANTS = 8;

  /** Closed at the bank: refused with AC04. */
  private static final String CLOSED_CARD = "6222021000000090004";

  private static void sell(World world, boolean aggregated, int sales) throws Exception {
    if (aggregated) {
      world.rails(
          (vertx, settings, metrics) ->
              List.of(
                  new SandboxConnector(
                      "sandbox",
                      onePerAccount(),
                      vertx,
                      settings.sandboxRail(),
                      metrics,
                      Limits.BANK_ANSWER)));
    }
    Api api = world.startNode(1);
    world.onboard(api, MERCHANTS);
    api.onboardBulk(Documents.merchant(9, CLOSED_CARD) + "\n");
    List<String> lines = new ArrayList<>();
    for (int stan = 1; stan <= sales; stan++) {
      lines.add(Documents.saleJson(1 + stan % (MERCHANTS + 1), stan));
    }
    api.sellBulk(lines);
    world.settle();
    world.stop(0);
  }

  private static RailCapabilities onePerAccount() {
    RailCapabilities can = SandboxConnector.CAPABILITIES;
    return new RailCapabilities(
        can.bulkSize(),
        can.enquiryBulk(),
        can.idempotentResend(),
        can.neverReceivedAfter(),
        true,
        can.accountSpacing(),
        can.normalTime(),
        can.verifiesAccounts(),
        can.currencies(),
        can.banks(),
        can.largestMinor(),
        can.cutOff());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void books_that_agree_have_no_difference(boolean aggregated, World world) throws Exception {
    sell(world, aggregated, 60);

    Reconciled run = Reconciled.run(world);

    assertThat(run.exit()).as(run.out() + run.err()).isZero();
    assertThat(run.found()).isEmpty();
    assertThat(run.csv()).hasSize(1);
    long transfers = world.booked().size();
    assertThat(run.json().path("matched").path("count").asLong()).isEqualTo(transfers).isPositive();
    assertThat(run.json().path("matched").path("amountMinor").path("CNY").asLong())
        .isEqualTo(world.booked().stream().mapToLong(b -> b.amountMinor()).sum());
    assertThat(run.json().path("open").path("count").asLong()).isZero();
    assertThat(run.out()).contains("no differences");
    assertThat(world.queryLong("SELECT count(*) FROM settlement_break")).isZero();
  }

  @Test
  @BreaksInvariants
  void planted_differences_of_each_kind_are_found_and_nothing_else(World world) throws Exception {
    sell(world, false, 60);
    Plants plants = new Plants(world);
    plants.backdate();
    List<String> booked = plants.booked();
    plants.bankForgets(booked.get(0));
    plants.bankBooksOtherAmount(booked.get(1), 1);
    plants.bankBooksOtherAmount(booked.get(2), -1);
    plants.bankBooksOtherCurrency(booked.get(3));
    plants.bankBooksToOtherAccount(booked.get(4));
    plants.bankBooksUnasked("=HYPERLINK(\"x\"),1");
    plants.bankBooksUnasked(booked.get(5).replace("-1", "-2"));
    plants.bankReturnsUntold(booked.get(6), 5);
    plants.statementRepeats(booked.get(7));
    String refused =
        world.queryText("SELECT min(credit_id) FROM credit_exception WHERE kind = 'REJECTED'");
    plants.bankBooksUnasked(new EndToEndId.OfCredit(Long.parseLong(refused), 1).text());
    changeOurAmount(world, plants, booked.get(8));
    returnHere(world, plants, booked.get(9));

    Reconciled run = Reconciled.run(world);

    assertThat(run.found()).isEqualTo(plants.planted());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.csv()).hasSize(1 + plants.planted().size());
    assertThat(run.csv()).anyMatch(line -> line.contains(",\"'=HYPERLINK(\"\"x\"\"),1\","));
    assertThat(run.out() + run.err() + run.json() + run.csv()).doesNotContain("6222");
    assertThat(run.difference(booked.get(0)).path("owner").asText()).isEqualTo("RAIL");
    assertThat(run.difference(booked.get(0)).path("creditIds")).hasSize(1);
    assertThat(run.difference(booked.get(1)).path("owner").asText()).isEqualTo("TREASURY");
    assertThat(run.difference(booked.get(2)).path("owner").asText()).isEqualTo("RAIL");
    assertThat(run.difference(booked.get(4)).path("owner").asText()).isEqualTo("COMPLIANCE");
    assertThat(breaks(world)).isEqualTo(breakNames(plants.planted()));
    assertThat(
            world.queryLong(
                "SELECT count(*) FROM settlement_break WHERE source <> 'RECONCILIATION'"))
        .isZero();
  }

  private static TreeSet<String> breakNames(TreeSet<String> differences) {
    TreeSet<String> names = new TreeSet<>();
    differences.forEach(text -> names.add(text.replace(" CREDIT ", " ").replace(" RETURN ", " ")));
    return names;
  }

  private static TreeSet<String> breaks(World world) throws Exception {
    return new TreeSet<>(
        world
            .queryText(
                "SELECT string_agg(kind || ' ' || end_to_end_id, chr(10)) FROM settlement_break")
            .lines()
            .toList());
  }

  private static void changeOurAmount(World world, Plants plants, String id) throws Exception {
    long credit = ((EndToEndId.OfCredit) EndToEndId.parse(id).orElseThrow()).creditId();
    world.execute("UPDATE credit SET amount_minor = amount_minor + 9 WHERE credit_id = " + credit);
    plants.planted().add("AMOUNT_DIFFERENT CREDIT " + id);
  }

  /** Our book has the money as come back, the bank never booked it. */
  private static void returnHere(World world, Plants plants, String id) throws Exception {
    long credit = ((EndToEndId.OfCredit) EndToEndId.parse(id).orElseThrow()).creditId();
    world.execute(
        "SELECT * FROM bank_says('sandbox', 'test', 'NOTIFICATION', ARRAY['"
            + id
            + "'], ARRAY["
            + credit
            + "], ARRAY[1], ARRAY['RETURNED'], ARRAY[NULL::bigint], ARRAY[NULL::bigint], ARRAY['ACCOUNT_CLOSED'], ARRAY['AC04'],"
            + " ARRAY[true], ARRAY[NULL::integer], ARRAY[NULL::integer], ARRAY[NULL::integer])");
    world.execute(
        "UPDATE credit_exception SET money_back_at = money_back_at - interval '1 hour'"
            + " WHERE kind = 'RETURNED'");
    plants.planted().add("MISSING_AT_BANK RETURN " + id);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @BreaksInvariants
  void whatever_is_planted_is_found_once_and_told_when_it_is_gone(boolean aggregated, World world)
      throws Exception {
    Random random = new Random(Seeds.of(this));
    sell(world, aggregated, 300);
    Plants plants = new Plants(world);
    plants.backdate();
    byte[] untouched = Files.readAllBytes(world.books());
    List<String> booked = new ArrayList<>(plants.booked());
    Collections.shuffle(booked, random);
    for (String id : booked.subList(0, Math.max(1, booked.size() / 2))) {
      plant(plants, id, random);
    }

    Reconciled first = Reconciled.run(world);
    Reconciled again = Reconciled.run(world);

    assertThat(first.found()).isEqualTo(plants.planted());
    assertThat(again.found()).isEqualTo(plants.planted());
    assertThat(breaks(world)).isEqualTo(breakNames(plants.planted()));
    assertThat(world.queryLong("SELECT count(*) FROM settlement_break"))
        .isEqualTo(breakNames(plants.planted()).size());

    Files.write(world.books(), untouched);
    Reconciled mended = Reconciled.run(world);

    assertThat(mended.exit()).as(mended.out()).isZero();
    assertThat(world.queryLong("SELECT count(*) FROM settlement_break WHERE closed_at IS NOT NULL"))
        .isZero();
    long unknown =
        plants.planted().stream().filter(text -> text.contains("MISSING_HERE CREDIT")).count();
    assertThat(mended.json().path("toBeClosed").path("count").asLong())
        .isEqualTo(breakNames(plants.planted()).size() - unknown);
  }

  private static void plant(Plants plants, String id, Random random) throws Exception {
    switch (random.nextInt(6)) {
      case 0 -> plants.bankForgets(id);
      case 1 -> plants.bankBooksOtherAmount(id, random.nextBoolean() ? 7 : 100);
      case 2 -> plants.bankBooksOtherCurrency(id);
      case 3 -> plants.bankBooksToOtherAccount(id);
      case 4 -> plants.bankBooksUnasked("X" + id);
      default -> plants.bankReturnsUntold(id, 3);
    }
  }

  @Test
  @BreaksInvariants
  void a_break_that_a_person_closed_is_not_opened_again_for_the_same_difference(World world)
      throws Exception {
    sell(world, false, 20);
    Plants plants = new Plants(world);
    plants.backdate();
    String id = plants.booked().get(0);
    plants.bankBooksOtherAmount(id, 5);
    Reconciled.run(world);
    world.execute("SELECT close_break(break_id, 'op', 'agreed') FROM settlement_break");

    assertThat(Reconciled.run(world).exit()).isEqualTo(1);
    assertThat(world.queryLong("SELECT count(*) FROM settlement_break")).isEqualTo(1);
    plants.bankBooksOtherAmount(id, 5);
    Reconciled.run(world);
    assertThat(world.queryLong("SELECT count(*) FROM settlement_break WHERE closed_at IS NULL"))
        .isEqualTo(1);
  }

  @Test
  @BreaksInvariants
  void what_is_on_its_way_or_fresh_is_open_and_no_difference(World world) throws Exception {
    sell(world, false, 20);
    Plants plants = new Plants(world);
    String fresh = plants.booked().get(0);
    plants.bankForgets(fresh);

    Reconciled run = Reconciled.run(world);

    assertThat(run.exit()).as(run.out()).isZero();
    assertThat(run.json().path("open").path("count").asLong()).isEqualTo(1);
    world.execute("UPDATE credit_batch SET state = 'IN_DOUBT', settled_at = NULL");
    run = Reconciled.run(world);
    assertThat(run.exit()).as(run.out()).isZero();
    assertThat(run.json().path("matched").path("count").asLong()).isZero();
    assertThat(run.json().path("open").path("count").asLong()).isEqualTo(world.booked().size() + 1);
  }

  @Test
  @BreaksInvariants
  void only_what_moved_in_the_window_is_compared_with_its_other_side_wherever_that_is(World world)
      throws Exception {
    sell(world, false, 20);
    Plants plants = new Plants(world);
    plants.backdate();
    String id = plants.booked().get(0);
    plants.bankForgets(id);
    Instant now = Instant.now();

    Reconciled later =
        Reconciled.run(world, "--since", now.minus(Duration.ofMinutes(30)).toString());
    Reconciled before =
        Reconciled.run(
            world,
            "--since",
            now.minus(Duration.ofDays(2)).toString(),
            "--until",
            now.minus(Duration.ofHours(3)).toString());

    assertThat(later.exit()).isZero();
    assertThat(before.exit()).isZero();
    assertThat(later.json().path("matched").path("count").asLong()).isZero();

    // Posted here two days after the bank booked it: asked about, and found out late.
    world.execute("UPDATE credit_batch SET settled_at = now() - interval '10 minutes'");
    Reconciled late =
        Reconciled.run(world, "--since", now.minus(Duration.ofMinutes(30)).toString());
    assertThat(late.found()).containsExactly("MISSING_AT_BANK CREDIT " + id);
    assertThat(late.json().path("matched").path("count").asLong()).isEqualTo(world.booked().size());
  }

  @Test
  void wrong_usage_is_one_line(World world) {
    for (List<String> wrong :
        List.of(
            List.of("--since", "2026-11-23T00:00:00Z"),
            List.of("--rail", "sandbox"),
            List.of("--rail", "sandbox", "--since", "yesterday"),
            List.of("--rail", "other", "--since", "2026-11-23T00:00:00Z"),
            List.of("--rail", "sandbox", "--since", "2999-01-01T00:00:00Z"),
            List.of(
                "--rail",
                "sandbox",
                "--since",
                "2026-11-23T00:00:00Z",
                "--until",
                "2026-11-22T00:00:00Z"))) {
      StringWriter err = new StringWriter();
      assertThat(Reconciled.command(world, new StringWriter(), err, wrong))
          .as("%s", wrong)
          .isEqualTo(2);
      assertThat(err.toString().lines()).as("%s", wrong).hasSize(1);
    }
  }
}
