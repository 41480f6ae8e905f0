package dev.settle.router.app;

import com.hazelcast.core.HazelcastInstance;
import dev.settle.router.access.ApiKeyFeed;
import dev.settle.router.audit.AuditKeeper;
import dev.settle.router.audit.AuditWatch;
import dev.settle.router.binding.RouteFeed;
import dev.settle.router.breaks.BreakStore;
import dev.settle.router.cardchange.CardChangeStore;
import dev.settle.router.cardchange.ChangeClock;
import dev.settle.router.credit.Partitions;
import dev.settle.router.credit.UnpostedStore;
import dev.settle.router.dispatch.Dispatcher;
import dev.settle.router.dispatch.Enquirer;
import dev.settle.router.dispatch.ExceptionOrders;
import dev.settle.router.dispatch.FenceAudit;
import dev.settle.router.dispatch.OverdueWatch;
import dev.settle.router.dispatch.RailWatch;
import dev.settle.router.dispatch.Releaser;
import dev.settle.router.dispatch.Sweep;
import dev.settle.router.edge.HeadCheck;
import dev.settle.router.events.EventHub;
import dev.settle.router.events.EventTopic;
import dev.settle.router.events.Pulse;
import dev.settle.router.platform.Databases;
import dev.settle.router.platform.Limits;
import dev.settle.router.rail.Rail;
import dev.settle.router.railorder.RailOrderStore;
import dev.settle.router.railorder.RailStopFeed;
import dev.settle.router.telemetry.BookGauges;
import dev.settle.router.telemetry.BreakGauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.sqlclient.Pool;
import java.util.List;

/**
 * What a node does once and not for each event loop: lease and sweep, enquiries at banks, the
 * release of what was held, operators' orders, the audit of the fence, the chain of the audit,
 * partitions, the book's gauges, the management port.
 */
final class KeeperVerticle extends VerticleBase {

  private final NodeParts parts;
  private final HazelcastInstance hazelcast;
  private final PrometheusMeterRegistry registry;
  private HttpServer server;
  private Sweep sweep;
  private Releaser releaser;
  private ExceptionOrders orders;
  private Enquirer enquirer;
  private ChangeClock changes;
  private RouteFeed routes;
  private RailStopFeed railStops;
  private Pulse pulse;
  private Webhooks webhooks;
  private Health health;
  private AuditKeeper trail;

  @SuppressWarnings("NullAway.Init") // Made in start(), on the event loop that they belong to.
  KeeperVerticle(NodeParts parts, HazelcastInstance hazelcast, PrometheusMeterRegistry registry) {
    this.parts = parts;
    this.hazelcast = hazelcast;
    this.registry = registry;
  }

