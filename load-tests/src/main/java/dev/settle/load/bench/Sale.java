package dev.settle.load.bench;

/** Transactions, all different, by number. */
final class Sale {

  /** Merchants that sell, each with one terminal. */
  static final int MERCHANTS = 200;

  private Sale() {}

  /**
   * The next merchant's with each number, as acquirers collect them; each terminal's numbers
   * ascend.
   *
   * @param batch of the terminals; no transaction of another batch is the same
   * @param date of today, as {@code 2026-11-28}
   */
  static String json(int number, int batch, String date) {
    int merchant = 1 + number % MERCHANTS;
    return "{\"acquirerId\":\"48201000\",\"merchantId\":\"M"
        + digits(merchant, 6)
        + "\",\"terminalId\":\"T"
        + digits(merchant, 7)
        + "\",\"batchNo\":\""
        + digits(batch, 6)
        + "\",\"stan\":\""
        + digits(number / MERCHANTS, 6)
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
