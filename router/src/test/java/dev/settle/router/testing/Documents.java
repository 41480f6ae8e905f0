package dev.settle.router.testing;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** JSON documents as terminals and back offices send them. */
public final class Documents {

  private Documents() {}

  /** Merchant number n with terminal number n and a card whose number never has a magic ending. */
  public static String merchant(int n) {
    return merchant(n, cardOf(n));
  }

  public static String merchant(int n, String number) {
    return String.format(
        "{\"merchantId\":\"M%06d\",\"name\":\"Shop %d\",\"mcc\":\"5411\",\"terminals\":[\"T%07d\"],"
            + "\"account\":{\"number\":\"%s\",\"bank\":\"102\",\"holder\":\"李 %d\",\"type\":\"PERSONAL\"}}",
        n, n, n, number, n);
  }

  public static String cardOf(int n) {
    return String.format("6222021%08d9%03d", n, 100 + n % 800);
  }

  /**
   * A sale of merchant number m, the fields in CONTRACT's order, amounts between 1 and 1,000,000.
   */
  public static Map<String, Object> sale(int m, int stan) {
    Map<String, Object> sale = new LinkedHashMap<>();
    sale.put("acquirerId", "48201000");
    sale.put("merchantId", String.format("M%06d", m));
    sale.put("terminalId", String.format("T%07d", m));
    sale.put("batchNo", String.format("%06d", stan / 1_000_000));
    sale.put("stan", String.format("%06d", stan % 1_000_000));
    sale.put("rrn", String.format("%012d", stan));
    sale.put("localDate", LocalDate.now(ZoneOffset.UTC).toString());
    sale.put("type", "SALE");
    sale.put("amountMinor", 1 + (stan * 7919L) % 1_000_000);
    sale.put("currency", "CNY");
    sale.put("capturedAt", Instant.now().truncatedTo(ChronoUnit.DAYS).plusSeconds(stan).toString());
    return sale;
  }

  public static String json(Map<String, Object> fields) {
    return fields.entrySet().stream()
        .map(e -> "\"" + e.getKey() + "\":" + literal(e.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  public static String saleJson(int m, int stan) {
    return json(sale(m, stan));
  }

  private static String literal(Object value) {
    return value instanceof String text ? "\"" + text + "\"" : String.valueOf(value);
  }
}
