package dev.settle.sandbox.bank;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Delivers notifications at least once, a few at a time, each until it is taken, refused for good
 * (410) or given up. It lives on one event loop and plays the faults of delivery; the ledger hands
 * over and never waits.
 */
final class Notifier {
  /** Notifications that wait; more are given up at once. */
  static final int MAX_QUEUED = 100_000;

  /** Deliveries under way at once. */
  static final int MAX_AT_ONCE = 4;

  private static final long FIRST_PAUSE_MS = 200;
  private static final long LONGEST_PAUSE_MS = 30_000;
  private static final long TIMEOUT_MS = 10_000;
  private static final int SHUFFLE_WITHIN_MS = 1_000;
  private static final int DUPLICATE_WITHIN_MS = 300;
  private static final int GONE = 410;

  private final Vertx vertx;
  private final Context context;
  private final HttpClient client;
  private final FaultBoard faults;
  private final Clock clock;
  private final int attempts;
  private final Queue<Delivery> ready = new ArrayDeque<>();
  private final Set<HttpClientRequest> underWay = new HashSet<>();
  private List<String> settled = new ArrayList<>();
  private int queued;
  private int sending;
  private boolean closed;
  private volatile @Nullable NotificationTarget target;

  /** Delivers to {@code target} from this verticle's event loop, where it must be made. */
  Notifier(Vertx vertx, FaultBoard faults, Clock clock, BankOptions options) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.client = vertx.createHttpClient();
    this.faults = faults;
    this.clock = clock;
    this.attempts = options.notificationAttempts();
    this.target = options.target();
  }

  /** Whether there is somebody to notify; for any thread. */
  boolean hasTarget() {
    return target != null;
  }

  /** Notifies somebody else from now on, of what waits and what is not answered yet as well. */
  void direct(NotificationTarget next) {
    target = next;
    List.copyOf(underWay).forEach(HttpClientRequest::reset);
    pump();
  }

  /** Notifications that are not delivered yet. */
  int waiting() {
    return queued + sending;
  }

  /** Takes notices over; for any thread. */
  void accept(List<Notice> notices) {
    if (!notices.isEmpty()) {
      context.runOnContext(handedOver -> notices.forEach(this::enqueue));
    }
  }

  /** The ids that need not be sent again, each once. */
  List<String> takeSettled() {
    List<String> taken = settled;
    settled = new ArrayList<>();
    return taken;
  }

  /** Sends nothing more; what waits is owed still. */
  Future<Void> close() {
    closed = true;
    ready.clear();
    return client.close();
  }

  private void enqueue(Notice notice) {
    long delay = notice.delayMs() + faults.current().millis(Fault.LATE_NOTIFICATION);
    if (faults.current().millis(Fault.LATE_NOTIFICATION) > 0) {
      faults.count(Fault.LATE_NOTIFICATION);
    }
    if (faults.switched(Fault.SHUFFLE_NOTIFICATIONS)) {
      delay += faults.choose(SHUFFLE_WITHIN_MS);
    }
    schedule(new Delivery(notice, false), delay);
    if (faults.fires(Fault.DUPLICATE_NOTIFICATION, notice.id())) {
      schedule(new Delivery(notice, true), delay + 1 + faults.choose(DUPLICATE_WITHIN_MS));
    }
  }

  private void schedule(Delivery delivery, long delayMs) {
    if (queued >= MAX_QUEUED) {
      giveUp(delivery);
      return;
    }
    queued++;
    if (delayMs == 0) {
      makeReady(delivery);
    } else {
      vertx.setTimer(delayMs, due -> makeReady(delivery));
    }
  }

  private void makeReady(Delivery delivery) {
    ready.add(delivery);
    pump();
  }

  private void pump() {
    NotificationTarget to = target;
    while (!closed && to != null && sending < MAX_AT_ONCE && !ready.isEmpty()) {
      Delivery delivery = ready.remove();
      queued--;
      sending++;
      send(delivery, to).onComplete(sent -> answered(delivery, sent.result()));
    }
  }

  private Future<Integer> send(Delivery delivery, NotificationTarget to) {
    delivery.attempts++;
    Notice notice = delivery.notice;
    Buffer body = Buffer.buffer(notice.body());
    long timestamp = clock.instant().getEpochSecond();
    return client
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(to.url())
                .setTimeout(TIMEOUT_MS)
                .putHeader("Content-Type", "application/json")
                .putHeader("webhook-id", notice.id())
                .putHeader("webhook-timestamp", Long.toString(timestamp))
                .putHeader(
                    "webhook-signature", to.signature(notice.id(), timestamp, body.getBytes())))
        .compose(request -> answer(request, body));
  }

  private Future<Integer> answer(HttpClientRequest request, Buffer body) {
    underWay.add(request);
    return request
        .send(body)
        .compose(response -> response.end().map(response.statusCode()))
        .onComplete(sent -> underWay.remove(request));
  }

  /** {@code status} is null when there was no answer. */
  private void answered(Delivery delivery, @Nullable Integer status) {
    sending--;
    if (closed) {
      return;
    }
    if (status != null && status / 100 == 2) {
      faults.notificationSent();
      settle(delivery);
    } else if ((status != null && status == GONE) || delivery.attempts >= attempts) {
      giveUp(delivery);
    } else {
      long pause = FIRST_PAUSE_MS << Math.min(delivery.attempts - 1, 10);
      schedule(delivery, Math.min(pause, LONGEST_PAUSE_MS));
    }
    pump();
  }

  private void giveUp(Delivery delivery) {
    faults.notificationGivenUp();
    settle(delivery);
  }

  private void settle(Delivery delivery) {
    if (!delivery.duplicate) {
      settled.add(delivery.notice.id());
    }
  }

  /** A notice on its way; a duplicate's fate settles nothing. */
  private static final class Delivery {
    final Notice notice;
    final boolean duplicate;
    int attempts;

    Delivery(Notice notice, boolean duplicate) {
      this.notice = notice;
      this.duplicate = duplicate;
    }
  }
}
