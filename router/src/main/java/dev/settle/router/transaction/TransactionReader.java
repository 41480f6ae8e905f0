package dev.settle.router.transaction;

import static dev.settle.router.transaction.FieldRules.digits;
import static dev.settle.router.transaction.FieldRules.invalid;
import static dev.settle.router.transaction.FieldRules.lettersOrDigits;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.settle.router.money.Currencies;
import dev.settle.router.money.Money;
import java.io.IOException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads one transaction from JSON, token by token and without a tree: this is the hot path. Stops
 * at the first thing that is wrong. Belongs to one thread.
 */
public final class TransactionReader {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxStringLength(1_000)
                  .maxNumberLength(100)
                  .maxNameLength(100)
                  .build())
          .build();

  private static final String[] FIELDS = {
    "acquirerId",
    "merchantId",
    "terminalId",
    "batchNo",
    "stan",
    "rrn",
    "localDate",
    "type",
    "amountMinor",
    "currency",
    "capturedAt"
  };

  private static final String NOT_UTF8 = "This is not UTF-8 text.";

  private static final Refusal AMOUNT_OUT_OF_RANGE =
      new Refusal(
          RefusalCode.AMOUNT_OUT_OF_RANGE,
          "amountMinor",
          "Between 1 and " + Money.MAX_MINOR + " is expected.");

  private final ReplayWindow window;
  private LocalDate lastDate = LocalDate.EPOCH;
  private String lastDateText = LocalDate.EPOCH.toString();

  // The fields of the document being read.
  private int seen;
  private @Nullable String lastField;
  private String acquirerId = "";
  private String merchantId = "";
  private String terminalId = "";
  private int batchNo;
  private int stan;
  private String rrn = "";
  private LocalDate localDate = LocalDate.EPOCH;
  private TransactionType type = TransactionType.SALE;
  private long amountMinor;
  private String currency = "";
  private OffsetDateTime capturedAt = OffsetDateTime.MIN;

  public TransactionReader(ReplayWindow window) {
    this.window = window;
  }

  /** Reads the JSON document that is {@code length} bytes from {@code offset}. */
  public Reading read(byte[] bytes, int offset, int length) {
    seen = 0;
    lastField = null;
    if (isOtherEncoding(bytes, offset, length)) {
      return malformed(null, NOT_UTF8);
    }
    try (JsonParser json = JSON.createParser(bytes, offset, length)) {
      Reading reading = read(json);
      // Every name and value that is taken is ASCII: any other byte was a letter spelled too long.
      return reading instanceof Transaction && !isAscii(bytes, offset, length)
          ? malformed(null, NOT_UTF8)
          : reading;
    } catch (IOException notText) {
      return malformed(null, NOT_UTF8);
    }
  }

  private Reading read(JsonParser json) throws IOException {
    try {
      JsonToken start = json.nextToken();
      if (start == null) {
        return new Refusal(RefusalCode.EMPTY_BODY, null, "Send one transaction as a JSON object.");
      }
      if (start != JsonToken.START_OBJECT) {
        return malformed(null, "A transaction is a JSON object.");
      }
      String field;
      while ((field = json.nextFieldName()) != null) {
        Refusal refusal = readField(field, json);
        if (refusal != null) {
          return refusal;
        }
        lastField = field;
      }
      if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
        return malformed(null, "One JSON object is expected, and nothing after it.");
      }
      return complete();
    } catch (StreamConstraintsException tooLarge) {
      return tooLarge(fieldAtFault(json));
    } catch (JsonParseException notJson) {
      return malformed(
          fieldAtFault(json),
          "This is not JSON, at column "
              + notJson.getLocation().getColumnNr()
              + " of the document.");
    }
  }

  /**
   * JSON's parser would find out and read UTF-16 and UTF-32, too: the first letters of both, and
   * the marks that may stand before them, have bytes that UTF-8 never begins with.
   */
  private static boolean isOtherEncoding(byte[] bytes, int offset, int length) {
    for (int i = offset; i < offset + Math.min(length, 4); i++) {
      if (bytes[i] == 0 || bytes[i] == (byte) 0xFE || bytes[i] == (byte) 0xFF) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAscii(byte[] bytes, int offset, int length) {
    int all = 0;
    for (int i = offset; i < offset + length; i++) {
      all |= bytes[i];
    }
    return all >= 0;
  }

  /** The field that is being read; null when it is the name itself that is wrong. */
  private @Nullable String fieldAtFault(JsonParser json) throws IOException {
    String current = json.currentName();
    return current == null || current.equals(lastField) ? null : printable(current);
  }

  private static Refusal tooLarge(@Nullable String field) {
    if (field == null) {
      return malformed(null, "The document is nested too deep or a name is too long.");
    }
    return field.equals("amountMinor")
        ? AMOUNT_OUT_OF_RANGE
        : new Refusal(RefusalCode.INVALID_VALUE, field, "The value is too long.");
  }

  private static Refusal malformed(@Nullable String field, String detail) {
    return new Refusal(RefusalCode.MALFORMED_JSON, field, detail);
  }

  private @Nullable Refusal readField(String name, JsonParser json) throws IOException {
    int index = indexOf(name);
    if (index < 0) {
      return new Refusal(
          RefusalCode.UNKNOWN_FIELD,
          printable(name),
          "A transaction has no such field; remove it.");
    }
    if ((seen & 1 << index) != 0) {
      return new Refusal(
          RefusalCode.DUPLICATE_FIELD, name, "The field stands twice; send it once.");
    }
    seen |= 1 << index;
    JsonToken value = json.nextToken();
    if (name.equals("amountMinor")) {
      return readAmount(json, value);
    }
    if (value != JsonToken.VALUE_STRING) {
      return new Refusal(RefusalCode.WRONG_TYPE, name, "A string is expected.");
    }
    return accept(name, json.getText());
  }

  private static int indexOf(String name) {
    for (int i = 0; i < FIELDS.length; i++) {
      if (FIELDS[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private @Nullable Refusal readAmount(JsonParser json, @Nullable JsonToken value)
      throws IOException {
    if (value == JsonToken.VALUE_NUMBER_INT) {
      boolean fits = json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
      amountMinor = fits ? json.getLongValue() : -1;
      if (amountMinor > 0 && amountMinor <= Money.MAX_MINOR) {
        return null;
      }
      return AMOUNT_OUT_OF_RANGE;
    }
    return new Refusal(
        RefusalCode.WRONG_TYPE,
        "amountMinor",
        "A whole number in minor units is expected, without fraction or exponent.");
  }

  private @Nullable Refusal accept(String name, String text) {
    switch (name) {
      case "acquirerId" -> {
        acquirerId = text;
        return digits(name, text, 1, 11);
      }
      case "merchantId" -> {
        merchantId = text;
        return lettersOrDigits(name, text, 1, 15);
      }
      case "terminalId" -> {
        terminalId = text;
        return lettersOrDigits(name, text, 1, 8);
      }
      case "batchNo" -> {
        Refusal refusal = digits(name, text, 6, 6);
        batchNo = refusal == null ? Integer.parseInt(text) : 0;
        return refusal;
      }
      case "stan" -> {
        Refusal refusal = digits(name, text, 6, 6);
        stan = refusal == null ? Integer.parseInt(text) : 0;
        return refusal;
      }
      case "rrn" -> {
        rrn = text;
        return lettersOrDigits(name, text, 12, 12);
      }
      case "localDate" -> {
        return acceptLocalDate(text);
      }
      case "type" -> {
        return text.equals("SALE") ? null : invalid(name, "Only SALE is taken.");
      }
      case "currency" -> {
        currency = text;
        return Currencies.isKnown(text)
            ? null
            : new Refusal(
                RefusalCode.UNKNOWN_CURRENCY, name, "An ISO 4217 code such as CNY is expected.");
      }
      case "capturedAt" -> {
        return acceptCapturedAt(text);
      }
      default -> throw new IllegalStateException("field without a rule: " + name);
    }
  }

  private @Nullable Refusal acceptLocalDate(String text) {
    if (!text.equals(lastDateText)) {
      try {
        lastDate = LocalDate.parse(text);
        lastDateText = text;
      } catch (DateTimeParseException e) {
        return invalid("localDate", "A date such as 2026-11-22 is expected.");
      }
    }
    localDate = lastDate;
    if (window.holds(localDate)) {
      return null;
    }
    return new Refusal(
        RefusalCode.LOCAL_DATE_OUT_OF_WINDOW,
        "localDate",
        "Dates from "
            + window.past().toDays()
            + " days ago to "
            + ReplayWindow.DAYS_AHEAD
            + " days ahead are taken.");
  }

  private @Nullable Refusal acceptCapturedAt(String text) {
    try {
      capturedAt = CapturedAt.parse(text).truncatedTo(ChronoUnit.MICROS);
      if (capturedAt.getYear() >= 1970 && capturedAt.getYear() <= 9999) {
        return null;
      }
    } catch (DateTimeParseException e) {
      // Refused below, with what is expected instead.
    }
    return invalid("capturedAt", "An RFC 3339 time such as 2026-11-22T18:03:11+08:00 is expected.");
  }

  /**
   * An unknown name goes back to its sender, who needs to find it: cut short, and nothing but plain
   * letters. No digits, for what stands in the place of a name may be a card number.
   */
  private static String printable(String name) {
    String plain = name.replaceAll("[^A-Za-z_.-]", "?");
    return plain.length() <= 40 ? plain : plain.substring(0, 40);
  }

  private Reading complete() {
    for (int i = 0; i < FIELDS.length; i++) {
      if ((seen & 1 << i) == 0) {
        return new Refusal(RefusalCode.MISSING_FIELD, FIELDS[i], "The field is missing.");
      }
    }
    var key =
        new TransactionKey(acquirerId, merchantId, terminalId, batchNo, stan, localDate, type);
    return new Transaction(key, new Money(amountMinor, currency), rrn, capturedAt);
  }
}
