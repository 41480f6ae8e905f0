package dev.settle.load.client;

/** Transactions, all different, by number. */
public final class Sale {

  private Sale() {}

  /**
   * The next merchant's with each number, as acquirers collect them; each terminal's numbers
   * ascend.
   *
   * @param merchants that sell, each with one terminal
   * @param batch of the terminals; no transaction of another batch is the same
   * @param date of today, as {@code 2026-11-28}
   */
  public static String json(int number, int merchants, int batch, String date) {
    int merchant = 1 + number % merchants;
    return "{\"acquirerId\":\"48201000\",\"merchantId\":\"M"
        + digits(merchant, 6)
        + "\",\"terminalId\":\"T"
        + digits(merchant, 7)
        + "\",\"batchNo\":\""
        + digits(batch, 6)
        + "\",\"stan\":\""
        + digits(number / merchants, 6)
        + "\",\"rrn\":\""
        + digits(number, 12)
        + "\",\"localDate\":\""
        + date
        + "\",\"type\":\"SALE\",\"amountMinor\":"
        + (100 + number % 100_000)
        + ",\"currency\":\"CNY\",\"capturedAt\":\""
        + date
        + "T10:00:00Z\"}";
  }

  private static String digits(int number, int places) {
    String digits = String.valueOf(number);
    return "0".repeat(places - digits.length()) + digits;
  }
}
