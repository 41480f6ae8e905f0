package dev.settle.sandbox.bank;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /accounts/verify}. The sandbox's rule: the name fits every account but
 * one that ends in 0001; a test credit is booked, unless the account rejects credits.
 */
final class AccountVerification {
  private static final StrictJson.Fields FIELDS =
      new StrictJson.Fields(List.of("account", "bank", "holder", "testCredit", "requestId"), 3);

  private String account = "";
  private boolean testCredit;

  private AccountVerification() {}

  /** The verification that {@code body} asks for, or the first mistake in it. */
  static AccountVerification parse(byte[] body) throws MalformedRequest {
    AccountVerification asked = new AccountVerification();
    StrictJson.read(body, FIELDS, asked::field);
    return asked;
  }

  private void field(StrictJson json, int field) throws IOException, MalformedRequest {
    switch (field) {
      case 0 -> account = json.text(CreditTransferParser.ACCOUNT);
      // The rule needs neither, but a bank would: they are checked and not kept.
      case 1 -> json.text(CreditTransferParser.BANK);
      case 2 -> json.text(CreditTransferParser.HOLDER);
      case 3 -> testCredit = json.truth();
      default -> json.text(CreditTransferParser.ID);
    }
  }

  /** Books the test credit if one is asked for, and gives the answer's writer. Blocking. */
  Answers.JsonBody answer(Ledger ledger) throws IOException {
    Verdict verdict = Verdict.on(account);
    String testId = testCredit && verdict.booked() ? ledger.bookTestCredit(account) : null;
    return json -> write(json, verdict, testId);
  }

  private void write(JsonGenerator json, Verdict verdict, @Nullable String testId)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("nameMatch", verdict == Verdict.BE01 ? "NO_MATCH" : "MATCH");
    if (testCredit) {
      json.writeObjectFieldStart("testCredit");
      if (testId != null) {
        json.writeStringField("endToEndId", testId);
      }
      json.writeStringField("status", verdict.booked() ? "ACCC" : "RJCT");
      if (!verdict.booked()) {
        json.writeStringField("reason", verdict.name());
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }
}
