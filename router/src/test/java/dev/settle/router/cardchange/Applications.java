package dev.settle.router.cardchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.testing.Api;
import java.util.concurrent.TimeUnit;
import org.apache.commons.validator.routines.checkdigit.CheckDigitException;
import org.apache.commons.validator.routines.checkdigit.LuhnCheckDigit;
import org.awaitility.Awaitility;

/** Applications as a maker sends them, and what is done with them. */
public final class Applications {

  static final String DOCUMENTS =
      "[{\"kind\":\"IDENTITY\",\"ref\":\"doc-1\"},{\"kind\":\"BANK_ACCOUNT_PROOF\",\"ref\":\"doc-2\"}]";

  private Applications() {}

  /** Card number n of an issuer that is bank 102, with a good check digit and a harmless ending. */
  public static String card(int n) {
    return withCheckDigit(String.format("6222029%08d%03d", n, 100 + n % 800));
  }

  /** The same with a good check digit and the four last digits given. */
  public static String cardEndingIn(String last4) {
    for (int n = 0; n < 10; n++) {
      String number = "6222028" + String.format("%08d", n * 10) + last4;
      if (LuhnCheckDigit.LUHN_CHECK_DIGIT.isValid(number)) {
        return number;
      }
    }
    throw new AssertionError("no card ends in " + last4);
  }

  private static String withCheckDigit(String digits) {
    try {
      return digits + LuhnCheckDigit.LUHN_CHECK_DIGIT.calculate(digits);
    } catch (CheckDigitException e) {
      throw new AssertionError(e);
    }
  }

  /** A good application of merchant m for a card, at once. */
  public static String of(int merchant, String number) {
    return of(merchant, number, "NEW_CARD", "");
  }

  /**
   * @param more further fields, beginning with a comma, or nothing
   */
  public static String of(int merchant, String number, String reason, String more) {
    return "{\"account\":{\"number\":\""
        + number
        + "\",\"bank\":\"102\",\"holder\":\"李 "
        + merchant
        + "\",\"type\":\"PERSONAL\"},\"documents\":"
        + DOCUMENTS
        + ",\"reason\":\""
        + reason
        + "\""
        + more
        + "}";
  }

  public static Api.Answer submit(Api api, int merchant, String application) {
    return api.post(
        String.format("/v1/merchants/M%06d/card-changes", merchant),
        Role.MAKER,
        "application/json",
        application.getBytes(UTF_8));
  }

  /** Submits, which has to be taken; the change's id. */
  public static String submitted(Api api, int merchant, String application) {
    Api.Answer answer = submit(api, merchant, application);
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json().path("cardChangeId").asText();
  }

  /** Submits, and waits until the bank has allowed it. */
  public static String verified(Api api, int merchant, String application) {
    String id = submitted(api, merchant, application);
    awaitState(api, id, "VERIFIED");
    return id;
  }

  /** Submits, waits, approves. */
  public static Api.Answer changed(Api api, int merchant, String application) {
    Api.Answer answer = approve(api, verified(api, merchant, application));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  public static void awaitState(Api api, String id, String state) {
    Awaitility.await(id + " is " + state)
        .atMost(30, TimeUnit.SECONDS)
        .pollInterval(20, TimeUnit.MILLISECONDS)
        .until(() -> get(api, id).path("state").asText().equals(state));
  }

  public static JsonNode get(Api api, String id) {
    Api.Answer answer = api.get("/v1/card-changes/" + id, Role.AUDITOR);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  public static Api.Answer approve(Api api, String id) {
    return decide(api, Role.CHECKER, id, "approve", "");
  }

  public static Api.Answer reject(Api api, String id, String reason) {
    return decide(api, Role.CHECKER, id, "reject", "{\"reason\":\"" + reason + "\"}");
  }

  public static Api.Answer withdraw(Api api, String id) {
    return decide(api, Role.MAKER, id, "withdraw", "");
  }

  public static Api.Answer decide(Api api, Role role, String id, String what, String body) {
    return api.post(
        "/v1/card-changes/" + id + "/" + what, role, "application/json", body.getBytes(UTF_8));
  }

  public static JsonNode profile(Api api, int merchant) {
    return api.get(String.format("/v1/merchants/M%06d", merchant), Role.AUDITOR).json();
  }
}
