package dev.settle.router.platform;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** Reads request bodies up to a bound. */
public final class Bodies {

  private Bodies() {}

  /**
   * The whole body. Fails with {@link Problem#tooLarge} as soon as it is known to be longer than
   * {@code limit} bytes, and with the connection's failure when it is cut off.
   */
  public static Future<Buffer> read(HttpServerRequest request, int limit) {
    Promise<Buffer> promise = Promise.promise();
    if (statedLength(request) > limit) {
      promise.fail(new ProblemException(Problem.tooLarge(limit)));
      return promise.future();
    }
    request.handler(new Collector(request, limit, promise));
    request.exceptionHandler(promise::tryFail);
    goOn(request);
    request.resume();
    return promise.future();
  }

  /** Tells a client that asked before it sends the body ({@code Expect}) to send it. */
  static void goOn(HttpServerRequest request) {
    if (awaitsContinue(request)) {
      request.headers().remove(HttpHeaders.EXPECT);
      request.response().writeContinue();
    }
  }

  /** Whether the client waits for a word before it sends the body. */
  static boolean awaitsContinue(HttpServerRequest request) {
    return "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT));
  }

  /** Whether the request's media type, without its parameters, is {@code expected}. */
  public static boolean isOf(HttpServerRequest request, String expected) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null) {
      return false;
    }
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).trim().equalsIgnoreCase(expected);
  }

  /** The length that the head states, or -1. */
  static long statedLength(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? -1 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  /** Most bodies come in one piece and are handed on without a copy. */
  private static final class Collector implements io.vertx.core.Handler<Buffer> {
    private final int limit;
    private final Promise<Buffer> promise;
    private @Nullable Buffer first;
    private @Nullable Buffer all;

    Collector(HttpServerRequest request, int limit, Promise<Buffer> promise) {
      this.limit = limit;
      this.promise = promise;
      request.endHandler(end -> promise.tryComplete(body()));
    }

    private Buffer body() {
      Buffer whole = all != null ? all : first;
      return whole != null ? whole : Buffer.buffer();
    }

    @Override
    public void handle(Buffer piece) {
      if (promise.future().isComplete()) {
        return;
      }
      if (first == null) {
        first = piece;
      } else {
        if (all == null) {
          all = Buffer.buffer().appendBuffer(first);
        }
        all.appendBuffer(piece);
      }
      if (body().length() > limit) {
        promise.tryFail(new ProblemException(Problem.tooLarge(limit)));
      }
    }
  }
}
