package dev.settle.router.webhook;

import dev.settle.router.platform.Limits;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks this machine's resolver, on threads of its own. A thread that waits for a name server cannot
 * be called back when its caller has given up; it is taken until it returns. So a host has one
 * thread at most, and whoever asks for the same host meanwhile waits for what that one finds; when
 * all are taken, the next host is answered at once as one whose name server does not answer. Safe
 * for several event loops.
 */
public final class SystemResolver implements Resolver {

  private final Vertx vertx;
  private final WorkerExecutor threads;
  private final Names names;
  private final Map<String, Future<List<InetAddress>>> underWay = new HashMap<>();

  /** Finds a host's addresses, none when its name is not known; blocking. */
  @FunctionalInterface
  interface Names {
    List<InetAddress> of(String host);
  }

  public SystemResolver(Vertx vertx) {
    this(vertx, SystemResolver::lookUp);
  }

  SystemResolver(Vertx vertx, Names names) {
    this.vertx = vertx;
    this.threads = vertx.createSharedWorkerExecutor("webhook-names", Limits.WEBHOOK_NAMES_AT_ONCE);
    this.names = names;
  }

  @Override
  public Future<List<InetAddress>> resolve(String host) {
    // What another event loop asked for comes back on its own: to ours.
    Context context = vertx.getOrCreateContext();
    Promise<List<InetAddress>> answer = Promise.promise();
    underWay(host)
        .timeout(Limits.WEBHOOK_CONNECT.toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(found -> context.runOnContext(here -> answer.handle(found)));
    return answer.future();
  }

  private synchronized Future<List<InetAddress>> underWay(String host) {
    Future<List<InetAddress>> already = underWay.get(host);
    if (already != null) {
      return already;
    }
    if (underWay.size() >= Limits.WEBHOOK_NAMES_AT_ONCE) {
      return Future.failedFuture(new TimeoutException("every thread waits for a name server"));
    }
    Future<List<InetAddress>> asked = threads.executeBlocking(() -> names.of(host), false);
    underWay.put(host, asked);
    asked.onComplete(returned -> forget(host));
    return asked;
  }

  private synchronized void forget(String host) {
    underWay.remove(host);
  }

  private static List<InetAddress> lookUp(String host) {
    try {
      return List.of(InetAddress.getAllByName(host));
    } catch (UnknownHostException e) {
      return List.of();
    }
  }
}
