package dev.settle.router.app;

import dev.settle.router.access.Credentials;
import dev.settle.router.access.WebhookSecrets;
import dev.settle.router.audit.AuditTrail;
import dev.settle.router.binding.AccountCipher;
import dev.settle.router.binding.AccountVault;
import dev.settle.router.binding.Bindings;
import dev.settle.router.dispatch.AccountHealth;
import dev.settle.router.dispatch.DispatchParts;
import dev.settle.router.dispatch.InMemory;
import dev.settle.router.dispatch.NodeLease;
import dev.settle.router.edge.RateLimits;
import dev.settle.router.events.EventHub;
import dev.settle.router.events.Figures;
import dev.settle.router.platform.Settings;
import dev.settle.router.rail.Rails;
import dev.settle.router.routing.Routing;
import dev.settle.router.telemetry.RouterMetrics;
import dev.settle.router.webhook.SystemResolver;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the event loops of one node share. Everything here may be used by all of them at once.
 *
 * @param queries connections for what people read; the database takes no writes on them
 * @param control connections for what people order and the router writes, apart from all reading
 * @param notices connections for what banks notify
 * @param notificationSecrets of every rail, by its name
 * @param queueDepth transactions that wait for a commit, of all event loops
 * @param events what consoles are told
 * @param figures what they are shown of now
 * @param audit what is recorded beside changes
 * @param entrance who is let in
 * @param rates how often whom is
 * @param names looks up receivers of webhooks
 */
record NodeParts(
    Settings settings,
    Pool queries,
    Pool control,
    Pool notices,
    NodeLease lease,
    Credentials credentials,
    Map<String, WebhookSecrets> notificationSecrets,
    AccountCipher cipher,
    Bindings bindings,
    AccountVault vault,
    Rails rails,
    Routing routing,
    InMemory inMemory,
    AccountHealth accountHealth,
    RouterMetrics metrics,
    AtomicInteger queueDepth,
    EventHub events,
    Figures figures,
    AuditTrail audit,
    Entrance entrance,
    RateLimits rates,
    SystemResolver names) {

  /**
   * What a dispatcher of this node works with.
   *
   * @param pool its own
   * @param writer the name of its control totals, the same after a restart
   */
  DispatchParts dispatch(Pool pool, String writer) {
    return new DispatchParts(
        pool,
        lease.nodeId(),
        writer,
        bindings,
        routing,
        vault,
        rails,
        inMemory,
        accountHealth,
        metrics,
        Clock.systemUTC(),
        settings.doubtPersonAfter());
  }
}
