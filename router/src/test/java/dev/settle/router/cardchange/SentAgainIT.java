package dev.settle.router.cardchange;

import static dev.settle.router.cardchange.Applications.approve;
import static dev.settle.router.cardchange.Applications.awaitState;
import static dev.settle.router.cardchange.Applications.card;
import static dev.settle.router.cardchange.Applications.changed;
import static dev.settle.router.cardchange.Applications.get;
import static dev.settle.router.cardchange.Applications.profile;
import static dev.settle.router.cardchange.Applications.reject;
import static dev.settle.router.cardchange.Applications.submit;
import static dev.settle.router.cardchange.Applications.submitted;
import static dev.settle.router.cardchange.Applications.verified;
import static dev.settle.router.cardchange.Applications.withdraw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.testing.Api;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whoever lost the answer sends the same again, and is told what came of it. */
@ExtendWith(InvariantsHold.class)
class SentAgainIT {

  @Test
  void the_same_application_by_the_same_maker_is_the_one_that_was_taken(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String lost =
        Applications.of(
            1,
            card(1),
            "LOST_CARD",
            ",\"effectiveFrom\":\"" + Instant.now().plusSeconds(3_600) + "\"");
    String id = submitted(api, 1, lost);

    Api.Answer again = submit(api, 1, lost);

    assertThat(again.status()).as(again.body()).isEqualTo(200);
    assertThat(again.json().path("cardChangeId").asText()).isEqualTo(id);
    assertThat(submit(api.as("adam"), 1, lost).status()).isEqualTo(409);
    assertThat(submit(api, 1, lost.replace("doc-1", "doc-9")).status()).isEqualTo(409);
    assertThat(submit(api, 1, lost.replace("LOST", "STOLEN")).status()).isEqualTo(409);
    assertThat(world.queryLong("SELECT count(*) FROM card_change")).isEqualTo(1);
    withdraw(api, id);
    assertThat(submitted(api, 1, lost)).as("after its end it is a new one").isNotEqualTo(id);
  }

  /** The report was about the card before. */
  @Test
  void a_report_that_is_sent_again_when_the_new_card_is_in_effect_does_not_block_it(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String lost = Applications.of(1, card(1), "LOST_CARD", "");
    String id = changed(api, 1, lost).json().path("cardChangeId").asText();
    Api.Answer again = submit(api, 1, lost);
    assertThat(again.status()).as(again.body()).isEqualTo(200);
    assertThat(again.json().path("cardChangeId").asText()).isEqualTo(id);
    assertThat(profile(api, 1).at("/effective/accountStatus").asText()).isEqualTo("ACTIVE");
  }

  @Test
  void an_approval_sent_again_by_the_same_checker_is_answered_as_before(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String id = verified(api, 1, Applications.of(1, card(1)));
    Api.Answer first = approve(api, id);
    Api.Answer again = approve(api, id);
    assertThat(again.status()).as(again.body()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(approve(api.as("carol"), id).status()).isEqualTo(409);
    assertThat(reject(api, id, "no").status()).isEqualTo(409);
    assertThat(get(api, id).path("history")).hasSize(5);
    changed(api, 1, Applications.of(1, card(2)));
    Api.Answer late = approve(api, id);
    assertThat(late.status()).isEqualTo(200);
    assertThat(late.json().path("state").asText()).isEqualTo("SUPERSEDED");
    assertThat(late.json().path("version").asInt()).isEqualTo(2);
    assertThat(api.metric("settlement_card_changes_total{state=\"APPROVED\"}")).isEqualTo(2);
  }

  @Test
  void a_scheduled_approval_sent_again_is_answered_as_before(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String from = ",\"effectiveFrom\":\"" + Instant.now().plusSeconds(3_600) + "\"";
    String id = verified(api, 1, Applications.of(1, card(1), "NEW_CARD", from));
    Api.Answer first = approve(api, id);
    assertThat(approve(api, id).body()).isEqualTo(first.body());
    assertThat(approve(api.as("carol"), id).status()).isEqualTo(409);
    assertThat(reject(api, id, "no").status()).isEqualTo(200);
    assertThat(approve(api, id).status()).isEqualTo(409);
  }

  @Test
  void a_rejection_or_withdrawal_sent_again_is_answered_as_before(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String rejected = verified(api, 1, Applications.of(1, card(1)));
    Api.Answer first = reject(api, rejected, "not readable");
    assertThat(first.status()).isEqualTo(200);
    assertThat(reject(api, rejected, "not readable").body()).isEqualTo(first.body());
    assertThat(reject(api, rejected, "another reason").status()).isEqualTo(409);
    assertThat(reject(api.as("carol"), rejected, "not readable").status()).isEqualTo(409);
    assertThat(approve(api, rejected).status()).isEqualTo(409);
    assertThat(withdraw(api, rejected).status()).isEqualTo(409);

    String taken = submitted(api, 1, Applications.of(1, card(2)));
    awaitState(api, taken, "VERIFIED");
    Api.Answer back = withdraw(api, taken);
    assertThat(back.status()).isEqualTo(200);
    assertThat(withdraw(api, taken).body()).isEqualTo(back.body());
    assertThat(withdraw(api.as("adam"), taken).status()).isEqualTo(403);
    assertThat(reject(api, taken, "no").status()).isEqualTo(409);
  }
}
