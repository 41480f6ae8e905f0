package dev.settle.load.stage;

import dev.settle.demo.node.Scrape;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the router every second while a run goes on, keeps what it saw, writes it to a file for
 * whoever wants to plot it, and says every few seconds how far the run is. What cannot be read is
 * said once, and is not a fault of the run.
 */
public final class Watch implements AutoCloseable {

  private static final String TRANSACTIONS = "settlement_transactions_total";
  private static final long EVERY_MILLIS = 1_000;
  private static final int SAY_EVERY = 5;
  private static final long UNKNOWN = -1;

  private final Stage stage;
  private final @Nullable NodeMemory memory;
  private final PrintStream out;
  private final PrintWriter file;
  private final List<Sample> samples = new CopyOnWriteArrayList<>();
  private final Histogram sinceSaid = new Histogram(TimeUnit.HOURS.toMillis(1), 3);
  private final Thread thread = new Thread(this::look, "watch");
  private final long began = System.nanoTime();
  private volatile boolean over;
  private boolean complained;

  /**
   * @param memory null: the router's process is not on this machine
   * @param samples the file to write
   */
  public Watch(Stage stage, @Nullable NodeMemory memory, PrintStream out, Path samples)
      throws IOException {
    this.stage = stage;
    this.memory = memory;
    this.out = out;
    this.file = new PrintWriter(Files.newBufferedWriter(samples));
    file.println(Sample.HEAD);
    thread.setDaemon(true);
  }

  /** Begins to look. */
  public Watch start() throws InterruptedException {
    stage.watchedBy(this, Math.max(0, accepted(scrape())));
    thread.start();
    return this;
  }

  private static long accepted(@Nullable Scrape scrape) {
    long accepted = sum(scrape, TRANSACTIONS, "outcome=\"accepted\"");
    return accepted < 0 ? UNKNOWN : accepted + sum(scrape, TRANSACTIONS, "outcome=\"held\"");
  }

  /** The largest value of a phase; -1 when none is known. */
  public long most(Predicate<Sample> of, ToLongFunction<Sample> value) {
    return samples.stream().filter(of).mapToLong(value).max().orElse(UNKNOWN);
  }

  /** The smallest known value of a phase; -1 when none is known. */
  public long least(Predicate<Sample> of, ToLongFunction<Sample> value) {
    return samples.stream()
        .filter(of)
        .mapToLong(value)
        .filter(known -> known >= 0)
        .min()
        .orElse(UNKNOWN);
  }

  /** What was seen so far, oldest first. */
  public List<Sample> samples() {
    return List.copyOf(samples);
  }

  private void look() {
    try {
      for (long n = 1; !over; n++) {
        long due = began + TimeUnit.MILLISECONDS.toNanos(n * EVERY_MILLIS);
        TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
        Sample sample = sample();
        samples.add(sample);
        file.println(sample.line());
        if (n % SAY_EVERY == 0) {
          say(sample);
        }
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private Sample sample() throws InterruptedException {
    Histogram recent = stage.tally().recent();
    sinceSaid.add(recent);
    Scrape scrape = scrape();
    return new Sample(
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began),
        stage.phase(),
        accepted(scrape),
        sum(scrape, "settlement_credits_posted_total", ""),
        sum(scrape, "settlement_unposted_credits", ""),
        sum(scrape, "settlement_unposted_credits", "RAIL_UNAVAILABLE"),
        sum(scrape, "settlement_recorder_queue_depth", ""),
        recent.getTotalCount(),
        recent.getValueAtPercentile(99),
        heap(),
        resident());
  }

  private @Nullable Scrape scrape() throws InterruptedException {
    try {
      return stage.calls().metrics();
    } catch (IOException noAnswer) {
      complain("its metrics cannot be read: " + noAnswer);
      return null;
    }
  }

  private static long sum(@Nullable Scrape scrape, String name, String label) {
    return scrape == null ? UNKNOWN : (long) scrape.sum(name, label);
  }

  private long heap() {
    try {
      return memory == null ? UNKNOWN : memory.heapMb();
    } catch (IOException unknown) {
      return unreadable(unknown);
    }
  }

  private long resident() throws InterruptedException {
    try {
      return memory == null ? UNKNOWN : memory.residentMb();
    } catch (IOException unknown) {
      return unreadable(unknown);
    }
  }

  private long unreadable(IOException memory) {
    complain("its memory cannot be read: " + memory);
    return UNKNOWN;
  }

  private void complain(String what) {
    if (!complained) {
      complained = true;
      out.println("  watching the router: " + what);
    }
  }

  private void say(Sample sample) {
    String router =
        sample.accepted() < 0
            ? ""
            : String.format(
                Locale.ROOT,
                "   router: accepted %,d  posted %,d  unposted %,d",
                sample.accepted(),
                sample.posted(),
                sample.unposted());
    out.println(
        String.format(
            Locale.ROOT,
            "  %4d s  %-10s %,7d answers/s  p50 %,d ms  p99 %,d ms%s",
            sample.second(),
            sample.phase(),
            sinceSaid.getTotalCount() / SAY_EVERY,
            sinceSaid.getValueAtPercentile(50),
            sinceSaid.getValueAtPercentile(99),
            router));
    sinceSaid.reset();
  }

  @Override
  public void close() throws InterruptedException {
    over = true;
    thread.join(TimeUnit.SECONDS.toMillis(35));
    file.close();
  }
}
