package dev.settle.sandbox.bank;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bank's HTTP routes. Bodies are parsed and answers written on the event loop; the ledger is
 * touched on one worker thread only, which may wait for the disk.
 */
final class BankEndpoint {
  /** Body of any request, in bytes; more is answered 413. */
  static final int MAX_BODY_BYTES = 4 * 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(BankEndpoint.class);

  private final Vertx vertx;
  private final WorkerExecutor ledgerThread;
  private final Ledger ledger;
  private final FaultsEndpoint steering;
  private final Admission admission = new Admission();
  private final RequestFaults requestFaults;
  private final TransferEndpoint transfers;

  BankEndpoint(
      Vertx vertx,
      WorkerExecutor ledgerThread,
      Ledger ledger,
      FaultBoard faults,
      Notifier notifier) {
    this.vertx = vertx;
    this.ledgerThread = ledgerThread;
    this.ledger = ledger;
    this.steering = new FaultsEndpoint(faults, notifier);
    this.requestFaults = new RequestFaults(vertx, faults, admission);
    this.transfers = new TransferEndpoint(ledgerThread, ledger, requestFaults);
  }

  Router router() {
    Router router = Router.router(vertx);
    BodyHandler body = BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);
    router.route().handler(requestFaults::down);
    router.route().handler(admission::admit);
    router.post("/credit-transfers").handler(body).handler(transfers::transfers);
    router.post("/credit-transfers/enquiries").handler(body).handler(transfers::enquiries);
    router.get("/credit-transfers/:endToEndId").handler(transfers::enquiry);
    router.post("/accounts/verify").handler(body).handler(this::verifyAccount);
    router.get("/books").handler(context -> pages(context, BookPages::booking));
    router.get("/books/summary").handler(this::summary);
    router.get("/statement").handler(context -> pages(context, BookPages::entry));
    steering.routes(router, body);
    refuse(router, 400, "malformed", "the request is not readable");
    refuse(router, 404, "not-found", "there is no such resource");
    refuse(router, 405, "method-not-allowed", "the resource does not know this method");
    refuse(router, 413, "too-large", "the body is larger than " + MAX_BODY_BYTES + " bytes");
    router.errorHandler(500, this::failed);
    return router;
  }

  private static void refuse(Router router, int status, String code, String detail) {
    String field = status == 413 ? "body" : null;
    router.errorHandler(status, context -> Answers.problem(context, status, code, field, detail));
  }

  private void failed(RoutingContext context) {
    LOG.error("The bank failed to answer {}", context.request().path(), context.failure());
    Answers.problem(
        context, 500, "internal", null, "the bank failed; nothing is known to be booked");
  }

  private void verifyAccount(RoutingContext context) {
    AccountVerification asked;
    try {
      asked = AccountVerification.parse(Answers.bodyOf(context));
    } catch (MalformedRequest e) {
      Answers.malformed(context, e);
      return;
    }
    onLedger(() -> asked.answer(ledger))
        .onSuccess(answer -> Answers.json(context, answer))
        .onFailure(context::fail);
  }

  private void pages(RoutingContext context, BookPages.LineWriter writer) {
    Instant since;
    try {
      String asked = context.queryParams().get("since");
      since = asked == null ? Instant.MIN : OffsetDateTime.parse(asked).toInstant();
    } catch (DateTimeException e) {
      Answers.malformed(context, new MalformedRequest("since", "is not an RFC 3339 time"));
      return;
    }
    context.response().setChunked(true).putHeader("Content-Type", "application/x-ndjson");
    BookPages.send(vertx, ledger.path(), since, writer, context.response())
        .onFailure(e -> pagesCutOff(context, e));
  }

  private static void pagesCutOff(RoutingContext context, Throwable cause) {
    if (!context.response().closed()) {
      context.fail(cause);
    }
  }

  private void summary(RoutingContext context) {
    onLedger(ledger::totals)
        .onSuccess(totals -> Answers.json(context, totals::write))
        .onFailure(context::fail);
  }

  private <T> Future<T> onLedger(Callable<T> work) {
    return ledgerThread.executeBlocking(work);
  }
}
