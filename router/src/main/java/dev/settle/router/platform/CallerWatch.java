package dev.settle.router.platform;

import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/** Whoever watches one connection, and is told of its requests what he cannot see. */
public interface CallerWatch {

  /** Where a connection has its watch. */
  AttributeKey<CallerWatch> KEY = AttributeKey.valueOf("settle.caller.watch");

  /** A request is refused with this. */
  void refused(Problem problem);

  /** A request's body may take as long as it likes: somebody looks after each line of it. */
  void uploads(HttpServerRequest request);

  /** The watch of the request's connection; null where there is none, as in small tests. */
  static @Nullable CallerWatch of(HttpServerRequest request) {
    return request.connection() instanceof ConnectionBase line
        ? line.channel().attr(KEY).get()
        : null;
  }
}
