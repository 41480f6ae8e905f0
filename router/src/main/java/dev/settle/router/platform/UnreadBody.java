package dev.settle.router.platform;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/**
 * The body of a request that is answered before it was read. It is read on and thrown away, up to
 * {@link Limits#DISCARDED_BYTES}: closing at once would make the client's kernel throw the answer
 * away, and the connection can be used again. Belongs to one event loop.
 */
final class UnreadBody implements Handler<Buffer> {

  private final HttpServerRequest request;
  private long discarded;

  private UnreadBody(HttpServerRequest request) {
    this.request = request;
  }

  /** Ends the response with {@code answer}, and takes care of what is left of the body. */
  static void answer(HttpServerRequest request, Buffer answer) {
    HttpServerResponse response = request.response();
    if (request.isEnded()) {
      response.end(answer);
    } else if (Bodies.awaitsContinue(request)
        || Bodies.statedLength(request) > Limits.DISCARDED_BYTES) {
      if (!isMultiplexed(request)) {
        response.putHeader(HttpHeaders.CONNECTION, "close");
      }
      response.end(answer).onComplete(written -> stop(request));
    } else {
      request.handler(new UnreadBody(request));
      response.end(answer);
      request.resume();
    }
  }

  @Override
  public void handle(Buffer piece) {
    discarded += piece.length();
    if (discarded > Limits.DISCARDED_BYTES) {
      request.pause();
      stop(request);
    }
  }

  static void stop(HttpServerRequest request) {
    if (isMultiplexed(request)) {
      request.response().reset();
    } else {
      request.connection().close();
    }
  }

  private static boolean isMultiplexed(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_2;
  }
}
