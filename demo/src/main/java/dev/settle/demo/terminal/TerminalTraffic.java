package dev.settle.demo.terminal;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The terminals as an open loop: sales are sent when they are due, whatever the router answers,
 * over kept-alive HTTP/1.1 connections. What is not answered with a decision (503, a cut
 * connection, silence) is sent again, the same bytes, until it is or until the run ends: this is
 * what makes "acknowledged is durable" and "one transaction, one credit" worth checking.
 */
public final class TerminalTraffic extends VerticleBase {

  /** Connections to each node; terminals share them. */
  private static final int CONNECTIONS = 64;

  /**
   * What is sent and not yet decided, at most: beyond this the terminals offer less and count it.
   */
  private static final int IN_FLIGHT = 8_192;

  private static final long TICK_MILLIS = 5;
  private static final long CONNECT_MILLIS = 5_000;
  private static final long SILENCE_MILLIS = 10_000;

  /**
   * What to play.
   *
   * @param nodes where the nodes' public API listens; terminals spread over them. What another
   *     thread adds to it or takes from it is heeded by the next sale; one is always in it
   * @param token a bearer token of the role terminal that outlives the run
   * @param perSecond new offers each second, more than 0
   * @param ramp in which the rate rises from nothing
   * @param merchants how many merchants there are
   * @param firstBatch from {@link BatchRuns#open}
   * @param seed for everything that is left to chance
   */
  public record Plan(
      List<SocketAddress> nodes,
      String token,
      int perSecond,
      Duration ramp,
      int merchants,
      int firstBatch,
      long seed) {}

  private final Plan plan;
  private final AcknowledgementJournal journal;
  private final TrafficCounts counts = new TrafficCounts();
  private final AcceptLatency latency = new AcceptLatency();
  private final ResendPause pause;
  private final OfferMix mix;
  private final OfferSchedule schedule;
  private final String authorization;
  private @Nullable HttpClientAgent client;
  private int inFlight;
  private long sent;
  private boolean stopping;
  private boolean abandoned;
  private final Promise<Void> allDecided = Promise.promise();

  public TerminalTraffic(Plan plan, AcknowledgementJournal journal, Clock clock) {
    this.plan = plan;
    this.journal = journal;
    this.authorization = "Bearer " + plan.token();
    Random random = new Random(plan.seed());
    var sequence = new TerminalSequence(plan.merchants(), plan.firstBatch(), BatchRuns.PER_RUN);
    this.pause = new ResendPause(random);
    this.mix = new OfferMix(random, new Sales(random, clock, sequence, plan.merchants()));
    this.schedule = new OfferSchedule(plan.perSecond(), System.nanoTime(), plan.ramp().toNanos());
  }

  public TrafficCounts counts() {
    return counts;
  }

  public AcceptLatency latency() {
    return latency;
  }

