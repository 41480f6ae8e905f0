package dev.settle.router.rail.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/** Collects a bank's answer up to a bound; a longer one is cut off and fails. */
final class BoundedAnswer {

  private final HttpClientResponse response;
  private final int limit;
  private final Buffer collected = Buffer.buffer();
  private final Promise<Buffer> whole = Promise.promise();

  BoundedAnswer(HttpClientResponse response, int limit) {
    this.response = response;
    this.limit = limit;
  }

  Future<Buffer> body() {
    response.exceptionHandler(whole::tryFail);
    response.endHandler(end -> whole.tryComplete(collected));
    response.handler(this::take);
    return whole.future();
  }

  private void take(Buffer piece) {
    if (collected.length() + piece.length() > limit) {
      whole.tryFail(new SandboxException("the bank's answer is longer than " + limit + " bytes"));
      response.request().reset();
    } else {
      collected.appendBuffer(piece);
    }
  }
}
