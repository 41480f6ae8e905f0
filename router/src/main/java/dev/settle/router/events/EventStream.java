package dev.settle.router.events;

import dev.settle.router.platform.Limits;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One reader's stream. What it does not read is not kept: of the figures only the newest, of the
 * others {@link Limits#EVENTS_WAITING}; with more the stream ends, and the reader reads anew what
 * it shows. Belongs to the event loop of its connection; {@link #offer} and {@link #end} may be
 * called from any thread.
 */
final class EventStream {

  /** Why a stream ends. */
  enum Why {
    TOKEN_EXPIRED,
    LEAVING,
    BEHIND
  }

  private final Vertx vertx;
  private final Context context;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final String reader;
  private final Set<EventTopic> topics;
  private final ArrayDeque<String> waiting = new ArrayDeque<>();
  private @Nullable String newest;
  private long saidNanos = System.nanoTime();
  private long ticks = -1;
  private long expiry = -1;
  private boolean over;
  private Runnable closed = () -> {};

  /**
   * @param reader who reads it
   */
  EventStream(
      Vertx vertx,
      Context context,
      HttpServerRequest request,
      String reader,
      Set<EventTopic> topics) {
    this.vertx = vertx;
    this.context = context;
    this.request = request;
    this.response = request.response();
    this.reader = reader;
    this.topics = topics;
  }

  String reader() {
    return reader;
  }

  /**
   * Begins it.
   *
   * @param valid how long the reader's token is
   * @param atItsEnd called when nobody reads any more, however it ended
   */
  void start(Duration valid, Runnable atItsEnd) {
    closed = atItsEnd;
    response
        .setChunked(true)
        .setWriteQueueMaxSize(Limits.EVENT_STREAM_BYTES)
        .putHeader("Content-Type", "text/event-stream; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        // A proxy that gathers an answer would keep it for ever.
        .putHeader("X-Accel-Buffering", "no")
        .drainHandler(drained -> flush())
        .exceptionHandler(gone -> close())
        .closeHandler(gone -> close());
    expiry = vertx.setTimer(Math.max(1, valid.toMillis()), tick -> finish(Why.TOKEN_EXPIRED));
    ticks = vertx.setPeriodic(Limits.EVENT_STREAM_TICK.toMillis(), tick -> tick());
    write(":\n\n");
  }

  /** Tells the reader, if he asked for it. */
  void offer(EventTopic topic, String event) {
    if (topics.contains(topic)) {
      context.runOnContext(turn -> take(topic, event));
    }
  }

  /** Says why, and ends. */
  void end(Why why) {
    context.runOnContext(turn -> finish(why));
  }

  private void take(EventTopic topic, String event) {
    if (over) {
      return;
    }
    if (topic == EventTopic.NOW) {
      newest = event;
    } else if (waiting.size() < Limits.EVENTS_WAITING) {
      waiting.add(event);
    } else {
      finish(Why.BEHIND);
      return;
    }
    flush();
  }

  private void flush() {
    while (!over && !response.writeQueueFull()) {
      String next = waiting.poll();
      if (next == null) {
        next = newest;
        newest = null;
      }
      if (next == null) {
        return;
      }
      write(next);
    }
  }

  private void write(String text) {
    saidNanos = System.nanoTime();
    response.write(text);
  }

  /** Shows that the line is alive; and gives up a reader who takes nothing at all. */
  private void tick() {
    if (over) {
      return;
    }
    long silent = System.nanoTime() - saidNanos;
    if (response.closed()) {
      // Before anybody was there to be told.
      close();
    } else if (response.writeQueueFull()) {
      if (silent > Limits.EVENT_STREAM_STUCK.toNanos()) {
        cut();
      }
    } else if (silent > Limits.EVENT_HEARTBEAT.toNanos()) {
      write(":\n\n");
    }
  }

  /** It keeps its place until its reader has taken the end, or takes nothing for too long. */
  private void finish(Why why) {
    if (over) {
      return;
    }
    stop();
    long patience = vertx.setTimer(Limits.EVENT_STREAM_STUCK.toMillis(), tick -> cut());
    write(text("end", new JsonObject().put("why", why.name())));
    response
        .end()
        .onComplete(
            taken -> {
              vertx.cancelTimer(patience);
              close();
            });
  }

  /**
   * Drops what waits for the reader, and of HTTP/1 the connection. There a reset, and a close of
   * the channel, come behind what waits, and so not before the connection has been idle for long;
   * below Vert.x's own handler a close is one.
   */
  private void cut() {
    close();
    if (request.version() != HttpVersion.HTTP_2
        && request.connection() instanceof ConnectionBase line) {
      line.channelHandlerContext().close();
    } else {
      response.reset();
    }
  }

  private void close() {
    stop();
    closed.run();
  }

  private void stop() {
    over = true;
    waiting.clear();
    newest = null;
    vertx.cancelTimer(expiry);
    vertx.cancelTimer(ticks);
  }

  /** An event as a stream carries it. */
  static String text(String name, JsonObject data) {
    return "event: " + name + "\ndata: " + data.encode() + "\n\n";
  }
}
