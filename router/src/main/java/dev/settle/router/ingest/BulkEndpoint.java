package dev.settle.router.ingest;

import dev.settle.router.access.AccessHandler;
import dev.settle.router.credit.Receipt;
import dev.settle.router.credit.Recorder;
import dev.settle.router.platform.Bodies;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.NdjsonExchange;
import dev.settle.router.platform.NdjsonExchange.Answer;
import dev.settle.router.platform.Problem;
import dev.settle.router.transaction.Reading;
import dev.settle.router.transaction.Refusal;
import dev.settle.router.transaction.RefusalCode;
import dev.settle.router.transaction.Transaction;
import dev.settle.router.transaction.TransactionReader;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code POST /v1/transactions/bulk}: a stream of transactions, one for each line, answered line by
 * line as they become durable. An upload that has begun waits for room; one that has not is refused
 * when too many wait.
 */
public final class BulkEndpoint implements Handler<RoutingContext> {

  private static final Problem NOT_NDJSON =
      new Problem(415, "unsupported-media-type", null, "Send Content-Type: application/x-ndjson.");

  /** How fast a caller's lines are taken. */
  @FunctionalInterface
  public interface Pacing {

    /** The lines of this call's upload, which wait where its caller sends too fast. */
    NdjsonExchange.LineHandler paced(
        Vertx vertx, RoutingContext call, NdjsonExchange.LineHandler lines);
  }

  private final Vertx vertx;
  private final Pacing pacing;
  private final BulkShare share;
  private final TransactionReader reader;
  private final IngestMetrics metrics;

  public BulkEndpoint(
      Vertx vertx,
      Recorder recorder,
      TransactionReader reader,
      IngestMetrics metrics,
      Pacing pacing) {
    this.vertx = vertx;
    this.pacing = pacing;
    this.share = new BulkShare(vertx, recorder);
    this.reader = reader;
    this.metrics = metrics;
  }

  @Override
  public void handle(RoutingContext call) {
    if (!Bodies.isOf(call.request(), NdjsonExchange.CONTENT_TYPE)) {
      NOT_NDJSON.answer(call.request());
      return;
    }
    NdjsonExchange.LineHandler lines =
        pacing.paced(vertx, call, new Lines(call, share, reader, metrics));
    byte[] signed = AccessHandler.signedBody(call);
    if (signed == null) {
      NdjsonExchange.serve(vertx, call.request(), Limits.LINE_BYTES, lines);
    } else {
      NdjsonExchange.serve(vertx, call.request(), signed, Limits.LINE_BYTES, lines);
    }
  }

  private record Lines(
      RoutingContext call, BulkShare share, TransactionReader reader, IngestMetrics metrics)
      implements NdjsonExchange.LineHandler {

    @Override
    public boolean take(byte[] bytes, int offset, int length, Answer answer, Runnable resume) {
      if (!share.hasRoom(resume)) {
        return false;
      }
      Reading reading = reader.read(bytes, offset, length);
      if (reading instanceof Refusal refusal) {
        refuse(answer, TransactionEndpoint.problem(refusal));
        return true;
      }
      Transaction transaction = (Transaction) reading;
      Problem outside = TransactionEndpoint.outOfScope(call, transaction);
      if (outside != null) {
        refuse(answer, outside);
      } else {
        share.offer(transaction, receipt -> give(answer, receipt));
      }
      return true;
    }

    @Override
    public boolean isBusy() {
      return share.isBusy();
    }

    @Override
    public void refused() {
      metrics.answered("busy");
    }

    @Override
    public void tooLong(Answer answer) {
      refuse(
          answer,
          TransactionEndpoint.problem(
              new Refusal(
                  RefusalCode.LINE_TOO_LONG,
                  null,
                  "A line has at most " + Limits.LINE_BYTES + " bytes.")));
    }

    private void refuse(Answer answer, Problem problem) {
      metrics.answered("refused");
      answer.give(problem.line(answer.line(), "REFUSED").encode());
    }

    private void give(Answer answer, Receipt receipt) {
      metrics.answered(TransactionEndpoint.outcome(receipt));
      answer.give(
          switch (receipt.outcome()) {
            case ACCEPTED, REPLAYED ->
                "{\"line\":" + answer.line() + "," + ReceiptJson.fields(receipt) + "}";
            case CONFLICT -> problem(answer, receipt, ReceiptJson.CONFLICT);
            case UNCERTAIN -> problem(answer, receipt, Problem.UNCERTAIN);
            case FAILED -> problem(answer, receipt, Problem.INTERNAL);
          });
    }

    private static String problem(Answer answer, Receipt receipt, Problem problem) {
      return problem.line(answer.line(), receipt.outcome().name()).encode();
    }
  }
}
