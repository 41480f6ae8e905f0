package dev.settle.router.rail.sandbox;

import dev.settle.router.binding.Payee;
import dev.settle.router.rail.Verification;
import dev.settle.router.rail.Verification.NameMatch;
import dev.settle.router.rail.Verification.TestCredit;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The sandbox bank's JSON of a verification: the question out, what it says back. */
final class SandboxVerification {

  private SandboxVerification() {}

  static Buffer request(Payee payee, boolean testCredit, String requestId) {
    return new JsonObject()
        .put("account", payee.number().reveal())
        .put("bank", payee.bank())
        .put("holder", payee.holder())
        .put("testCredit", testCredit)
        .put("requestId", requestId)
        .toBuffer();
  }

  /**
   * Reads the answer. Throws {@link SandboxException} when it does not say all that was asked: then
   * nobody knows.
   */
  static Verification read(Buffer answer, boolean testCreditAsked) {
    JsonObject json;
    try {
      json = answer.toJsonObject();
    } catch (DecodeException notJson) {
      throw new SandboxException("the bank's verification is not a JSON object");
    }
    NameMatch match = nameMatch(text(json, "nameMatch"));
    TestCredit credit =
        json.getValue("testCredit") instanceof JsonObject tried ? testCredit(tried) : null;
    if (testCreditAsked && credit == null && match != NameMatch.NO_MATCH) {
      throw new SandboxException("the bank says nothing of the test credit");
    }
    return new Verification(match, credit);
  }

  private static NameMatch nameMatch(@Nullable String text) {
    for (NameMatch match : NameMatch.values()) {
      if (match.name().equals(text)) {
        return match;
      }
    }
    throw new SandboxException("the bank's name match is none that there is");
  }

  private static TestCredit testCredit(JsonObject tried) {
    String status = text(tried, "status");
    if (!"ACCC".equals(status) && !"RJCT".equals(status)) {
      throw new SandboxException("the test credit's status does not end it");
    }
    return new TestCredit(text(tried, "endToEndId"), "ACCC".equals(status), text(tried, "reason"));
  }

  private static @Nullable String text(JsonObject json, String field) {
    return json.getValue(field) instanceof String text ? text : null;
  }
}
