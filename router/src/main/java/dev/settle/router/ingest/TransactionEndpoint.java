package dev.settle.router.ingest;

import dev.settle.router.access.AccessHandler;
import dev.settle.router.credit.Receipt;
import dev.settle.router.credit.Receipt.Outcome;
import dev.settle.router.credit.Recorder;
import dev.settle.router.platform.Bodies;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import dev.settle.router.transaction.Reading;
import dev.settle.router.transaction.Refusal;
import dev.settle.router.transaction.Transaction;
import dev.settle.router.transaction.TransactionReader;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/transactions}: one transaction, answered when it is durable. */
public final class TransactionEndpoint implements Handler<RoutingContext> {

  private static final Problem NOT_JSON =
      new Problem(415, "unsupported-media-type", null, "Send Content-Type: application/json.");

  private final Recorder recorder;
  private final TransactionReader reader;
  private final IngestMetrics metrics;

  public TransactionEndpoint(Recorder recorder, TransactionReader reader, IngestMetrics metrics) {
    this.recorder = recorder;
    this.reader = reader;
    this.metrics = metrics;
  }

  @Override
  public void handle(RoutingContext call) {
    HttpServerRequest request = call.request();
    if (!Bodies.isOf(request, "application/json")) {
      refuse(request, NOT_JSON);
    } else if (recorder.isFull()) {
      busy(request);
    } else {
      long started = System.nanoTime();
      byte[] signed = AccessHandler.signedBody(call);
      if (signed != null) {
        accept(call, signed, started);
        return;
      }
      Bodies.read(request, Limits.TRANSACTION_BYTES)
          .onSuccess(body -> accept(call, body.getBytes(), started))
          .onFailure(failure -> cutOff(request, failure));
    }
  }

  private void accept(RoutingContext call, byte[] bytes, long started) {
    HttpServerRequest request = call.request();
    Reading reading = reader.read(bytes, 0, bytes.length);
    if (reading instanceof Refusal refusal) {
      refuse(request, problem(refusal));
      return;
    }
    Transaction transaction = (Transaction) reading;
    Problem outside = outOfScope(call, transaction);
    if (outside != null) {
      refuse(request, outside);
    } else if (!recorder.offer(transaction, receipt -> answer(request, receipt, started))) {
      busy(request);
    }
  }

  /** Why this transaction is none of the caller's, or null when it is. */
  static @Nullable Problem outOfScope(RoutingContext call, Transaction transaction) {
    return AccessHandler.outOfScope(
        call, transaction.key().acquirerId(), transaction.key().merchantId());
  }

  private void answer(HttpServerRequest request, Receipt receipt, long started) {
    metrics.answered(outcome(receipt));
    switch (receipt.outcome()) {
      case ACCEPTED, REPLAYED -> {
        metrics.acceptedWithin(System.nanoTime() - started);
        if (!request.response().closed()) {
          request
              .response()
              .setStatusCode(receipt.outcome() == Outcome.ACCEPTED ? 201 : 200)
              .putHeader("Content-Type", "application/json")
              .end("{" + ReceiptJson.fields(receipt) + "}");
        }
      }
      case CONFLICT -> ReceiptJson.CONFLICT.answer(request);
      case UNCERTAIN -> Problem.UNCERTAIN.answer(request);
      case FAILED -> Problem.INTERNAL.answer(request);
    }
  }

  private void refuse(HttpServerRequest request, Problem problem) {
    metrics.answered("refused");
    problem.answer(request);
  }

  private void busy(HttpServerRequest request) {
    metrics.answered("busy");
    Problem.BUSY.answer(request);
  }

  /** Too long a body is answered; of one that was cut off nobody is left to hear. */
  private void cutOff(HttpServerRequest request, Throwable failure) {
    refuse(
        request,
        failure instanceof ProblemException known
            ? known.problem()
            : new Problem(400, "body-cut-off", null, "The body ended too early."));
  }

  static Problem problem(Refusal refusal) {
    return new Problem(
        refusal.code().status(), refusal.code().code(), refusal.field(), refusal.detail());
  }

  /** The label under which a receipt is counted. */
  static String outcome(Receipt receipt) {
    boolean held = receipt.outcome() == Outcome.ACCEPTED && receipt.heldFor() != null;
    return held ? "held" : receipt.outcome().name().toLowerCase(Locale.ROOT);
  }
}
