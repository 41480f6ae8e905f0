package dev.settle.demo.terminal;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Random;

/**
 * Makes the sales of a street of shops: many small amounts, few large ones, from terminals in
 * China's time zone. Belongs to one thread.
 */
final class Sales {

  static final String ACQUIRER = "48201000";
  static final String CURRENCY = "CNY";
  private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);

  /** What is bought: how many of a hundred sales, and the smallest and largest amount in fen. */
  private record Basket(int percent, int from, int to) {}

  private static final Basket[] BASKETS = {
    new Basket(35, 300, 4_000), // breakfast, a coffee
    new Basket(40, 2_000, 30_000), // groceries
    new Basket(19, 8_000, 90_000), // a meal, a pharmacy
    new Basket(5, 50_000, 800_000), // clothes, a telephone
    new Basket(1, 500_000, 4_900_000), // furniture
  };

  private final Random random;
  private final Clock clock;
  private final TerminalSequence sequence;
  private final int merchants;

  Sales(Random random, Clock clock, TerminalSequence sequence, int merchants) {
    this.random = random;
    this.clock = clock;
    this.sequence = sequence;
    this.merchants = merchants;
  }

  /** A new sale of any merchant, captured now. */
  Sale next() {
    int merchant = 1 + random.nextInt(merchants);
    TerminalSequence.BatchAndStan number = sequence.next(merchant);
    OffsetDateTime now = OffsetDateTime.now(clock.withZone(CHINA)).truncatedTo(ChronoUnit.SECONDS);
    return new Sale(
        ACQUIRER,
        Merchants.merchantId(merchant),
        Merchants.terminalId(merchant),
        String.format("%06d", number.batchNo()),
        String.format("%06d", number.stan()),
        now.toLocalDate().toString(),
        "SALE",
        amount(),
        CURRENCY,
        retrievalReference(now, number.stan()),
        now.toString());
  }

  /** As ISO 8583 has it: last digit of the year, day of the year, hour, trace number. */
  private static String retrievalReference(OffsetDateTime at, int stan) {
    return String.format(
        "%d%03d%02d%06d", at.getYear() % 10, at.getDayOfYear(), at.getHour(), stan);
  }

  private long amount() {
    int place = random.nextInt(100);
    for (Basket basket : BASKETS) {
      place -= basket.percent();
      if (place < 0) {
        return amountIn(basket);
      }
    }
    throw new IllegalStateException("the baskets do not add up to 100 %");
  }

  private long amountIn(Basket basket) {
    int fen = basket.from() + random.nextInt(basket.to() - basket.from());
    boolean wholeYuan = random.nextInt(3) == 0;
    return wholeYuan ? fen - fen % 100 : fen;
  }
}
