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
   * @param postedPerSecond from its beginning to its last credit posted
   */
  private record Slice(double perSecond, double postedPerSecond, List<Double> scrapeMillis) {}

  Slices(LoadedBook book, Measurement.Size size, Attempts attempts) {
    this.book = book;
    this.size = size;
    this.attempts = attempts;
  }

  /** Single requests recorded per second. */
  double single() throws IOException, SQLException, InterruptedException {
    return kept(attempts.measure("single", this::sell)).perSecond();
  }

  /** Lines of an upload recorded per second. */
  double bulk() throws IOException, SQLException, InterruptedException {
    Slice slice = kept(attempts.measure("bulk", this::upload));
    posted.add(slice.postedPerSecond());
    return slice.perSecond();
  }

  private Slice kept(Slice slice) {
    scrapeMillis.addAll(slice.scrapeMillis());
    return slice;
  }

  private Slice sell() throws RefusedSlice, IOException, SQLException, InterruptedException {
    book.stand().awaitPosted();
    LoadedScrapes scrapes = LoadedScrapes.begin(book.stand().managementPort());
    double perSecond;
    try (scrapes) {
      perSecond = book.wrk().closed(size.connections(), size.length()).perSecond();
      book.stand().awaitPosted();
    }
    return new Slice(perSecond, perSecond, scrapes.millis());
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
    return new Slice(lines / accepting, lines / posting, scrapes.millis());
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
