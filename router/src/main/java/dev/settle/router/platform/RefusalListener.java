package dev.settle.router.platform;

import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/** Hears, for one connection, what requests on it are refused. */
@FunctionalInterface
public interface RefusalListener {

  /** Where a connection has its listener. */
  AttributeKey<RefusalListener> KEY = AttributeKey.valueOf("settle.refusals");

  /** A request is about to be answered with this. */
  void refused(Problem problem);

  /** The listener of the request's connection; null where nobody listens, as in small tests. */
  static @Nullable RefusalListener of(HttpServerRequest request) {
    return request.connection() instanceof ConnectionBase line
        ? line.channel().attr(KEY).get()
        : null;
  }
}
