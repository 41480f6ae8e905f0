package dev.settle.router.app;

import dev.settle.router.access.Route;
import dev.settle.router.webhook.Courier;
import dev.settle.router.webhook.EventFeed;
import dev.settle.router.webhook.FeedStore;
import dev.settle.router.webhook.MessageStore;
import dev.settle.router.webhook.Sender;
import dev.settle.router.webhook.WebhookEndpoint;
import dev.settle.router.webhook.WebhookStore;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Wires webhooks: the calls about them, the reading of the book, the delivery. */
final class Webhooks {

  private final EventFeed feed;
  private final Courier courier;

  /**
   * @param pool of their own, on the caller's event loop
   */
  Webhooks(Vertx vertx, NodeParts parts, Pool pool) {
    this.feed = new EventFeed(vertx, new FeedStore(pool), parts.metrics());
    this.courier =
        new Courier(
            vertx,
            new MessageStore(pool, parts.cipher()),
            new Sender(vertx, parts.names(), parts.settings().webhookLoopback()),
            parts.metrics(),
            () -> ThreadLocalRandom.current().nextDouble());
  }

  void start() {
    feed.start();
    courier.start();
  }

  Future<Void> stop() {
    return Future.join(feed.stop(), courier.stop()).mapEmpty();
  }

  static void addHandlers(Map<Route, Handler<RoutingContext>> handlers, NodeParts parts) {
    var webhooks =
        new WebhookEndpoint(
            new WebhookStore(parts.queries(), parts.cipher()),
            new WebhookStore(parts.control(), parts.cipher()),
            parts.names(),
            parts.settings().webhookLoopback());
    handlers.put(Route.CREATE_WEBHOOK, webhooks::create);
    handlers.put(Route.LIST_WEBHOOKS, webhooks::list);
    handlers.put(Route.GET_WEBHOOK, webhooks::get);
    handlers.put(Route.GET_WEBHOOK_EVENTS, webhooks::events);
    handlers.put(Route.REDELIVER_WEBHOOK, webhooks::redeliver);
    handlers.put(Route.PAUSE_WEBHOOK, webhooks::pause);
    handlers.put(Route.RESUME_WEBHOOK, webhooks::resume);
    handlers.put(Route.ROTATE_WEBHOOK_SECRET, webhooks::rotateSecret);
    handlers.put(Route.TEST_WEBHOOK, webhooks::test);
    handlers.put(Route.RETIRE_WEBHOOK, webhooks::retire);
  }
}
