package dev.settle.router.edge;

import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The first look at a request: it is noted on its connection, and refused where its head alone says
 * that it will not be taken. A body is never unpacked: what is sent encoded is refused on every
 * route, before it is read.
 */
public final class HeadCheck implements Handler<HttpServerRequest> {

  private static final Problem ENCODED =
      new Problem(415, "encoded-body", null, "Send the body as it is, without Content-Encoding.");

  private static final Problem TOO_MANY =
      new Problem(
          431,
          "too-many-headers",
          null,
          "A request has at most " + Limits.HEADERS + " headers here; send fewer.");

  private final Handler<HttpServerRequest> next;

  public HeadCheck(Handler<HttpServerRequest> next) {
    this.next = next;
  }

  @Override
  public void handle(HttpServerRequest request) {
    ConnectionGuard.begun(request);
    if (isEncoded(request.getHeader(HttpHeaders.CONTENT_ENCODING))) {
      // RFC 9110, section 15.5.16: what would have been taken.
      request.response().putHeader(HttpHeaders.ACCEPT_ENCODING, HttpHeaders.IDENTITY);
      ENCODED.answer(request);
    } else if (hasTooMany(request)) {
      TOO_MANY.answer(request);
    } else {
      next.handle(request);
    }
  }

  private static boolean isEncoded(@Nullable String coding) {
    return coding != null && !coding.isBlank() && !coding.strip().equalsIgnoreCase("identity");
  }

  private static boolean hasTooMany(HttpServerRequest request) {
    int count = 0;
    for (Iterator<?> each = request.headers().iterator(); each.hasNext(); each.next()) {
      count++;
    }
    return count > Limits.HEADERS;
  }
}
