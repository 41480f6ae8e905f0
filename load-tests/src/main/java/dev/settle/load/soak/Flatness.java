package dev.settle.load.soak;

import dev.settle.load.stand.FlatMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Holds the last quarter of a run against its second: the first is for becoming warm. What does not
 * grow by more than so much is flat.
 */
final class Flatness {

  private static final double LATENCY = 2;
  private static final double BLOAT = 1.5;

  /** Below that, in the figure's unit, growth is noise. */
  private static final double LEAST_MILLIS = 15;

  private static final double LEAST_BYTES = 200;

  /** Of departures there are few at first, and a page is theirs alone. */
  private static final double LEAST_BYTES_OF_FEW = 400;

  private static final double LEAST_KILOBYTES = 1_024;
  private static final double KILOBYTE = 1_024;

  private final List<Sample> before;
  private final List<Sample> after;
  private final List<String> lines = new ArrayList<>();
  private boolean flat = true;

  private Flatness(List<Sample> samples) {
    int quarter = samples.size() / 4;
    before = samples.subList(quarter, 2 * quarter);
    after = samples.subList(samples.size() - quarter, samples.size());
  }

  static Flatness of(List<Sample> samples) {
    Flatness flatness = new Flatness(samples);
    flatness.compare("accept p99, ms", Sample::p99Millis, LATENCY, LEAST_MILLIS);
    flatness.compare("router resident, MB", Sample::residentMegabytes, FlatMemory::is);
    flatness.compareRows("credit", LEAST_BYTES);
    flatness.compareRows("credit_batch", LEAST_BYTES);
    flatness.compareRows("credit_exception", LEAST_BYTES_OF_FEW);
    flatness.compare(
        "control totals, kB",
        s -> s.table("book_total").bytes() / KILOBYTE,
        BLOAT,
        LEAST_KILOBYTES);
    flatness.compare(
        "canary, kB", s -> s.table("route_canary").bytes() / KILOBYTE, BLOAT, LEAST_KILOBYTES);
    return flatness;
  }

  /** Says whether a figure that was one is flat when it is another. */
  private interface Flat {
    boolean is(double from, double to);
  }

  private void compareRows(String table, double least) {
    compare(table + ", bytes a row", s -> s.table(table).bytesPerRow(), BLOAT, least);
    compare(table + ", of indexes a row", s -> s.table(table).indexBytesPerRow(), BLOAT, least);
  }

  private void compare(String what, ToDoubleFunction<Sample> figure, double most, double least) {
    compare(what, figure, (from, to) -> to <= Math.max(from * most, least));
  }

  private void compare(String what, ToDoubleFunction<Sample> figure, Flat rule) {
    double from = median(before, figure);
    double to = median(after, figure);
    boolean good = rule.is(from, to);
    flat &= good;
    lines.add(
        String.format(
            Locale.ROOT, "%-34s %10.1f → %10.1f%s", what, from, to, good ? "" : "  NOT FLAT"));
  }

  private static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
    double[] sorted = samples.stream().mapToDouble(figure).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }

  /** One line for each figure: median of the second quarter → median of the last. */
  List<String> lines() {
    return lines;
  }

  boolean isFlat() {
    return flat;
  }
}
