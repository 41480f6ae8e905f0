package dev.settle.router.rail.sandbox;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.settle.router.binding.AccountNumber;
import dev.settle.router.rail.StatementEntry;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The fields of one line of the sandbox bank's statement, as they are read. */
final class StatementLine {

  private static final JsonFactory JSON = new JsonFactory();
  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
  private static final Pattern ID =
      Pattern.compile("[^\\p{Cc}\\p{Cs}]{1," + StatementEntry.LONGEST_ID + "}");

  private String entryId = "";
  private String endToEndId = "";
  private String kind = "";
  private long amountMinor;
  private String currency = "";
  private String account = "";
  private String bookedAt = "";
  private @Nullable String reason;

  private StatementLine() {}

  /**
   * The entry in these bytes. Throws {@link SandboxException} when there is none; it names the line
   * and shows nothing of it, for it has a full account number.
   */
  static StatementEntry read(byte[] bytes, int offset, int length, long line) {
    try (JsonParser json = JSON.createParser(bytes, offset, length)) {
      StatementLine fields = new StatementLine();
      if (json.nextToken() == JsonToken.START_OBJECT) {
        fields.read(json);
        if (fields.isWhole()) {
          return fields.entry();
        }
      }
    } catch (IOException | DateTimeException | IllegalArgumentException e) {
      // Said below, without the parser's words: they show what it read.
    }
    throw new SandboxException("line " + line + " of the bank's statement is no entry");
  }

  private void read(JsonParser json) throws IOException {
    for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      json.nextToken();
      switch (field) {
        case "entryId" -> entryId = json.getText();
        case "endToEndId" -> endToEndId = json.getText();
        case "kind" -> kind = json.getText();
        case "amountMinor" -> amountMinor = json.getLongValue();
        case "currency" -> currency = json.getText();
        case "account" -> account = json.getText();
        case "bookedAt" -> bookedAt = json.getText();
        case "reason" -> reason = json.getText();
        default -> json.skipChildren();
      }
    }
  }

  private boolean isWhole() {
    return ID.matcher(entryId).matches()
        && ID.matcher(endToEndId).matches()
        && CURRENCY.matcher(currency).matches()
        && amountMinor > 0
        && !account.isEmpty();
  }

  private StatementEntry entry() {
    return new StatementEntry(
        entryId,
        endToEndId,
        StatementEntry.Kind.valueOf(kind),
        amountMinor,
        currency,
        new AccountNumber(account),
        Instant.parse(bookedAt),
        reason);
  }
}
