package dev.settle.sandbox.bank;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Streams the books to a client a page at a time: the next page is read from the file only when the
 * connection has taken the one before, so that a slow reader costs one page of memory.
 */
final class BookPages {
  private static final int PAGE_LINES = 500;

  private final Vertx vertx;
  private final BookLines lines;
  private final Instant since;
  private final LineWriter writer;
  private final HttpServerResponse response;
  private final Promise<Void> sent = Promise.promise();

  private BookPages(
      Vertx vertx, BookLines lines, Instant since, LineWriter writer, HttpServerResponse response) {
    this.vertx = vertx;
    this.lines = lines;
    this.since = since;
    this.writer = writer;
    this.response = response;
  }

  /**
   * Sends every line not before {@code since} that the writer wants; completes when the client has
   * them or is gone.
   */
  static Future<Void> send(
      Vertx vertx, Path books, Instant since, LineWriter writer, HttpServerResponse response) {
    return vertx
        .executeBlocking(() -> new BookLines(books))
        .compose(
            lines ->
                new BookPages(vertx, lines, since, writer, response)
                    .sendAll()
                    .eventually(() -> closing(vertx, lines)));
  }

  private static Future<Void> closing(Vertx vertx, BookLines lines) {
    return vertx.executeBlocking(
        () -> {
          lines.close();
          return null;
        });
  }

  private Future<Void> sendAll() {
    sendNext();
    return sent.future();
  }

  /**
   * Each page's future ends here: composed, a long book would be a chain of futures as long as
   * itself.
   */
  private void sendNext() {
    vertx
        .executeBlocking(this::page, false)
        .compose(this::sendPage)
        .onSuccess(this::goOn)
        .onFailure(sent::fail);
  }

  private Future<Boolean> sendPage(Buffer page) {
    return page.length() == 0 ? response.end().map(false) : response.write(page).map(true);
  }

  private void goOn(boolean more) {
    if (more) {
      sendNext();
    } else {
      sent.complete();
    }
  }

  /** The next page; empty only at the end of the books. Blocking. */
  private Buffer page() {
    return Answers.bytes(this::writePage);
  }

  private void writePage(JsonGenerator json) throws IOException {
    int left = PAGE_LINES;
    while (left > 0) {
      FileLine line = lines.next();
      if (line == null) {
        return;
      }
      if (line instanceof BookLine book
          && book.entry().moved()
          && !book.instant().isBefore(since)
          && writer.write(json, book)) {
        left--;
      }
    }
  }

  /** Credits and test credits, as {@code GET /books} shows them. */
  static boolean booking(JsonGenerator json, BookLine line) throws IOException {
    Booking.Kind kind = line.entry().booked();
    if (kind != null) {
      line.writeBooking(json, kind);
    }
    return kind != null;
  }

  /** Credits and returns, as {@code GET /statement} shows them. */
  static boolean entry(JsonGenerator json, BookLine line) throws IOException {
    boolean shown = line.entry() != Entry.TEST_CREDIT;
    if (shown) {
      line.writeEntry(json);
    }
    return shown;
  }

  /** Writes a line of money that moved, or leaves it out and says false. */
  @FunctionalInterface
  interface LineWriter {
    boolean write(JsonGenerator json, BookLine line) throws IOException;
  }
}
