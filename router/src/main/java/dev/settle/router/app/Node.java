package dev.settle.router.app;

import com.hazelcast.core.HazelcastInstance;
import dev.settle.router.access.Principal;
import dev.settle.router.audit.AuditEvent;
import dev.settle.router.audit.AuditTrail;
import dev.settle.router.audit.SettingsAudit;
import dev.settle.router.binding.AccountCipher;
import dev.settle.router.binding.AccountVault;
import dev.settle.router.binding.BindingStore;
import dev.settle.router.binding.Bindings;
import dev.settle.router.binding.RouteMap;
import dev.settle.router.binding.RouteSerializers;
import dev.settle.router.dispatch.AccountHealth;
import dev.settle.router.dispatch.InMemory;
import dev.settle.router.dispatch.NodeLease;
import dev.settle.router.edge.DoorTransport;
import dev.settle.router.edge.Doors;
import dev.settle.router.edge.RateLimits;
import dev.settle.router.edge.RefusedCaller;
import dev.settle.router.events.ClusterFigures;
import dev.settle.router.events.EventHub;
import dev.settle.router.platform.ClusterInstance;
import dev.settle.router.platform.Databases;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Settings;
import dev.settle.router.rail.CutOff;
import dev.settle.router.rail.Rail;
import dev.settle.router.rail.RailMetrics;
import dev.settle.router.rail.Rails;
import dev.settle.router.rail.sandbox.SandboxConnector;
import dev.settle.router.routing.Routing;
import dev.settle.router.telemetry.MetricName;
import dev.settle.router.telemetry.ProcessGauges;
import dev.settle.router.telemetry.RouterMetrics;
import dev.settle.router.webhook.SystemResolver;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One router, wired together: this file reads like the architecture. A transaction's way: {@link
 * EdgeVerticle} takes it in, {@code Recorder} makes it durable, {@code Dispatcher} brings it to the
 * bank, and {@code Sweep} takes over what stops on the way.
 */
public final class Node {

  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  final HazelcastInstance hazelcast;
  final Vertx vertx;
  final NodeParts parts;
  private final List<EdgeVerticle> edges = new ArrayList<>();
  private final KeeperVerticle keeper;

  private Node(
      HazelcastInstance hazelcast, Vertx vertx, NodeParts parts, PrometheusMeterRegistry registry) {
    this.hazelcast = hazelcast;
    this.vertx = vertx;
    this.parts = parts;
    for (int i = 0; i < parts.settings().eventLoops(); i++) {
      edges.add(new EdgeVerticle(parts, parts.settings().nodeName() + "/" + i));
    }
    this.keeper = new KeeperVerticle(parts, hazelcast, registry);
  }

  /** Starts a node. Blocks while the cluster member starts; never call it from an event loop. */
  public static Future<Node> start(Settings settings) {
    return start(settings, Node::configuredRails);
  }

  /** The rails that the settings name, in order of preference. */
  private static List<Rail> configuredRails(Vertx vertx, Settings settings, RailMetrics metrics) {
    return List.of(new SandboxConnector(vertx, settings.sandboxRail(), metrics));
  }

  /** Makes a node's rails, in order of preference. */
  @FunctionalInterface
  public interface RailsOf {
    List<Rail> make(Vertx vertx, Settings settings, RailMetrics metrics);
  }

  /** As {@link #start(Settings)}, with rails of the caller's. */
  public static Future<Node> start(Settings settings, RailsOf railsOf) {
    HazelcastInstance hazelcast = ClusterInstance.start(settings, RouteSerializers.all());
    VertxOptions options = new VertxOptions().setPreferNativeTransport(true);
    options
        .getEventBusOptions()
        .setHost(hazelcast.getCluster().getLocalMember().getAddress().getHost());
    Doors doors = new Doors();
    return Vertx.builder()
        .with(options)
        .withTransport(new DoorTransport(doors))
        .withClusterManager(new HazelcastClusterManager(hazelcast))
        .buildClustered()
        .compose(vertx -> wire(settings, railsOf, hazelcast, vertx, doors))
        .onFailure(failure -> hazelcast.shutdown());
  }

  private static Future<Node> wire(
      Settings settings, RailsOf railsOf, HazelcastInstance hazelcast, Vertx vertx, Doors doors) {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    ProcessGauges.show(registry);
    var database = settings.database();
    String of = " " + settings.nodeName();
    Pool queries = Databases.readPool(vertx, database, Limits.QUERY_CONNECTIONS, "queries" + of);
    // Apart from the queries, so that no freeze, no sale and no lease waits behind a slow one.
    Pool notices = Databases.pool(vertx, database, Limits.NOTIFICATION_CONNECTIONS, "notices" + of);
    Pool control = Databases.pool(vertx, database, Limits.CONTROL_CONNECTIONS, "control" + of);
    Pool routes = Databases.pool(vertx, database, Limits.ROUTE_CONNECTIONS, "routes" + of);
    Pool audit = Databases.pool(vertx, database, Limits.AUDIT_CONNECTIONS, "audit" + of);
    return NodeLease.take(routes, settings.nodeName())
        .map(
            lease ->
                parts(
                    settings, railsOf, hazelcast, vertx, doors, registry, queries, control, notices,
                    routes, audit, lease))
        .compose(parts -> SettingsAudit.record(audit, settings).map(parts))
        .map(parts -> new Node(hazelcast, vertx, parts, registry))
        .compose(node -> node.deploy().map(node))
        .onFailure(failure -> vertx.close());
  }

