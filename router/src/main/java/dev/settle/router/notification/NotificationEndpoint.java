package dev.settle.router.notification;

import static java.util.Objects.requireNonNull;

import dev.settle.router.access.SignatureHandler;
import dev.settle.router.cardchange.BankApplications;
import dev.settle.router.dispatch.BankWords;
import dev.settle.router.dispatch.BankWords.Transfer;
import dev.settle.router.dispatch.BankWords.Words;
import dev.settle.router.notification.Notification.Changed;
import dev.settle.router.notification.Notification.Entry;
import dev.settle.router.notification.NotificationStore.Outcome;
import dev.settle.router.notification.NotificationStore.Received;
import dev.settle.router.platform.Bodies;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import dev.settle.router.rail.BankStatuses;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /v1/rails/{rail}/notifications}: a bank reports what became of a transfer, in any
 * order, as often as it likes, also before its own answer to it. Behind {@link SignatureHandler}.
 */
public final class NotificationEndpoint {

  private static final Logger LOG = LoggerFactory.getLogger(NotificationEndpoint.class);

  private static final Problem CONFLICT =
      new Problem(
          409,
          "notification-conflict",
          null,
          "A notification of this id was here before with another body; a person looks into it.");

  private final NotificationStore store;
  private final BankWords words;
  private final Map<String, BankStatuses> statuses;
  private final NotificationMetrics metrics;
  private final Clock clock;

  /**
   * @param pool connections for notifications alone
   * @param statuses how to read what each rail says
   */
  public NotificationEndpoint(
      Pool pool,
      BankWords words,
      BankApplications applications,
      Map<String, BankStatuses> statuses,
      NotificationMetrics metrics,
      Clock clock) {
    this.store = new NotificationStore(pool, applications);
    this.words = words;
    this.statuses = Map.copyOf(statuses);
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Takes one notification; answers when it is durable. */
  public void take(RoutingContext call) {
    String rail = call.pathParam("rail");
    Future.succeededFuture(call)
        .map(here -> received(rail, here))
        .compose(
            received ->
                take(received)
                    .onSuccess(
                        outcome -> metrics.notified(rail, received.what().type(), outcome.name())))
        .onSuccess(outcome -> answer(call, outcome))
        .onFailure(failure -> problem(failure).answer(call.request()));
  }

  private Received received(String rail, RoutingContext call) {
    if (!Bodies.isOf(call.request(), "application/json")) {
      throw new ProblemException(
          new Problem(415, "unsupported-media-type", null, "Send Content-Type: application/json."));
    }
    byte[] body = SignatureHandler.body(call);
    return new Received(
        rail,
        SignatureHandler.messageId(call),
        sha256(body),
        NotificationReader.read(body, clock.instant()));
  }

  private static byte[] sha256(byte[] body) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(body);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private Future<Outcome> take(Received received) {
    Notification what = received.what();
    return words
        .transfer(received.rail(), what.endToEndId())
        .compose(
            transfer ->
                what.event() instanceof Changed changed
                    ? store
                        .take(received, changed, transfer)
                        .onSuccess(outcome -> count(received.rail(), outcome, false))
                    : take(received, (Entry) what.event(), transfer));
  }

  private Future<Outcome> take(Received received, Entry entry, Transfer transfer) {
    BankStatuses reading =
        requireNonNull(statuses.get(received.rail()), "every rail's words can be read");
    Words said =
        transfer.said(Outcomes.of(received.what().type(), entry, transfer.amountMinor(), reading));
    return store
        .take(received, entry, said)
        .onSuccess(outcome -> count(received.rail(), outcome, said.broke()))
        .compose(outcome -> said.closeAccounts().map(outcome));
  }

  private void count(String rail, Outcome outcome, boolean counted) {
    if (outcome.opensBreak() && !counted) {
      words.breakOpened(rail);
    }
  }

  private static void answer(RoutingContext call, Outcome outcome) {
    if (outcome == Outcome.CONFLICT) {
      CONFLICT.answer(call.request());
      return;
    }
    call.response()
        .setStatusCode(outcome == Outcome.UNKNOWN ? 202 : 200)
        .putHeader("Content-Type", "application/json")
        .end(new JsonObject().put("outcome", outcome.name()).toBuffer());
  }

  private static Problem problem(Throwable failure) {
    if (failure instanceof ProblemException known) {
      return known.problem();
    }
    LOG.error("a notification was not taken; the bank sends it again", failure);
    return Problem.UNCERTAIN;
  }
}
