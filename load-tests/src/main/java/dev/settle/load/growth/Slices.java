package dev.settle.load.growth;

import dev.settle.load.client.RefusedSlice;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Slices of load on one book, each with a scrape every second. When one ends, or begins after one
 * that was refused, everything in the book is posted: nothing of it is under way while another has
 * its turn.
 */
final class Slices {

  private final LoadedBook book;
  private final Measurement.Size size;
  private final List<Double> posted = new ArrayList<>();
  private final List<Double> scrapeMillis = new ArrayList<>();

  Slices(LoadedBook book, Measurement.Size size) {
    this.book = book;
    this.size = size;
  }

  /** Single requests recorded per second. */
  double single() throws RefusedSlice, IOException, SQLException, InterruptedException {
    book.stand().awaitPosted();
    LoadedScrapes scrapes = LoadedScrapes.begin(book.stand().managementPort());
    double perSecond;
    try (scrapes) {
      perSecond = book.wrk().closed(size.connections(), size.length()).perSecond();
      book.stand().awaitPosted();
    }
    scrapeMillis.addAll(scrapes.millis());
    return perSecond;
  }

  /** Lines of an upload recorded per second. */
  double bulk() throws RefusedSlice, IOException, SQLException, InterruptedException {
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
    scrapeMillis.addAll(scrapes.millis());
    posted.add(book.uploads().lines() / posting);
    return book.uploads().lines() / accepting;
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
