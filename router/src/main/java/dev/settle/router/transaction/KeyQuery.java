package dev.settle.router.transaction;

import static dev.settle.router.transaction.FieldRules.digits;
import static dev.settle.router.transaction.FieldRules.lettersOrDigits;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A transaction's key as query parameters name it, or why they do not. */
public record KeyQuery(@Nullable TransactionKey key, @Nullable Refusal refusal) {

  private static final int DATE_LENGTH = "2026-11-22".length();

  /**
   * Reads the seven parameters.
   *
   * @param parameter gives a parameter's value, or the empty string when it is absent
   */
  public static KeyQuery read(UnaryOperator<String> parameter) {
    String acquirerId = parameter.apply("acquirerId");
    String merchantId = parameter.apply("merchantId");
    String terminalId = parameter.apply("terminalId");
    String batchNo = parameter.apply("batchNo");
    String stan = parameter.apply("stan");
    LocalDate localDate = date(parameter.apply("localDate"));
    Refusal refusal =
        Stream.of(
                digits("acquirerId", acquirerId, 1, 11),
                lettersOrDigits("merchantId", merchantId, 1, 15),
                lettersOrDigits("terminalId", terminalId, 1, 8),
                digits("batchNo", batchNo, 6, 6),
                digits("stan", stan, 6, 6),
                localDate == null
                    ? FieldRules.invalid("localDate", "A date such as 2026-11-22 is expected.")
                    : null,
                parameter.apply("type").equals("SALE")
                    ? null
                    : FieldRules.invalid("type", "Only SALE exists."))
            .filter(found -> found != null)
            .findFirst()
            .orElse(null);
    if (refusal != null || localDate == null) {
      return new KeyQuery(null, refusal);
    }
    return new KeyQuery(
        new TransactionKey(
            acquirerId,
            merchantId,
            terminalId,
            Integer.parseInt(batchNo),
            Integer.parseInt(stan),
            localDate,
            TransactionType.SALE),
        null);
  }

  private static @Nullable LocalDate date(String text) {
    if (text.length() != DATE_LENGTH) {
      return null; // Java takes years of nine digits, PostgreSQL does not.
    }
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
