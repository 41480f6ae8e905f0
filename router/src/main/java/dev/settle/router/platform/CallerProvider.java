package dev.settle.router.platform;

import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxServiceProvider;

/** Makes room for a {@link Caller} in every context, before Vert.x makes the first. */
public final class CallerProvider implements VertxServiceProvider {

  @Override
  public void init(VertxBootstrap bootstrap) {
    Caller.register();
  }
}
