package dev.settle.load.stage;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * What was answered, counted by what was asked and in which phase, with how long it took. A name is
 * the kind and its phase, as {@code sale before}; everything of a kind is asked for by the kind
 * alone. Safe for several threads.
 */
public final class Tally {

  /**
   * The outcome of what was not answered: no connection, cut off, or nothing within Gatling's
   * patience.
   */
  public static final String NO_ANSWER = "no answer";

  private static final long MOST_MILLIS = TimeUnit.HOURS.toMillis(1);
  private static final int DIGITS = 3;

  private final Map<String, Line> lines = new ConcurrentHashMap<>();
  private final Recorder recent = new Recorder(MOST_MILLIS, DIGITS);

  private static final class Line {
    final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();
    final ConcurrentSkipListMap<Long, LongAdder> bySecond = new ConcurrentSkipListMap<>();
    final Histogram millis = new ConcurrentHistogram(MOST_MILLIS, DIGITS);
  }

  /** One answer, so long after it was asked for. */
  public void answered(String name, String outcome, long millis) {
    Line line = line(name);
    count(line, outcome, 1);
    long bounded = Math.min(MOST_MILLIS, Math.max(0, millis));
    line.millis.recordValue(bounded);
    recent.recordValue(bounded);
  }

  /** Something that happened {@code times} over, now, with no time of its own. */
  public void counted(String name, String outcome, long times) {
    count(line(name), outcome, times);
  }

  private static void count(Line line, String outcome, long times) {
    line.outcomes.computeIfAbsent(outcome, absent -> new LongAdder()).add(times);
    long second = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
    line.bySecond.computeIfAbsent(second, absent -> new LongAdder()).add(times);
  }

  private Line line(String name) {
    return lines.computeIfAbsent(name, absent -> new Line());
  }

  /** How many of a kind, in all phases, whatever became of them. */
  public long count(String kind) {
    return count(kind, outcome -> true);
  }

  /** How many of a kind, or of a kind in a phase, had this outcome. */
  public long count(String kind, String outcome) {
    return count(kind, outcome::equals);
  }

  private long count(String kind, Predicate<String> outcomes) {
    long count = 0;
    for (Map.Entry<String, Line> line : lines.entrySet()) {
      if (isOf(kind, line.getKey())) {
        for (Map.Entry<String, LongAdder> outcome : line.getValue().outcomes.entrySet()) {
          count += outcomes.test(outcome.getKey()) ? outcome.getValue().sum() : 0;
        }
      }
    }
    return count;
  }

  private static boolean isOf(String kind, String name) {
    return name.equals(kind) || name.startsWith(kind + " ");
  }

  /** The percentile of a kind's times, in milliseconds; 0 without any. */
  public long percentile(String kind, double percentile) {
    return millis(kind).getValueAtPercentile(percentile);
  }

  /** All times of a kind, in milliseconds. */
  public Histogram millis(String kind) {
    Histogram all = new Histogram(MOST_MILLIS, DIGITS);
    lines.forEach(
        (name, line) -> {
          if (isOf(kind, name)) {
            all.add(line.millis);
          }
        });
    return all;
  }

  /**
   * How many of a name there were a second, over its whole seconds: the first and the last, which
   * are parts, are left out. 0 for less than three seconds.
   */
  public double perSecond(String name) {
    Line line = lines.get(name);
    if (line == null || line.bySecond.size() < 3) {
      return 0;
    }
    long first = line.bySecond.firstKey() + 1;
    long last = line.bySecond.lastKey() - 1;
    long count =
        line.bySecond.subMap(first, true, last, true).values().stream()
            .mapToLong(LongAdder::sum)
            .sum();
    return last < first ? 0 : count / (double) (last - first + 1);
  }

  /** Times in milliseconds since this was last asked for, whatever was asked. */
  public Histogram recent() {
    return recent.getIntervalHistogram();
  }

  /** How long the answers of a kind took, in words. */
  public String times(String kind) {
    Histogram all = millis(kind);
    return String.format(
        Locale.ROOT,
        "n %,d  p50 %,d ms  p99 %,d ms  max %,d ms",
        all.getTotalCount(),
        all.getValueAtPercentile(50),
        all.getValueAtPercentile(99),
        all.getMaxValue());
  }

  /** Every outcome of a kind with how many there were of it. */
  public String outcomes(String kind) {
    return outcomes(kind, "").toString();
  }

  /** Every outcome of a kind that is not {@code good}, as words; empty without any. */
  public String otherThan(String kind, String good) {
    Map<String, Long> others = outcomes(kind, good);
    return others.isEmpty() ? "" : ", others: " + others;
  }

  private Map<String, Long> outcomes(String kind, String without) {
    Map<String, Long> counts = new TreeMap<>();
    lines.forEach(
        (name, line) -> {
          if (isOf(kind, name)) {
            line.outcomes.forEach(
                (outcome, count) -> counts.merge(outcome, count.sum(), Long::sum));
          }
        });
    counts.remove(without);
    return counts;
  }
}
