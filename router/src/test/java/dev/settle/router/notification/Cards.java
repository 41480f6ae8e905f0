package dev.settle.router.notification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.testing.Api;
import java.time.Duration;
import org.apache.commons.validator.routines.checkdigit.CheckDigitException;
import org.apache.commons.validator.routines.checkdigit.LuhnCheckDigit;
import org.awaitility.Awaitility;

/** New cards of merchants, as makers and checkers bring them into effect. */
final class Cards {

  private Cards() {}

  /** Card number n of bank 102, with a good check digit and a harmless ending. */
  static String card(int n) {
    String digits = String.format("6222029%08d%03d", n, 100 + n % 800);
    try {
      return digits + LuhnCheckDigit.LUHN_CHECK_DIGIT.calculate(digits);
    } catch (CheckDigitException e) {
      throw new AssertionError(e);
    }
  }

  /** Applies for the card, has it verified, and approves it; the change's id. */
  static String changed(Api api, int merchant, String number, String reason) {
    String application =
        "{\"account\":{\"number\":\""
            + number
            + "\",\"bank\":\"102\",\"holder\":\"李 "
            + merchant
            + "\",\"type\":\"PERSONAL\"},\"documents\":[{\"kind\":\"IDENTITY\",\"ref\":\"d1\"},"
            + "{\"kind\":\"BANK_ACCOUNT_PROOF\",\"ref\":\"d2\"}],\"reason\":\""
            + reason
            + "\"}";
    Api.Answer answer =
        api.post(
            String.format("/v1/merchants/M%06d/card-changes", merchant),
            Role.MAKER,
            "application/json",
            application.getBytes(UTF_8));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    String id = answer.json().path("cardChangeId").asText();
    approve(api, id);
    return id;
  }

  /** Waits until the bank has allowed it, and approves. */
  static void approve(Api api, String id) {
    Awaitility.await(id + " is verified")
        .atMost(Duration.ofSeconds(30))
        .until(() -> get(api, id).path("state").asText().equals("VERIFIED"));
    Api.Answer answer =
        api.post(
            "/v1/card-changes/" + id + "/approve", Role.CHECKER, "application/json", new byte[0]);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  static JsonNode get(Api api, String id) {
    return api.get("/v1/card-changes/" + id, Role.AUDITOR).json();
  }

  /** The applications in a state. */
  static JsonNode list(Api api, String state) {
    return api.get("/v1/card-changes?state=" + state, Role.AUDITOR).json().path("cardChanges");
  }
}
