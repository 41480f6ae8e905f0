package dev.settle.router.app;

import com.hazelcast.core.HazelcastInstance;
import dev.settle.router.cardchange.CardChangeStore;
import dev.settle.router.cardchange.ChangeClock;
import dev.settle.router.credit.Partitions;
import dev.settle.router.credit.UnpostedStore;
import dev.settle.router.dispatch.Dispatcher;
import dev.settle.router.dispatch.Sweep;
import dev.settle.router.platform.Databases;
import dev.settle.router.platform.Limits;
import dev.settle.router.telemetry.BookGauges;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;

/**
 * What a node does once and not for each event loop: lease and sweep, partitions, the book's
 * gauges, the management port.
 */
final class KeeperVerticle extends VerticleBase {

  private final NodeParts parts;
  private final HazelcastInstance hazelcast;
  private final PrometheusMeterRegistry registry;
  private HttpServer server;
  private Sweep sweep;
  private ChangeClock changes;
  private Health health;

  @SuppressWarnings("NullAway.Init") // Made in start(), on the event loop that they belong to.
  KeeperVerticle(NodeParts parts, HazelcastInstance hazelcast, PrometheusMeterRegistry registry) {
    this.parts = parts;
    this.hazelcast = hazelcast;
    this.registry = registry;
  }

  @Override
  public Future<?> start() {
    var settings = parts.settings();
    String writer = settings.nodeName() + "/sweep";
    var dispatcher =
        new Dispatcher(
            Databases.pool(vertx, settings.database(), Limits.DISPATCHER_CONNECTIONS, writer),
            parts.lease().nodeId(),
            writer,
            parts.bindings(),
            parts.routing(),
            parts.vault(),
            parts.rails(),
            parts.inMemory(),
            parts.metrics());
    sweep = new Sweep(vertx, parts.lease(), dispatcher, parts.rails(), parts.inMemory());
    changes =
        new ChangeClock(
            vertx,
            new CardChangeStore(parts.queries(), parts.cipher()),
            parts.rails(),
            parts.vault(),
            parts.bindings(),
            settings.cardChange(),
            parts.metrics());
    health = new Health(vertx, parts.queries(), hazelcast);
    var gauges = new BookGauges(vertx, new UnpostedStore(parts.queries()), registry);
    var partitions = new Partitions(vertx, parts.queries(), settings.replayWindow());
    return partitions
        .start()
        .compose(made -> gauges.start())
        .onSuccess(read -> sweep.start())
        .onSuccess(read -> changes.start())
        .compose(read -> listen());
  }

  private Future<HttpServer> listen() {
    return vertx
        .createHttpServer()
        .requestHandler(new Management(registry, health))
        .listen(parts.settings().managementPort(), parts.settings().httpHost())
        .onSuccess(listening -> server = listening);
  }

  int port() {
    return server.actualPort();
  }

  void serving() {
    health.serving();
  }

  void draining() {
    health.draining();
  }

  Future<Void> stopSweep() {
    // On the event loop that the sweep belongs to, whoever calls.
    Promise<Void> stopped = Promise.promise();
    context.runOnContext(turn -> changes.stop().compose(quiet -> sweep.stop()).onComplete(stopped));
    return stopped.future();
  }
}
