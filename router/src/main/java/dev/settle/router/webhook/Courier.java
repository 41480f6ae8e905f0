package dev.settle.router.webhook;

import dev.settle.router.platform.Limits;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers messages, each on one node at a time by a lease in PostgreSQL, and of one webhook one
 * after the other. A node that dies after a message was sent and before that was written leaves its
 * lease to run out, and another sends the same message under the same id. Receivers that do not
 * answer have places of their own, so that none of them delays another, and a host with many
 * receivers has not all the places of those that do. Belongs to one event loop.
 */
public final class Courier {

  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);

  private final Vertx vertx;
  private final MessageStore store;
  private final Sender sender;
  private final WebhookMetrics metrics;
  private final DoubleSupplier chance;
  private final Promise<Void> quiet = Promise.promise();
  private long timer;
  private final Map<String, Integer> soundOfHost = new HashMap<>();
  private int sound;
  private int failing;
  private boolean looking;
  private boolean lookAgain;
  private boolean stopped;

  /**
   * @param chance what spreads repetitions: at least 0, less than 1
   */
  public Courier(
      Vertx vertx,
      MessageStore store,
      Sender sender,
      WebhookMetrics metrics,
      DoubleSupplier chance) {
    this.vertx = vertx;
    this.store = store;
    this.sender = sender;
    this.metrics = metrics;
    this.chance = chance;
  }

  public void start() {
    timer = vertx.setPeriodic(Limits.WEBHOOK_LOOK_EVERY.toMillis(), tick -> look());
  }

  /** Takes no more; done when what is under way has ended, or after a bounded time. */
  public Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    endWhenQuiet();
    return quiet
        .future()
        .timeout(Limits.WEBHOOK_DRAIN.toMillis(), TimeUnit.MILLISECONDS)
        .otherwiseEmpty();
  }

  private void endWhenQuiet() {
    if (stopped && !looking && sound + failing == 0) {
      quiet.tryComplete();
    }
  }

  private void look() {
    if (looking || stopped) {
      lookAgain = true;
      return;
    }
    int places = Math.min(Limits.WEBHOOK_SOUND_AT_ONCE - sound, Limits.WEBHOOK_SOUND_OF_HOST);
    int others = Limits.WEBHOOK_FAILING_AT_ONCE - failing;
    if (places + others == 0) {
      return;
    }
    looking = true;
    lookAgain = false;
    long asked = System.nanoTime();
    store
        .take(places, others, full())
        .onSuccess(
            messages -> {
              // There may be more, of other hosts.
              lookAgain |=
                  places > 0 && messages.stream().filter(Courier::isSound).count() == places;
              messages.forEach(message -> deliver(message, asked));
            })
        .onFailure(
            failure -> LOG.warn("no messages of webhooks were taken; they are later", failure))
        .onComplete(
            done -> {
              looking = false;
              if (lookAgain) {
                look();
              }
              endWhenQuiet();
            });
  }

  private void deliver(Message message, long asked) {
    count(message, 1);
    long until = asked + Limits.WEBHOOK_LEASE.toNanos() / 2;
    store
        .events(message)
        .compose(events -> send(message, events, until))
        .compose(answer -> write(message, answer))
        // Not written: the lease runs out, and the message is sent again under the same id.
        .onFailure(failure -> LOG.warn("{} is left to its lease", message.id(), failure))
        .onSuccess(acknowledged -> lookAgain |= acknowledged)
        .onComplete(
            done -> {
              count(message, -1);
              if (lookAgain) {
                look();
              }
              endWhenQuiet();
            });
  }

  /** Hosts that get no more for now. */
  private List<String> full() {
    return soundOfHost.entrySet().stream()
        .filter(host -> host.getValue() >= Limits.WEBHOOK_SOUND_OF_HOST)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean isSound(Message message) {
    return message.tries() == 0;
  }

  private void count(Message message, int more) {
    if (isSound(message)) {
      sound += more;
      soundOfHost.merge(
          message.host(), more, (now, by) -> now + by == 0 ? null : Integer.valueOf(now + by));
    } else {
      failing += more;
    }
  }

  private Future<Answer> send(Message message, List<JsonObject> events, long until) {
    return events.isEmpty()
        ? Future.succeededFuture(Answer.of(Outcome.FORGOTTEN))
        : store
            .secrets(message.webhookId())
            .compose(secrets -> sender.send(message, message.body(events), secrets, until));
  }

  /** Whether it is over and there may be a next one. */
  private Future<Boolean> write(Message message, Answer answer) {
    metrics.webhookTried(answer.outcome());
    return switch (answer.outcome()) {
      case ACKNOWLEDGED, FORGOTTEN -> store.acknowledged(message, answer);
      case UNSENT -> Future.succeededFuture(false);
      default ->
          store
              .notAcknowledged(
                  message,
                  answer,
                  Retry.after(
                      answer.outcome(),
                      message.tries(),
                      message.failingFor(),
                      chance.getAsDouble()))
              .map(written -> false);
    };
  }
}
