package dev.settle.router.webhook;

import dev.settle.router.platform.Limits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Asks this machine's resolver, on threads of its own: as many as there are messages under way, so
 * that a name server that does not answer for one host keeps no other waiting.
 */
public final class SystemResolver implements Resolver {

  private final WorkerExecutor threads;

  public SystemResolver(Vertx vertx) {
    this.threads = vertx.createSharedWorkerExecutor("webhook-names", Limits.WEBHOOK_NAMES_AT_ONCE);
  }

  @Override
  public Future<List<InetAddress>> resolve(String host) {
    return threads
        .executeBlocking(() -> lookUp(host), false)
        .timeout(Limits.WEBHOOK_CONNECT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static List<InetAddress> lookUp(String host) {
    try {
      return List.of(InetAddress.getAllByName(host));
    } catch (UnknownHostException e) {
      return List.of();
    }
  }
}
