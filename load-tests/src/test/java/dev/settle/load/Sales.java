package dev.settle.load;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Sales of the demo's merchants, each different, as bodies for Gatling sessions. */
final class Sales {

  private static final int STANS_OF_A_BATCH = 1_000_000;

  private final int merchants;
  private final int firstBatch;
  private final AtomicLong next = new AtomicLong();

  /**
   * @param merchants of the demo, from M000001
   * @param firstBatch the terminals' batch number to begin with, so that two runs do not repeat
   *     each other's sales
   */
  Sales(int merchants, int firstBatch) {
    this.merchants = merchants;
    this.firstBatch = firstBatch;
  }

  /** An endless feed with the session attribute {@code sale}. */
  Iterator<Map<String, Object>> feed() {
    return Stream.generate(() -> Map.<String, Object>of("sale", json(next.getAndIncrement())))
        .iterator();
  }

  String json(long n) {
    int merchant = (int) (n % merchants) + 1;
    long ofTerminal = n / merchants;
    return String.format(
        "{\"acquirerId\":\"48201000\",\"merchantId\":\"M%06d\",\"terminalId\":\"T%07d\",\"batchNo\":\"%06d\",\"stan\":\"%06d\","
            + "\"rrn\":\"%012d\",\"localDate\":\"%s\",\"type\":\"SALE\",\"amountMinor\":%d,\"currency\":\"CNY\",\"capturedAt\":\"%s\"}",
        merchant,
        merchant,
        (firstBatch + ofTerminal / STANS_OF_A_BATCH) % STANS_OF_A_BATCH,
        ofTerminal % STANS_OF_A_BATCH,
        n,
        LocalDate.now(ZoneOffset.UTC),
        100 + n * 7919 % 100_000,
        Instant.now().truncatedTo(ChronoUnit.MILLIS));
  }
}
