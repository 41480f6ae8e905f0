package dev.settle.router.notification;

import static dev.settle.router.testing.SignedNotices.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.rail.RailCapabilities;
import dev.settle.router.rail.sandbox.SandboxConnector;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.SignedNotices;
import dev.settle.router.testing.World;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a bank reports of a transfer that carried several credits to one account. */
@ExtendWith(InvariantsHold.class)
class TransferOfSeveralIT {

  private Api api;
  private SignedNotices bank;
  private List<String> credits;
  private String id;

  /** Three credits in one commit, and so in one transfer, posted. */
  private void posted(World world) throws Exception {
    RailCapabilities usual = SandboxConnector.CAPABILITIES;
    RailCapabilities together =
        new RailCapabilities(
            usual.bulkSize(),
            usual.enquiryBulk(),
            true,
            usual.neverReceivedAfter(),
            true,
            Duration.ZERO,
            usual.normalTime(),
            true,
            usual.currencies(),
            usual.banks(),
            usual.largestMinor(),
            null);
    world.rails(
        (vertx, settings, metrics) ->
            List.of(
                new SandboxConnector(
                    SandboxConnector.NAME,
                    together,
                    vertx,
                    settings.sandboxRail(),
                    metrics,
                    Duration.ofSeconds(5))));
    api = world.startNode(1);
    world.onboard(api, 1);
    bank = new SignedNotices(api, world);
    for (int stan = 1; !together(world, stan); stan += 3) {
      assertThat(stan).as("sales that were sent apart").isLessThan(100);
    }
  }

  /** Whether three sales came into one commit. */
  private boolean together(World world, int stan) throws Exception {
    credits =
        api
            .sellBulk(
                List.of(
                    Documents.saleJson(1, stan),
                    Documents.saleJson(1, stan + 1),
                    Documents.saleJson(1, stan + 2)))
            .stream()
            .map(line -> line.path("creditId").asText())
            .toList();
    world.settle();
    id = sentAs(0);
    assertThat(id).startsWith("B");
    return sentAs(1).equals(id) && sentAs(2).equals(id);
  }

  private String sentAs(int n) {
    return credit(n).path("history").path(1).path("endToEndId").asText();
  }

  private JsonNode credit(int n) {
    return api.get("/v1/credits/" + credits.get(n), Role.AUDITOR).json();
  }

  private long amount(int n) {
    return credit(n).path("amountMinor").asLong();
  }

  private long whole() {
    return amount(0) + amount(1) + amount(2);
  }

  @Test
  void what_comes_back_of_it_comes_from_the_newest(World world) throws Exception {
    posted(world);

    assertThat(bank.outcome(body("returned", id, amount(2) + 1, "BOOK", "MS03")))
        .isEqualTo("200 APPLIED");

    assertThat(credit(0).path("postedMinor").asLong()).isEqualTo(amount(0));
    assertThat(credit(1).path("postedMinor").asLong()).isEqualTo(amount(1) - 1);
    assertThat(credit(2).path("status").asText()).isEqualTo("RETURNED");
    assertThat(bank.outcome(body("posted", id, whole(), "BOOK", ""))).isEqualTo("200 KNOWN");
    // The single credits were never sent under ids of their own.
    assertThat(bank.outcome(body("posted", credits.get(0) + "-1", amount(0), "BOOK", "")))
        .isEqualTo("202 UNKNOWN");
  }

  @Test
  void all_of_it_may_come_back(World world) throws Exception {
    posted(world);

    assertThat(bank.outcome(body("returned", id, whole(), "PDNG", "AC04")))
        .isEqualTo("200 APPLIED");
    assertThat(bank.outcome(body("returned", id, whole(), "BOOK", "AC04")))
        .isEqualTo("200 APPLIED");

    for (int n = 0; n < 3; n++) {
      assertThat(credit(n).path("status").asText()).isEqualTo("RETURNED");
    }
    assertThat(world.queryText("SELECT status FROM account")).isEqualTo("CLOSED");
  }

  @Test
  void a_part_of_what_was_posted_whole_is_for_a_person(World world) throws Exception {
    posted(world);

    assertThat(bank.outcome(body("partial", id, amount(0), "BOOK", ""))).isEqualTo("200 BREAK");
    assertThat(bank.outcome(body("partial", id, whole() + 1, "BOOK", ""))).isEqualTo("200 BREAK");

    assertThat(world.queryText("SELECT string_agg(kind, ' ') FROM settlement_break"))
        .isEqualTo("AMOUNT_DIFFERENT");
    assertThat(credit(2).path("status").asText()).isEqualTo("POSTED");
  }
}