  private static NodeParts parts(
      Settings settings,
      RailsOf railsOf,
      HazelcastInstance hazelcast,
      Vertx vertx,
      Doors doors,
      PrometheusMeterRegistry registry,
      Pool queries,
      Pool control,
      Pool notices,
      Pool routes,
      Pool audit,
      NodeLease lease) {
    RouterMetrics metrics = new RouterMetrics(registry);
    AccountCipher cipher = AccountCipher.fromFile(settings.accountKeysetFile());
    BindingStore store = new BindingStore(routes);
    Rails rails = new Rails(railsOf.make(vertx, settings, metrics));
    rails
        .all()
        .forEach(
            rail ->
                metrics.rail(
                    rail.name(),
                    rails.gate(rail)::state,
                    () -> rails.stops().state(rail.name()).figure()));
    var trail = new AuditTrail(vertx, audit, metrics, settings.nodeName());
    EventHub events = Consoles.hub();
    metrics.gauge(MetricName.EVENT_STREAMS, events::open);
    var cluster = new ClusterFigures(hazelcast, settings.nodeName(), Clock.systemUTC());
    AtomicInteger queueDepth = new AtomicInteger();
    showCutOffs(rails, metrics);
    metrics.gauge(MetricName.RECORDER_QUEUE_DEPTH, queueDepth::get);
    metrics.gauge(
        MetricName.RECORDER_QUEUE_CAPACITY,
        () -> (double) Limits.RECORD_QUEUE * settings.eventLoops());
    metrics.gauge(MetricName.STALENESS_BUDGET, () -> settings.bindingStaleness().toMillis() / 1e3);
    metrics.gauge(MetricName.CLUSTER_MEMBERS, () -> hazelcast.getCluster().getMembers().size());
    return new NodeParts(
        settings,
        queries,
        control,
        notices,
        lease,
        Access.credentials(vertx, settings, metrics, trail),
        Notifications.secrets(rails.all(), settings.sandboxNotificationSecretsFile()),
        cipher,
        new Bindings(new RouteMap(hazelcast, vertx), store, metrics),
        new AccountVault(store, cipher),
        rails,
        new Routing(rails),
        new InMemory(),
        new AccountHealth(),
        metrics,
        queueDepth,
        events,
        Consoles.figures(cluster, rails),
        trail,
        entrance(doors, settings, metrics),
        new RateLimits(
            settings.callers(), Principal::acquirer, metrics, no -> trail.refused(refused(no))),
        new SystemResolver(vertx));
  }

  private static Entrance entrance(Doors doors, Settings settings, RouterMetrics metrics) {
    Entrance entrance =
        new Entrance(doors, settings.callers(), settings.access().proxyProtocol(), metrics);
    metrics.gauge(MetricName.CONNECTIONS, entrance::open);
    metrics.gauge(MetricName.CONNECTION_CAPACITY, entrance::most);
    return entrance;
  }

  private static AuditEvent refused(RefusedCaller refusal) {
    return AuditEvent.refusal(
        refusal.caller().subject(),
        refusal.caller().role().text(),
        refusal.route().name(),
        refusal.why().label(),
        refusal.from());
  }

  private static void showCutOffs(Rails rails, RouterMetrics metrics) {
    Clock clock = Clock.systemUTC();
    for (Rail rail : rails.all()) {
      CutOff cutOff = rail.capabilities().cutOff();
      if (cutOff != null) {
        metrics.cutOff(rail.name(), () -> cutOff.untilClosing(clock.instant()).toMillis() / 1e3);
      }
    }
  }

  /**
   * The keeper comes first, so that liveness can be asked while the edges start; readiness waits
   * for them.
   */
  private Future<Void> deploy() {
    Future<?> deployed = vertx.deployVerticle(keeper);
    for (EdgeVerticle edge : edges) {
      deployed = deployed.compose(before -> vertx.deployVerticle(edge));
    }
    return deployed.onSuccess(all -> keeper.serving()).mapEmpty();
  }

  /** The port of the public API. */
  public int httpPort() {
    return edges.get(0).port();
  }

  /** The port of metrics and health. */
  public int managementPort() {
    return keeper.port();
  }

  /** Done when nothing that this node accepted is still on its way through its memory. */
  public boolean isIdle() {
    return edges.stream().allMatch(EdgeVerticle::isIdle);
  }

  /**
   * Stops in the order that loses nothing: say so for a while, in health and on every connection,
   * take no more, finish commits, finish what was claimed, give up the lease, leave the cluster.
   */
  public Future<Void> stop() {
    keeper.draining();
    edges.forEach(EdgeVerticle::leave);
    parts.events().leave();
    Duration notice = parts.settings().drainNotice();
    // Of no context: what follows outlives every event loop.
    Promise<Void> told = Promise.promise();
    if (notice.isZero()) {
      told.complete();
    } else {
      vertx.setTimer(notice.toMillis(), time -> told.complete());
    }
    return told.future().compose(done -> stopNow());
  }

  private Future<Void> stopNow() {
    return Future.all(edges.stream().map(EdgeVerticle::drain).toList())
        .otherwiseEmpty()
        .compose(drained -> keeper.stopSweep())
        .compose(stopped -> keeper.stopAudit())
        .compose(stopped -> parts.lease().giveUp())
        .onFailure(failure -> LOG.warn("stopped without a clean end; others take over", failure))
        .otherwiseEmpty()
        .eventually(vertx::close)
        .eventually(this::leaveCluster);
  }

  /** Blocks for a moment on its own thread; Vert.x is closed by now. */
  private Future<Void> leaveCluster() {
    hazelcast.shutdown();
    return Future.succeededFuture();
  }
}
