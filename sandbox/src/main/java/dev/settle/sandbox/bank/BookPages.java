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
  private final HttpServerResponse response;
  private final Promise<Void> sent = Promise.promise();

  private BookPages(Vertx vertx, BookLines lines, Instant since, HttpServerResponse response) {
    this.vertx = vertx;
    this.lines = lines;
    this.since = since;
    this.response = response;
  }

  /**
   * Sends every booking not before {@code since}; completes when the client has them or is gone.
   */
  static Future<Void> send(Vertx vertx, Path books, Instant since, HttpServerResponse response) {
    return vertx
        .executeBlocking(() -> new BookLines(books))
        .compose(
            lines ->
                new BookPages(vertx, lines, since, response)
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
      BookLine line = lines.next();
      if (line == null) {
        return;
      }
      Booking.Kind kind = line.kind();
      if (kind != null && !line.instant().isBefore(since)) {
        line.writeBooking(json, kind);
        left--;
      }
    }
  }
}