  @Override
  public Future<?> start() {
    var settings = parts.settings();
    var sweeping =
        parts.dispatch(
            pool(Limits.DISPATCHER_CONNECTIONS, "/sweep"), settings.nodeName() + "/sweep");
    var dispatcher = new Dispatcher(vertx, sweeping, Limits.CONSIGNMENTS_PER_RAIL);
    sweep = new Sweep(vertx, parts.lease(), dispatcher, sweeping);
    enquirer = new Enquirer(vertx, sweeping);
    var railWatch = new RailWatch(vertx, sweeping);
    var overdueWatch = new OverdueWatch(vertx, sweeping);
    var releasing =
        parts.dispatch(
            pool(Limits.DISPATCHER_CONNECTIONS, "/release"), settings.nodeName() + "/release");
    // One consignment at once: what is released is sent in order of age.
    var released = new Dispatcher(vertx, releasing, 1);
    releaser = new Releaser(vertx, releasing, released);
    orders = new ExceptionOrders(vertx, releasing, released);
    trail = new AuditKeeper(vertx, parts.audit());
    var trailWatch = new AuditWatch(vertx, parts.queries(), parts.metrics());
    var audit = new FenceAudit(vertx, parts.control(), parts.metrics());
    changes =
        new ChangeClock(
            vertx,
            new CardChangeStore(parts.control(), parts.cipher()),
            parts.rails(),
            parts.vault(),
            parts.bindings(),
            settings.cardChange(),
            parts.metrics());
    Pool feed = pool(Limits.FEED_CONNECTIONS, "/feed");
    routes =
        new RouteFeed(
            vertx,
            feed,
            () -> Databases.subscriber(vertx, settings.database(), settings.nodeName() + "/routes"),
            parts.bindings(),
            settings.bindingStaleness(),
            parts.metrics());
    railStops = new RailStopFeed(vertx, new RailOrderStore(feed), parts.rails().stops());
    routes.alsoHear(EventHub.CHANNEL, this::noticed, parts.events()::missed);
    var apiKeys = Access.feed(vertx, feed, parts);
    routes.alsoHear(ApiKeyFeed.CHANNEL, notice -> apiKeys.look(), apiKeys::look);
    pulse = new Pulse(vertx, parts.figures(), parts.events(), () -> Consoles.reading(parts));
    webhooks = new Webhooks(vertx, parts, pool(Limits.WEBHOOK_CONNECTIONS, "/webhooks"));
    var standby = new StandbyWatch(vertx, feed);
    health = new Health(vertx, feed, hazelcast, routes::health, standby::health);
    var gauges =
        new BookGauges(
            vertx, new UnpostedStore(parts.queries()), rails(), registry, parts.figures()::read);
    var breaks = new BreakGauge(vertx, new BreakStore(parts.queries()), rails(), registry);
    var partitions = new Partitions(vertx, parts.control(), settings.replayWindow());
    return partitions
        .start()
        // A book that takes long to read keeps no node from starting; the gauges say how old they
        // are.
        .compose(made -> routes.start())
        .compose(heard -> railStops.start())
        .compose(read -> apiKeys.start())
        .compose(read -> standby.start())
        .compose(looked -> gauges.start().otherwiseEmpty())
        .onSuccess(read -> breaks.start())
        .onSuccess(read -> sweep.start())
        .onSuccess(read -> enquirer.start())
        .onSuccess(read -> railWatch.start())
        .onSuccess(read -> overdueWatch.start())
        .onSuccess(read -> releaser.start())
        .onSuccess(read -> orders.start())
        .onSuccess(read -> audit.start())
        .onSuccess(read -> trail.start())
        .onSuccess(read -> trailWatch.start())
        .onSuccess(read -> changes.start())
        .onSuccess(read -> pulse.start())
        .onSuccess(read -> webhooks.start())
        .compose(read -> listen());
  }

  private void noticed(String payload) {
    if (parts.events().notice(payload) == EventTopic.RAIL) {
      railStops.look();
    }
  }

  private List<String> rails() {
    return parts.rails().all().stream().map(Rail::name).toList();
  }

  private Pool pool(int connections, String use) {
    var settings = parts.settings();
    return Databases.pool(vertx, settings.database(), connections, settings.nodeName() + use);
  }

  private Future<HttpServer> listen() {
    parts.entrance().openManagement(parts.settings().managementPort());
    return vertx
        .createHttpServer(Entrance.serverOptions())
        .requestHandler(new HeadCheck(new Management(registry, health)))
        .listen(parts.settings().managementPort(), parts.settings().httpHost())
        .onSuccess(
            listening -> {
              server = listening;
              parts.entrance().openManagement(listening.actualPort());
            });
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
    context.runOnContext(turn -> stopHere().onComplete(stopped));
    return stopped.future();
  }

  /** The last of all: what was recorded until now is linked. */
  Future<Void> stopAudit() {
    Promise<Void> stopped = Promise.promise();
    context.runOnContext(turn -> trail.stop().onComplete(stopped));
    return stopped.future();
  }

  /** Nothing new is begun before what was begun is at its end. */
  private Future<Void> stopHere() {
    return changes
        .stop()
        .compose(
            quiet ->
                Future.join(
                    sweep.stop(), releaser.stop(), orders.stop(), enquirer.stop(), webhooks.stop()))
        .onComplete(done -> pulse.stop())
        .eventually(routes::stop)
        .mapEmpty();
  }
}
