package dev.settle.sandbox.bank;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The bank's decisions, by end-to-end id in memory and in the books file before anybody is told.
 * Used by one thread at a time; that is what makes two requests with the same id one booking.
 */
final class Ledger implements AutoCloseable {
  static final String TEST_CURRENCY = "CNY";
  static final long TEST_AMOUNT_MINOR = 1;

  /** No client's id holds a slash, so the bank's own ids never meet one. */
  private static final String TEST_ID_PREFIX = "TEST/";

  /** Before a client's request id; a number never follows {@link #TEST_ID_PREFIX} like this. */
  private static final String REQUESTED_TEST_ID_PREFIX = TEST_ID_PREFIX + "REQUEST/";

  private final Clock clock;
  private final BooksFile file;
  private final Map<String, Decision> decisions;

  /** The account of each test credit that a client named, by its end-to-end id. */
  private final Map<String, String> requestedTestCredits = new HashMap<>();

  private final Map<String, BigInteger> creditedMinor = new TreeMap<>();
  private final Lines lines = new Lines();
  private long credits;
  private long testCredits;
  private Instant last = Instant.EPOCH;

  /** Opens the books in {@code file} and recalls every decision in them. Blocking. */
  Ledger(Path file, Clock clock) throws IOException {
    this.clock = clock;
    this.decisions = new HashMap<>();
    this.file = BooksFile.open(file, this::recall);
  }

  private void recall(BookLine line) throws IOException {
    last = line.instant();
    if (line.kind() == Booking.Kind.TEST_CREDIT) {
      keepTestCredit(line.endToEndId(), line.account());
      return;
    }
    decisions.put(
        line.endToEndId(),
        new Decision(line.content(), line.amountMinor(), line.currency(), line.verdict()));
    if (line.kind() != null) {
      count(line.currency(), line.amountMinor());
    }
  }

  /**
   * Decides the transfers in their order, one verdict each; after a failure none of them is
   * decided.
   */
  List<Verdict> decide(List<Transfer> transfers) throws IOException {
    String at = now();
    List<Verdict> verdicts = new ArrayList<>(transfers.size());
    List<Transfer> decided = new ArrayList<>(transfers.size());
    lines.reset();
    for (Transfer transfer : transfers) {
      verdicts.add(decide(transfer, at, decided));
    }
    try {
      lines.appendTo(file);
    } catch (IOException e) {
      decided.forEach(transfer -> decisions.remove(transfer.endToEndId()));
      throw e;
    }
    decided.forEach(this::countBooked);
    return verdicts;
  }

  private Verdict decide(Transfer transfer, String at, List<Transfer> decided) throws IOException {
    long content = transfer.content();
    Decision earlier = decisions.get(transfer.endToEndId());
    if (earlier != null) {
      return earlier.content() == content ? earlier.verdict() : Verdict.DUPL;
    }
    Verdict verdict = Verdict.on(transfer.account());
    decisions.put(
        transfer.endToEndId(),
        new Decision(content, transfer.amountMinor(), transfer.currency(), verdict));
    decided.add(transfer);
    lines.add(transfer, at, verdict, content);
    return verdict;
  }

  private void countBooked(Transfer transfer) {
    if (Verdict.on(transfer.account()).booked()) {
      count(transfer.currency(), transfer.amountMinor());
    }
  }

  private void count(String currency, long amountMinor) {
    credits++;
    creditedMinor.merge(currency, BigInteger.valueOf(amountMinor), BigInteger::add);
  }

  /**
   * Books the test credit, unless the account rejects credits. The same {@code requestId} again
   * books nothing and is answered as before; for another account it is answered DUPL, like a
   * transfer under a used id.
   */
  TestCredit testCredit(String account, @Nullable String requestId) throws IOException {
    Verdict verdict = Verdict.on(account);
    String id =
        requestId == null
            ? TEST_ID_PREFIX + (testCredits + 1)
            : REQUESTED_TEST_ID_PREFIX + requestId;
    String earlier = requestedTestCredits.get(id);
    if (earlier != null) {
      return earlier.equals(account)
          ? new TestCredit(id, verdict)
          : new TestCredit(null, Verdict.DUPL);
    }
    if (!verdict.booked()) {
      return new TestCredit(null, verdict);
    }
    lines.reset();
    lines.addTestCredit(id, account, now());
    lines.appendTo(file);
    keepTestCredit(id, account);
    return new TestCredit(id, verdict);
  }

  private void keepTestCredit(String id, String account) {
    testCredits++;
    if (id.startsWith(REQUESTED_TEST_ID_PREFIX)) {
      requestedTestCredits.put(id, account);
    }
  }

  /** What was decided about the id, null if it was never received. */
  @Nullable Decision find(String endToEndId) {
    return decisions.get(endToEndId);
  }

  /** How many credits are booked, and how much per currency in minor units; no test credits. */
  Summary summary() {
    return new Summary(credits, new TreeMap<>(creditedMinor));
  }

  Path path() {
    return file.path();
  }

  /** A clock that was set back must not put a booking before an earlier one. */
  private String now() {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    last = now.isAfter(last) ? now : last;
    return last.toString();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** The totals of all credits, amounts in minor units by currency. */
  record Summary(long count, Map<String, BigInteger> amountMinor) {}

  /** The lines of one request, gathered so that they are one write. */
  private static final class Lines {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private @Nullable JsonGenerator json;

    void reset() {
      bytes.reset();
      json = null;
    }

    void add(Transfer transfer, String at, Verdict verdict, long content) throws IOException {
      write(
          new BookLine(
              transfer.endToEndId(),
              transfer.account(),
              transfer.amountMinor(),
              transfer.currency(),
              at,
              verdict.booked() ? Booking.Kind.CREDIT : null,
              verdict,
              content));
    }

    void addTestCredit(String id, String account, String at) throws IOException {
      write(
          new BookLine(
              id,
              account,
              TEST_AMOUNT_MINOR,
              TEST_CURRENCY,
              at,
              Booking.Kind.TEST_CREDIT,
              Verdict.ACCC,
              0));
    }

    private void write(BookLine line) throws IOException {
      if (json == null) {
        json = BookLine.FACTORY.createGenerator(bytes);
      }
      line.write(json);
    }

    void appendTo(BooksFile file) throws IOException {
      if (json == null) {
        return;
      }
      json.close();
      file.append(bytes.toByteArray());
    }
  }
}
