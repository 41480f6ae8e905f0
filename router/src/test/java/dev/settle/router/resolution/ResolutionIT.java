package dev.settle.router.resolution;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.invariant.Witnesses.Booking;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.BankControl;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What nobody knows of for long is told by people, two of them. */
@ExtendWith(InvariantsHold.class)
class ResolutionIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String LETTER = "\"evidence\":\"letter of 2 December\"";

  private static JsonNode credit(Api api, String credit) {
    return api.get("/v1/credits/" + credit, Role.AUDITOR).json();
  }

  private static void await(Api api, String credit, String field, String value) {
    Awaitility.await(credit + " has the " + field + " " + value)
        .atMost(PATIENCE)
        .until(() -> credit(api, credit).path(field).asText().equals(value));
  }

  /** A credit that the bank was sent a day ago, and says nothing of. */
  private static String unknown(World world, Api api, String fault) throws Exception {
    new BankControl(world.bankPort()).faults("{\"" + fault + "\":1,\"enquiryErrorRate\":1}");
    String credit = api.sell(Documents.saleJson(1, 1)).json().path("creditId").asText();
    await(api, credit, "status", "IN_DOUBT");
    assertThat(propose(api, credit, "CREDITED", "").json().path("code").asText())
        .isEqualTo("transfer-being-sent");
    world.execute("UPDATE credit_batch SET claimed_at = claimed_at - interval '1 day'");
    await(api, credit, "reason", "DOUBT_UNRESOLVED");
    assertThat(code(propose(api, credit, "NOT_CREDITED", ""))).isEqualTo("409 transfer-too-young");
    world.execute("UPDATE credit_exception SET opened_at = opened_at - interval '1 day'");
    return credit;
  }

  private static Api.Answer propose(Api api, String credit, String says, String more) {
    return send(
        api.as("olga"),
        "/v1/rails/sandbox/transfers/" + credit + "-1/resolutions",
        Role.OPERATOR,
        "{\"says\":\"" + says + "\"," + more + LETTER + "}");
  }

  private static Api.Answer decide(Api api, String by, String resolution, String decision) {
    return send(api.as(by), "/v1/resolutions/" + resolution + "/" + decision, Role.CHECKER, "");
  }

  private static Api.Answer send(Api api, String path, Role role, String body) {
    return api.post(path, role, "application/json", body.getBytes(UTF_8));
  }

  private static String code(Api.Answer answer) {
    return answer.status() + " " + answer.json().path("code").asText();
  }

  private static JsonNode listed(Api api, boolean open) {
    return api.get("/v1/resolutions?open=" + open, Role.AUDITOR).json().path("resolutions");
  }

  @Test
  void what_was_never_credited_goes_on_under_a_new_id_when_two_say_so(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String credit = unknown(world, api, "dropBeforeBookingRate");

    Api.Answer proposed = propose(api, credit, "NOT_CREDITED", "");
    assertThat(proposed.status()).isEqualTo(201);
    String id = proposed.json().path("resolutionId").asText();
    assertThat(listed(api, true)).hasSize(1);
    assertThat(code(decide(api, "olga", id, "approve"))).isEqualTo("403 proposer-is-checker");
    assertThat(credit(api, credit).path("reason").asText()).isEqualTo("DOUBT_UNRESOLVED");

    Api.Answer approved = decide(api, "carl", id, "approve");
    assertThat(approved.status()).isEqualTo(200);
    assertThat(approved.json().path("state").asText()).isEqualTo("APPROVED");
    assertThat(approved.json().path("verdict").asText()).isEqualTo("APPLIED");
    assertThat(decide(api, "carl", id, "approve").body()).isEqualTo(approved.body());
    assertThat(code(decide(api, "dora", id, "approve"))).isEqualTo("409 resolution-decided");
    assertThat(code(decide(api, "carl", id, "reject"))).isEqualTo("409 resolution-decided");
    assertThat(listed(api, true)).isEmpty();
    assertThat(listed(api, false)).hasSize(1);
    new BankControl(world.bankPort()).faults("{}");

    await(api, credit, "status", "POSTED");
    assertThat(world.booked()).extracting(Booking::endToEndId).containsExactly(credit + "-2");
  }

  @Test
  void what_two_checkers_approve_at_once_is_posted_once(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String credit = unknown(world, api, "dropAfterBookingRate");
    String id = propose(api, credit, "CREDITED", "").json().path("resolutionId").asText();

    List<String> answers =
        Stream.of("carl", "dora")
            .map(
                by ->
                    CompletableFuture.supplyAsync(
                        () -> code(decide(api, by, id, "approve")).trim()))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .sorted()
            .toList();

    assertThat(answers).containsExactly("200", "409 resolution-decided");
    JsonNode posted = credit(api, credit);
    assertThat(posted.path("status").asText()).isEqualTo("POSTED");
    assertThat(posted.path("postedMinor")).isEqualTo(posted.path("amountMinor"));
    assertThat(code(propose(api, credit, "CREDITED", "")))
        .isEqualTo("409 transfer-not-in-question");
  }

  @Test
  void what_is_not_true_or_too_early_is_refused_and_rejected(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String credit = unknown(world, api, "dropAfterBookingRate");

    Api.Answer tooMuch = propose(api, credit, "CREDITED", "\"amountMinor\":999999999,");
    assertThat(tooMuch.status() + " " + tooMuch.json().path("field").asText())
        .isEqualTo("422 amountMinor");
    assertThat(propose(api, credit, "NOT_CREDITED", "\"amountMinor\":1,").status()).isEqualTo(422);
    assertThat(propose(api, credit, "LOST", "").json().path("field").asText()).isEqualTo("says");
    assertThat(propose(api, "C0000000000VV", "CREDITED", "").status()).isEqualTo(404);
    assertThat(propose(api, "nonsense", "CREDITED", "").status()).isEqualTo(404);
    assertThat(code(decide(api, "carl", "RS7", "approve"))).isEqualTo("404 not-found");
    assertThat(code(decide(api, "carl", "7", "reject"))).isEqualTo("404 not-found");
    for (String wrong : List.of("open=maybe", "before=1")) {
      assertThat(api.get("/v1/resolutions?" + wrong, Role.OPERATOR).json().path("field").asText())
          .isEqualTo(wrong.split("=")[0]);
    }

    Api.Answer proposed = propose(api, credit, "RETURNED", "");
    Api.Answer again = propose(api, credit, "RETURNED", "");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(proposed.body());
    assertThat(code(propose(api, credit, "CREDITED", ""))).isEqualTo("409 resolution-open");
    String id = proposed.json().path("resolutionId").asText();
    Api.Answer rejected = decide(api, "carl", id, "reject");
    assertThat(rejected.json().path("state").asText()).isEqualTo("REJECTED");
    assertThat(credit(api, credit).path("reason").asText()).isEqualTo("DOUBT_UNRESOLVED");
    assertThat(propose(api, credit, "CREDITED", "").status()).isEqualTo(201);

    // The bank is asked all the same, and says it before anybody decides.
    new BankControl(world.bankPort()).faults("{}");
    await(api, credit, "status", "POSTED");
    String late = listed(api, true).path(0).path("resolutionId").asText();
    assertThat(decide(api, "carl", late, "approve").json().path("verdict").asText())
        .isEqualTo("KNOWN");
    assertThat(credit(api, credit).path("status").asText()).isEqualTo("POSTED");
  }

  /** A credit of which the bank credited a part, a day ago. */
  private static String part(World world, Api api) throws Exception {
    new BankControl(world.bankPort()).faults("{\"partialRate\":1}");
    String credit = api.sell(Documents.saleJson(1, 1)).json().path("creditId").asText();
    await(api, credit, "status", "PARTIALLY_POSTED");
    new BankControl(world.bankPort()).faults("{}");
    assertThat(code(propose(api, credit, "NOT_CREDITED", ""))).isEqualTo("409 transfer-too-young");
    world.execute("UPDATE credit_batch SET claimed_at = claimed_at - interval '1 day'");
    world.execute("UPDATE credit_exception SET opened_at = opened_at - interval '1 day'");
    return credit;
  }

  @Test
  void the_rest_of_a_part_goes_on_when_two_say_that_it_never_comes(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String credit = part(world, api);
    long whole = credit(api, credit).path("amountMinor").asLong();

    String id = propose(api, credit, "NOT_CREDITED", "").json().path("resolutionId").asText();
    assertThat(decide(api, "carl", id, "approve").json().path("verdict").asText())
        .isEqualTo("APPLIED");

    await(api, credit, "status", "POSTED");
    assertThat(world.booked())
        .extracting(Booking::endToEndId, Booking::amountMinor)
        .containsExactlyInAnyOrder(
            tuple(credit + "-1", whole / 2), tuple(credit + "-2", whole - whole / 2));
  }

  @Test
  void what_came_back_of_a_part_waits_for_the_rest_of_it(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String credit = part(world, api);
    long part = credit(api, credit).path("postedMinor").asLong();

    String id =
        propose(api, credit, "RETURNED", "\"amountMinor\":" + (part - 1) + ",")
            .json()
            .path("resolutionId")
            .asText();
    assertThat(decide(api, "carl", id, "approve").json().path("verdict").asText())
        .isEqualTo("APPLIED");
    assertThat(credit(api, credit).path("postedMinor").asLong()).isEqualTo(1);
    assertThat(
            world.queryText(
                "SELECT string_agg(movable::text, ' ' ORDER BY exception_no) FROM credit_exception"))
        .isEqualTo("false false");

    // All of it came back, as it turns out.
    String all =
        propose(api, credit, "RETURNED", "\"amountMinor\":" + part + ",")
            .json()
            .path("resolutionId")
            .asText();
    assertThat(decide(api, "carl", all, "approve").json().path("verdict").asText())
        .isEqualTo("APPLIED");
    assertThat(credit(api, credit).path("postedMinor").asLong()).isZero();

    world.execute("UPDATE credit_exception SET opened_at = opened_at - interval '1 day'");
    String rest = propose(api, credit, "NOT_CREDITED", "").json().path("resolutionId").asText();
    assertThat(decide(api, "carl", rest, "approve").json().path("verdict").asText())
        .isEqualTo("APPLIED");
    assertThat(
            world.queryText(
                "SELECT kind || ' ' || movable || ' ' || (amount_minor = (SELECT amount_minor FROM credit))"
                    + " FROM credit_exception WHERE closed_at IS NULL"))
        .isEqualTo("RETURNED true true");
    assertThat(world.booked()).hasSize(1);
  }
}
