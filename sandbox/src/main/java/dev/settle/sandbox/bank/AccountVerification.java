package dev.settle.sandbox.bank;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /accounts/verify}. The name fits as {@link NameMatch} says; a test credit
 * is booked, unless the account rejects credits. Asked again under the same request id, the answer
 * is the same and nothing more is booked.
 */
final class AccountVerification {
  private static final StrictJson.Fields FIELDS =
      new StrictJson.Fields(List.of("account", "bank", "holder", "testCredit", "requestId"), 3);

  private String account = "";
  private boolean testCredit;
  private @Nullable String requestId;

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
      default -> requestId = json.text(CreditTransferParser.ID);
    }
  }

  /** Books the test credit if one is asked for, and gives the answer's writer. Blocking. */
  Answers.JsonBody answer(Ledger ledger) throws IOException {
    TestCredit credit = testCredit ? ledger.testCredit(account, requestId) : null;
    return json -> write(json, credit);
  }

  private void write(JsonGenerator json, @Nullable TestCredit credit) throws IOException {
    json.writeStartObject();
    json.writeStringField("nameMatch", NameMatch.on(account).name());
    if (credit != null) {
      json.writeObjectFieldStart("testCredit");
      credit.write(json);
      json.writeEndObject();
    }
    json.writeEndObject();
  }
}
