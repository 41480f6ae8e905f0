package dev.settle.sandbox.bank;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Gathers the fields of a {@link BookLine} as they are read. */
final class BookFields {
  private @Nullable String endToEndId;
  private @Nullable String account;
  private long amountMinor;
  private @Nullable String currency;
  private @Nullable String at;
  private Entry entry = Entry.REJECTED;
  private Verdict verdict = Verdict.ACCC;
  private long content;

  private long askedMinor;
  private long creditDueMs;
  private long returnDueMs;
  private Verdict returnReason = Verdict.ACCC;
  private boolean confirmLast;

  void take(String name, JsonParser json) throws IOException {
    switch (name) {
      case "endToEndId" -> endToEndId = json.getText();
      case "account" -> account = json.getText();
      case "amountMinor" -> amountMinor = json.getLongValue();
      case "currency" -> currency = json.getText().intern();
      case "bookedAt", "decidedAt" -> at = json.getText();
      case "kind" -> entry = Entry.valueOf(json.getText());
      case "reason" -> verdict = Verdict.valueOf(json.getText());
      case "content" -> content = BookLine.content(json.getText());
      case "askedMinor" -> askedMinor = json.getLongValue();
      case "creditDueMs" -> creditDueMs = json.getLongValue();
      case "returnDueMs" -> returnDueMs = json.getLongValue();
      case "returnReason" -> returnReason = Verdict.valueOf(json.getText());
      case "confirmLast" -> confirmLast = json.getBooleanValue();
      default -> throw new IOException("unknown field " + name);
    }
  }

  BookLine line() throws IOException {
    if (endToEndId == null || account == null || currency == null || at == null) {
      throw new IOException("a field is missing");
    }
    boolean needsReason = entry == Entry.REJECTED || entry == Entry.RETURN;
    if (needsReason == verdict.booked()) {
      throw new IOException("is neither a booking nor a rejection");
    }
    return new BookLine(
        endToEndId, account, amountMinor, currency, at, entry, verdict, content, course(account));
  }

  private @Nullable Course course(String to) {
    return askedMinor == 0
        ? null
        : new Course(
            to, askedMinor, amountMinor, creditDueMs, returnDueMs, returnReason, confirmLast, null);
  }
}
