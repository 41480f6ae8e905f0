package dev.settle.router.ingest;

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
  private final Lines lines;

  public BulkEndpoint(
      Vertx vertx,
      Recorder recorder,
      TransactionReader reader,
      IngestMetrics metrics,
      Pacing pacing) {
    this.vertx = vertx;
    this.pacing = pacing;
    this.lines = new Lines(new BulkShare(vertx, recorder), reader, metrics);
  }

  @Override
  public void handle(RoutingContext call) {
    if (Bodies.isOf(call.request(), NdjsonExchange.CONTENT_TYPE)) {
      NdjsonExchange.serve(
          vertx, call.request(), Limits.LINE_BYTES, pacing.paced(vertx, call, lines));
    } else {
      NOT_NDJSON.answer(call.request());
    }
  }

  private record Lines(BulkShare share, TransactionReader reader, IngestMetrics metrics)
      implements NdjsonExchange.LineHandler {

    @Override
    public boolean take(byte[] bytes, int offset, int length, Answer answer, Runnable resume) {
      if (!share.hasRoom(resume)) {
        return false;
      }
      Reading reading = reader.read(bytes, offset, length);
      if (reading instanceof Refusal refusal) {
        refuse(answer, refusal);
        return true;
      }
      share.offer((Transaction) reading, receipt -> give(answer, receipt));
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
          new Refusal(
              RefusalCode.LINE_TOO_LONG,
              null,
              "A line has at most " + Limits.LINE_BYTES + " bytes."));
    }

    private void refuse(Answer answer, Refusal refusal) {
      metrics.answered("refused");
      answer.give(TransactionEndpoint.problem(refusal).line(answer.line(), "REFUSED").encode());
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
