package dev.settle.router.webhook;

import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Rounds;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads in the book what webhooks are to be told, twice a second, on whichever node comes first;
 * forgets what is old; counts what waits. Where there is no webhook it costs one look at an empty
 * index. Belongs to one event loop.
 */
public final class EventFeed {

  private static final Logger LOG = LoggerFactory.getLogger(EventFeed.class);

  private final FeedStore store;
  private final WebhookMetrics metrics;
  private final Rounds reading;
  private final Rounds tidying;
  private final Rounds counting;

  public EventFeed(Vertx vertx, FeedStore store, WebhookMetrics metrics) {
    this.store = store;
    this.metrics = metrics;
    this.reading =
        new Rounds(vertx, LOG, "the book was not read for webhooks; it is again", this::gather);
    this.tidying =
        new Rounds(
            vertx, LOG, "old events of webhooks were not forgotten; they are later", this::tidy);
    this.counting = new Rounds(vertx, LOG, "webhooks were not counted", () -> store.count(metrics));
  }

  public void start() {
    reading.start(Limits.WEBHOOK_GATHER_EVERY);
    tidying.start(Limits.WEBHOOK_TIDY_EVERY);
    counting.start(Limits.WEBHOOK_COUNT_EVERY);
  }

  /** Begins nothing more. */
  public Future<Void> stop() {
    return Future.join(reading.stop(), tidying.stop(), counting.stop()).mapEmpty();
  }

  private Future<Void> gather() {
    return store
        .gather()
        .compose(
            gathered -> {
              metrics.webhookEvents(gathered.events());
              return gathered.more() && !reading.isStopped() ? gather() : Future.succeededFuture();
            });
  }

  private Future<Void> tidy() {
    return store.summarize().compose(done -> forget());
  }

  private Future<Void> forget() {
    return store
        .forget()
        .compose(more -> more && !tidying.isStopped() ? forget() : Future.succeededFuture());
  }
}
