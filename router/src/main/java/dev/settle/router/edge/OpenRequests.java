package dev.settle.router.edge;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * The requests of one connection whose body or answer is not at its end. HTTP/1 has one at a time,
 * HTTP/2 as many as it has streams. Nothing tells when one ends: it is looked at when it matters.
 */
final class OpenRequests {

  /** A request, and when it began. */
  static final class Open {
    private final HttpServerRequest request;
    private final long sinceNanos;
    private boolean upload;

    Open(HttpServerRequest request, long sinceNanos) {
      this.request = request;
      this.sinceNanos = sinceNanos;
    }

    HttpServerRequest request() {
      return request;
    }

    long sinceNanos() {
      return sinceNanos;
    }

    /** Whether somebody else looks after its body. */
    boolean isUpload() {
      return upload;
    }

    boolean isOver() {
      return request.response().closed() || (request.isEnded() && request.response().ended());
    }
  }

  private static final int FEW = 8;

  private final ArrayDeque<Open> open = new ArrayDeque<>(1);
  private int many = FEW;

  void add(HttpServerRequest request, long nowNanos) {
    if (request.version() != HttpVersion.HTTP_2) {
      open.clear();
    } else if (open.size() >= many) {
      removeOver();
      // What is open is looked through once for as many new ones, and not for each.
      many = Math.max(FEW, 2 * open.size());
    }
    open.add(new Open(request, nowNanos));
  }

  void uploads(HttpServerRequest request) {
    for (Open each : open) {
      each.upload |= each.request == request;
    }
  }

  /** Whether there is none; forgets those that are over. */
  boolean isEmpty() {
    removeOver();
    return open.isEmpty();
  }

  /** How many there were at the last look. */
  int size() {
    return open.size();
  }

  private void removeOver() {
    for (Iterator<Open> each = open.iterator(); each.hasNext(); ) {
      if (each.next().isOver()) {
        each.remove();
      }
    }
  }

  Iterable<Open> each() {
    return open;
  }
}