  @Override
  public Future<?> start() {
    client =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAlive(true).setConnectTimeout((int) CONNECT_MILLIS),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(IN_FLIGHT));
    vertx.setPeriodic(TICK_MILLIS, timer -> tick(timer));
    return Future.succeededFuture();
  }

  /**
   * Ends the offers and completes when everything sent is decided. May be called from any thread.
   */
  public Future<Void> finish() {
    context.runOnContext(
        nothing -> {
          stopping = true;
          completeWhenDecided();
        });
    return allDecided.future();
  }

  /**
   * Gives up what {@link #finish} still waits for, counting it as unanswered. May be called from
   * any thread.
   */
  public Future<Void> abandon() {
    context.runOnContext(
        nothing -> {
          stopping = true;
          abandoned = true;
          counts.unanswered.add(inFlight);
          inFlight = 0;
          completeWhenDecided();
        });
    return allDecided.future();
  }

  private void tick(long timer) {
    if (stopping) {
      vertx.cancelTimer(timer);
      return;
    }
    try {
      offerWhatIsDue();
    } catch (IllegalStateException outOfNumbers) {
      counts.surprise("terminals stopped: " + outOfNumbers.getMessage());
      vertx.cancelTimer(timer);
    }
  }

  private void offerWhatIsDue() {
    long skippedBefore = schedule.skipped();
    for (int due = schedule.due(System.nanoTime()); due > 0; due--) {
      long time = schedule.take();
      if (inFlight >= IN_FLIGHT) {
        counts.notOffered.increment();
      } else {
        offer(mix.next(time));
      }
    }
    counts.notOffered.add(schedule.skipped() - skippedBefore);
  }

  private void offer(Offer offer) {
    inFlight++;
    counts.offered.increment();
    send(offer);
  }

  private void send(Offer offer) {
    offer.attempts++;
    HttpClientAgent open = client;
    if (abandoned || open == null) {
      return;
    }
    open.request(request())
        .compose(request -> request.send(offer.body))
        .compose(response -> response.body().map(body -> new Answer(response, body)))
        .onComplete(
            answer -> answered(offer, answer),
            failure -> {
              counts.failed(String.valueOf(failure));
              resend(offer, pause.afterAttempt(offer.attempts));
            });
  }

  private RequestOptions request() {
    List<SocketAddress> nodes = List.copyOf(plan.nodes());
    SocketAddress node = nodes.get((int) (sent++ % nodes.size()));
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setHost(node.host())
        .setPort(node.port())
        .setURI("/v1/transactions")
        .setConnectTimeout(CONNECT_MILLIS)
        .setIdleTimeout(SILENCE_MILLIS)
        .putHeader("Authorization", authorization)
        .putHeader("Content-Type", "application/json");
  }

  private void answered(Offer offer, Answer answer) {
    if (abandoned) {
      return;
    }
    int status = answer.status();
    if (status == 503 || status == 429) {
      if (!answer.saysWhen()) {
        counts.failed(status + " without Retry-After: " + answer.excerpt());
      }
      resend(offer, pause.afterRetryAfter(answer.retryAfterSeconds()));
    } else if (status >= 500) {
      counts.failed(status + " " + answer.excerpt());
      resend(offer, pause.afterAttempt(offer.attempts));
    } else {
      decided(offer, answer);
      inFlight--;
      completeWhenDecided();
    }
  }

  private void resend(Offer offer, Duration after) {
    if (abandoned) {
      return;
    }
    counts.resent.increment();
    vertx.setTimer(Math.max(1, after.toMillis()), timer -> send(offer));
  }

  private void decided(Offer offer, Answer answer) {
    boolean taken = answer.status() == 200 || answer.status() == 201;
    if (offer.purpose == Offer.Purpose.BAD) {
      decidedBad(answer, taken);
    } else if (!taken) {
      counts.surprise("a good sale was answered " + answer.status() + ": " + answer.excerpt());
    } else {
      acknowledged(offer, answer);
    }
  }

  private void decidedBad(Answer answer, boolean taken) {
    if (taken) {
      counts.surprise("a bad sale was taken: " + answer.excerpt());
    } else {
      counts.refused.increment();
    }
  }

  private void acknowledged(Offer offer, Answer answer) {
    Sale sale = offer.sale;
    String creditId = answer.creditId();
    if (sale == null || creditId == null) {
      counts.surprise("an acknowledgement without a creditId: " + answer.excerpt());
      return;
    }
    latency.record(System.nanoTime() - offer.due);
    if (offer.expectedCredit == null) {
      counts.acknowledged.increment();
      journal.add(Acknowledgement.of(creditId, offer.offeredAt, sale));
      mix.remember(sale, creditId);
    } else if (offer.expectedCredit.equals(creditId)) {
      counts.repeated.increment();
    } else {
      counts.surprise(
          "a repeated sale of credit " + offer.expectedCredit + " was answered with " + creditId);
    }
  }

  private void completeWhenDecided() {
    if (stopping && inFlight == 0) {
      allDecided.tryComplete();
    }
  }

  /** A whole answer. */
  private record Answer(HttpClientResponse head, Buffer body) {

    int status() {
      return head.statusCode();
    }

    boolean saysWhen() {
      return head.getHeader("Retry-After") != null;
    }

    long retryAfterSeconds() {
      String value = head.getHeader("Retry-After");
      return value != null && value.matches("\\d{1,6}") ? Long.parseLong(value) : 1;
    }

    @Nullable String creditId() {
      try {
        return new JsonObject(body).getString("creditId");
      } catch (DecodeException | ClassCastException notAnAcknowledgement) {
        return null;
      }
    }

    String excerpt() {
      String text = body.toString();
      return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
  }
}
