package dev.settle.load.stage;

import dev.settle.demo.terminal.Acknowledgement;
import dev.settle.demo.terminal.Merchants;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sales of some of the demo's merchants, by number from 0: the same number is the same sale, to the
 * byte, and two numbers are never two sales of one key. Safe for several threads.
 */
public final class Sales {

  private static final String ACQUIRER = "48201000";
  private static final String CURRENCY = "CNY";
  private static final String TYPE = "SALE";
  private static final int STANS_OF_A_BATCH = 1_000_000;
  private static final int BATCHES = 1_000_000;
  private static final int AMOUNTS = 100_000;

  private final int firstMerchant;
  private final int merchants;
  private final int firstBatch;
  private final String date;
  private final String captured;
  private final AtomicLong next = new AtomicLong();
  private final AtomicIntegerArray ofMerchant;

  /**
   * @param firstMerchant the demo's number of the first merchant, from 1
   * @param merchants how many, one after the other
   * @param firstBatch the terminals' batch number to begin with: no other sales of these merchants
   *     have it
   * @param captured when terminals took them all
   */
  public Sales(int firstMerchant, int merchants, int firstBatch, Instant captured) {
    this.firstMerchant = firstMerchant;
    this.merchants = merchants;
    this.firstBatch = firstBatch;
    this.ofMerchant = new AtomicIntegerArray(merchants);
    this.date = LocalDate.ofInstant(captured, ZoneOffset.UTC).toString();
    this.captured = captured.truncatedTo(ChronoUnit.MILLIS).toString();
  }

  /** Takes that many numbers that nobody had before, and returns the first. */
  public long take(int howMany) {
    return next.getAndAdd(howMany);
  }

  /**
   * The same of one sale of one merchant; sales that are taken so are not taken by {@link #take}.
   */
  public long takeOf(int merchant) {
    int place = merchant - firstMerchant;
    return (long) ofMerchant.getAndIncrement(place) * merchants + place;
  }

  /** How many were taken. */
  public long taken() {
    return next.get();
  }

  /** The demo's number of the merchant who sells {@code n}. */
  public int merchant(long n) {
    return firstMerchant + (int) (n % merchants);
  }

  /** Sale {@code n} as {@code POST /v1/transactions} takes it. */
  public String json(long n) {
    return json(n, 0);
  }

  /** Another sale under the key of sale {@code n}: worth {@code moreMinor} more. */
  public String json(long n, long moreMinor) {
    StringBuilder json = new StringBuilder(320);
    append(json, n, moreMinor);
    return json.toString();
  }

  /**
   * Sales {@code first} and the following, one a line, as {@code POST /v1/transactions/bulk} takes
   * them.
   */
  public String lines(long first, int howMany) {
    StringBuilder lines = new StringBuilder(howMany * 320);
    for (long n = first; n < first + howMany; n++) {
      append(lines, n, 0);
      lines.append('\n');
    }
    return lines.toString();
  }

  private void append(StringBuilder json, long n, long moreMinor) {
    int merchant = merchant(n);
    json.append("{\"acquirerId\":\"").append(ACQUIRER).append("\",\"merchantId\":\"M");
    padded(json, merchant, 6);
    json.append("\",\"terminalId\":\"T");
    padded(json, merchant, 7);
    json.append("\",\"batchNo\":\"");
    padded(json, batch(n), 6);
    json.append("\",\"stan\":\"");
    padded(json, stan(n), 6);
    json.append("\",\"rrn\":\"");
    padded(json, n, 12);
    json.append("\",\"localDate\":\"").append(date).append("\",\"type\":\"").append(TYPE);
    json.append("\",\"amountMinor\":").append(amountMinor(n) + moreMinor);
    json.append(",\"currency\":\"").append(CURRENCY);
    json.append("\",\"capturedAt\":\"").append(captured).append("\"}");
  }

  private long batch(long n) {
    return (firstBatch + n / merchants / STANS_OF_A_BATCH) % BATCHES;
  }

  private long stan(long n) {
    return n / merchants % STANS_OF_A_BATCH;
  }

  /** What sale {@code n} is worth, in fen. */
  public static long amountMinor(long n) {
    return 100 + n * 7_919 % AMOUNTS;
  }

  /** What a terminal was told of sale {@code n}, for the journal that {@code verify} reads. */
  public Acknowledgement told(long n, String creditId, Instant offeredAt) {
    int merchant = merchant(n);
    return new Acknowledgement(
        creditId,
        offeredAt,
        ACQUIRER,
        Merchants.merchantId(merchant),
        Merchants.terminalId(merchant),
        padded(batch(n)),
        padded(stan(n)),
        date,
        TYPE,
        amountMinor(n),
        CURRENCY);
  }

  private static String padded(long number) {
    StringBuilder text = new StringBuilder(6);
    padded(text, number, 6);
    return text.toString();
  }

  private static void padded(StringBuilder text, long number, int places) {
    for (long limit = pow10(places - 1); limit > 1 && number < limit; limit /= 10) {
      text.append('0');
    }
    text.append(number);
  }

  private static long pow10(int places) {
    long power = 1;
    for (int i = 0; i < places; i++) {
      power *= 10;
    }
    return power;
  }
}
