package dev.settle.load.growth;

import dev.settle.load.client.RefusedSlice;
import dev.settle.load.stand.Attempts;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Slices of load on one book, each with a scrape every second. When one ends, or begins after one
 * that was refused, everything in the book is posted: nothing of it is under way while another has
 * its turn. What is refused leaves no figure.
 */
final class Slices {

  private final LoadedBook book;
  private final Measurement.Size size;
  private final Attempts attempts;
  private final List<Double> posted = new ArrayList<>();
  private final List<Double> scrapeMillis = new ArrayList<>();

  /**
   * What one was.
   *
   * @param perSecond recorded
   * @param posted per second, from its beginning to its last credit posted; of an upload alone
   */
  private record Slice(double perSecond, List<Double> posted, List<Double> scrapeMillis) {}

  Slices(LoadedBook book, Measurement.Size size, Attempts attempts) {
    this.book = book;
    this.size = size;
    this.attempts = attempts;
  }

  /** Single requests recorded per second. */
  double single() throws IOException, SQLException, InterruptedException {
    return kept("single", this::sell);
  }

  /** Lines of an upload recorded per second. */
  double bulk() throws IOException, SQLException, InterruptedException {
    return kept("bulk", this::upload);
  }

  private double kept(String name, Attempts.Measurement<Slice> measurement)
      throws IOException, SQLException, InterruptedException {
    Slice slice = attempts.measure(name, measurement);
    posted.addAll(slice.posted());
    scrapeMillis.addAll(slice.scrapeMillis());
    return slice.perSecond();
  }

  private Slice sell() throws RefusedSlice, IOException, SQLException, InterruptedException {
    book.stand().awaitPosted();
    LoadedScrapes scrapes = LoadedScrapes.begin(book.stand().managementPort());
    double perSecond;
    try (scrapes) {
      perSecond = book.wrk().closed(size.connections(), size.length()).perSecond();
      book.stand().awaitPosted();
    }
    return new Slice(perSecond, List.of(), scrapes.millis());
  }

  private Slice upload() throws RefusedSlice, IOException, SQLException, InterruptedException {
    book.stand().awaitPosted();
    book.uploads().prepare();
    double accepting;
    double posting;
    LoadedScrapes scrapes = LoadedScrapes.begin(book.stand().managementPort());
    try (scrapes) {
      long from = System.nanoTime();
      book.uploads().send();
      accepting = (System.nanoTime() - from) / 1e9;
      book.stand().awaitPosted();
      posting = (System.nanoTime() - from) / 1e9;
    }
    book.uploads().check();
    int lines = book.uploads().lines();
    return new Slice(lines / accepting, List.of(lines / posting), scrapes.millis());
  }

  /** From the first line of each upload to its last credit posted, per second. */
  List<Double> postedPerSecond() {
    return List.copyOf(posted);
  }

  /** How long scrapes took meanwhile, in milliseconds, sorted. */
  List<Double> scrapeMillis() {
    return scrapeMillis.stream().sorted().toList();
  }
}
