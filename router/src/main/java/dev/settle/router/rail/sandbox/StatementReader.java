package dev.settle.router.rail.sandbox;

import dev.settle.router.platform.Limits;
import dev.settle.router.platform.LineSplitter;
import dev.settle.router.rail.StatementEntry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Reads the bank's statement line by line and hands over the entries of each piece that comes; the
 * next piece is asked for when these were taken.
 */
final class StatementReader {

  private final HttpClientResponse response;
  private final Function<List<StatementEntry>, Future<Void>> take;
  private final LineSplitter lines = new LineSplitter(Limits.STATEMENT_LINE_BYTES);
  private final Promise<Void> whole = Promise.promise();
  private long line;

  StatementReader(HttpClientResponse response, Function<List<StatementEntry>, Future<Void>> take) {
    this.response = response;
    this.take = take;
  }

  /** Done when every entry was taken; fails at the first that is none, and when it is cut off. */
  Future<Void> read() {
    response.exceptionHandler(whole::tryFail);
    response.handler(this::piece);
    response.endHandler(end -> end());
    return whole.future();
  }

  private void piece(Buffer piece) {
    response.pause();
    lines.feed(piece.getBytes());
    handOver(false).onSuccess(taken -> response.resume()).onFailure(whole::tryFail);
  }

  /** Comes when the last piece was taken: a paused response does not end. */
  private void end() {
    lines.feed(new byte[0]);
    handOver(true).onSuccess(taken -> whole.tryComplete()).onFailure(whole::tryFail);
  }

  private Future<Void> handOver(boolean ended) {
    List<StatementEntry> entries = new ArrayList<>();
    try {
      while (lines.next(ended)) {
        line++;
        if (!lines.isBlank()) {
          entries.add(entry());
        }
      }
    } catch (SandboxException notAnEntry) {
      return Future.failedFuture(notAnEntry);
    }
    return entries.isEmpty() ? Future.succeededFuture() : take.apply(entries);
  }

  private StatementEntry entry() {
    if (lines.isTooLong()) {
      throw new SandboxException("line " + line + " of the bank's statement is too long");
    }
    return StatementLine.read(lines.bytes(), lines.offset(), lines.length(), line);
  }
}
