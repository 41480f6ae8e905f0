package dev.settle.router.platform;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One upload of newline-delimited JSON, answered line by line in the order of the lines, each as
 * soon as its answer is there. Any length in constant memory: a piece of the request is asked for
 * only when all of the piece before was taken, fewer than a window of lines wait for their answer,
 * and the reader of the answers keeps up.
 *
 * <p>Lines are numbered from 1 as they stand in the body; empty ones are counted and not answered.
 * Belongs to one event loop.
 */
public final class NdjsonExchange {

  public static final String CONTENT_TYPE = "application/x-ndjson";

  /** What takes the lines. */
  public interface LineHandler {

    /**
     * Takes a line; its bytes may be used only during the call. When there is no room, returns
     * false, and calls {@code resume} once when there is.
     */
    boolean take(byte[] bytes, int offset, int length, Answer answer, Runnable resume);

    /** Answers a line that is longer than the limit and was not kept. */
    void tooLong(Answer answer);

    /**
     * Whether an upload is to come again later. Asked before its body is asked for and before its
     * first line is taken, never afterwards.
     */
    default boolean isBusy() {
      return false;
    }

    /** An upload was refused, because that was so. */
    default void refused() {}
  }

  /** The place of one line's answer. */
  public static final class Answer {
    private final NdjsonExchange exchange;
    private final long line;
    private @Nullable String json;

    Answer(NdjsonExchange exchange, long line) {
      this.exchange = exchange;
      this.line = line;
    }

    /** The line's number, from 1. */
    public long line() {
      return line;
    }

    /** Gives the answer, one JSON object without a newline, on the exchange's event loop. */
    public void give(String object) {
      json = object;
      exchange.flushSoon();
    }
  }

  private static final Problem TOO_SLOW =
      new Problem(
          408,
          "line-too-slow",
          null,
          "A line is to come within "
              + Limits.UPLOAD_LINE.toSeconds()
              + " seconds; send again what was not answered.");

  private final Vertx vertx;
  private final Context context;
  private final HttpServerRequest request;
  private final @Nullable CallerWatch watch;
  private final HttpServerResponse response;
  private final LineHandler handler;
  private final LineSplitter lines;
  private final byte @Nullable [] held;
  private int heldTaken;
  private final ArrayDeque<Answer> waiting = new ArrayDeque<>();
  private boolean begun;
  private boolean blocked;
  private boolean asked;
  private boolean ended;
  private boolean gone;
  private boolean flushScheduled;
  private long lineNo;
  private long askedNanos;
  private long lineSinceNanos;
  private long looks = -1;

  private NdjsonExchange(
      Vertx vertx,
      HttpServerRequest request,
      byte @Nullable [] held,
      int lineLimit,
      LineHandler handler) {
    this.vertx = vertx;
    this.held = held;
    this.context = vertx.getOrCreateContext();
    this.request = request;
    this.watch = CallerWatch.of(request);
    this.response = request.response();
    this.handler = handler;
    this.lines = new LineSplitter(lineLimit);
  }

  /** Answers {@code request}, whose lines have at most {@code lineLimit} bytes. */
  public static void serve(
      Vertx vertx, HttpServerRequest request, int lineLimit, LineHandler handler) {
    new NdjsonExchange(vertx, request, null, lineLimit, handler).start();
  }

  /** The same for a request whose body, {@code held}, was read before. */
  public static void serve(
      Vertx vertx, HttpServerRequest request, byte[] held, int lineLimit, LineHandler handler) {
    new NdjsonExchange(vertx, request, held, lineLimit, handler).start();
  }

  private void start() {
    if (handler.isBusy()) {
      refuse();
      return;
    }
    if (watch != null) {
      watch.uploads(request);
    }
    if (held == null) {
      response.exceptionHandler(lost -> over());
      response.closeHandler(closed -> over());
      request.exceptionHandler(cutOff -> over());
      looks = vertx.setPeriodic(Limits.UPLOAD_LOOK.toMillis(), look -> look());
      request.pause();
      request.handler(this::piece);
      request.endHandler(end -> end());
      Bodies.goOn(request);
    }
    askForMore();
  }

  /** Who read the body before hears by handlers of his own when the line is lost; they stay. */
  private boolean isGone() {
    gone |= held != null && response.closed();
    return gone;
  }

  private void askForMore() {
    if (!asked
        && !blocked
        && !ended
        && waiting.size() < Limits.BULK_WINDOW_LINES
        && !response.writeQueueFull()) {
      asked = true;
      if (held == null) {
        askedNanos = System.nanoTime();
        request.fetch(1);
      } else {
        context.runOnContext(turn -> nextOf(held));
      }
    }
  }

  /** By pieces, as from the network: no more lines wait for their answers than of a stream. */
  private void nextOf(byte[] whole) {
    int end = Math.min(whole.length, heldTaken + Limits.HELD_PIECE_BYTES);
    Buffer piece = Buffer.buffer(Arrays.copyOfRange(whole, heldTaken, end));
    heldTaken = end;
    piece(piece);
    if (heldTaken == whole.length && !isGone()) {
      end();
    }
  }

  /** A byte now and then keeps no place: lines have to come to their end. */
  private void look() {
    if (gone || response.ended()) {
      over();
    } else if (asked && !ended) {
      long now = System.nanoTime();
      boolean silent = now - askedNanos > Limits.UPLOAD_SILENCE.toNanos();
      boolean dripping =
          lines.hasUnfinished() && now - lineSinceNanos > Limits.UPLOAD_LINE.toNanos();
      if (silent || dripping) {
        tooSlow();
      }
    }
  }

  private void tooSlow() {
    over();
    if (response.headWritten()) {
      if (watch != null) {
        watch.refused(TOO_SLOW);
      }
      response.write(TOO_SLOW.line(lineNo + 1, "REFUSED").encode() + "\n");
    }
    TOO_SLOW.answer(request);
    UnreadBody.stop(request);
  }

  private void over() {
    gone = true;
    vertx.cancelTimer(looks);
  }

  private void refuse() {
    over();
    Problem.BUSY.answer(request);
    handler.refused();
  }

  private void piece(Buffer piece) {
    asked = false;
    if (!begun && handler.isBusy()) {
      refuse();
      return;
    }
    begun = true;
    long before = lineNo;
    boolean unfinished = lines.hasUnfinished();
    lines.feed(piece.getBytes());
    takeLines();
    if (!unfinished || lineNo != before) {
      lineSinceNanos = System.nanoTime();
    }
  }

  private void takeLines() {
    blocked = false;
    while (!isGone() && lines.next(ended)) {
      lineNo++;
      if (lines.isBlank()) {
        continue;
      }
      Answer answer = new Answer(this, lineNo);
      if (lines.isTooLong()) {
        waiting.add(answer);
        handler.tooLong(answer);
      } else if (handler.take(
          lines.bytes(), lines.offset(), lines.length(), answer, this::takeLines)) {
        waiting.add(answer);
      } else {
        lines.putBack();
        lineNo--;
        blocked = true;
        return;
      }
    }
    flushSoon();
  }

  private void end() {
    ended = true;
    takeLines();
  }

  private void flushSoon() {
    if (!flushScheduled) {
      flushScheduled = true;
      context.runOnContext(turn -> flush());
    }
  }

  /**
   * Writes what is answered up to the first line that is not; while the reader does not keep up,
   * nothing.
   */
  private void flush() {
    flushScheduled = false;
    if (isGone() || response.ended()) {
      return;
    }
    if (response.writeQueueFull()) {
      response.drainHandler(drained -> flush());
      return;
    }
    Buffer out = Buffer.buffer();
    while (!waiting.isEmpty() && waiting.element().json != null) {
      out.appendString(waiting.remove().json).appendByte((byte) '\n');
    }
    if (out.length() > 0) {
      write(out);
    }
    if (ended && !blocked && waiting.isEmpty()) {
      finish();
    } else {
      askForMore();
    }
  }

  private void write(Buffer out) {
    if (!response.headWritten()) {
      response.setChunked(true).putHeader("Content-Type", CONTENT_TYPE);
    }
    response.write(out);
    if (response.writeQueueFull()) {
      response.drainHandler(drained -> flush());
    }
  }

  private void finish() {
    vertx.cancelTimer(looks);
    if (response.headWritten()) {
      response.end();
    } else {
      new Problem(400, "empty-body", null, "Send at least one line of JSON.").answer(request);
    }
  }
}
