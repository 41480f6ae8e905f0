package dev.settle.sandbox.bank;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
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

  /** Requests that may be under way at once; more are answered 503. */
  static final int MAX_REQUESTS = 256;

  private static final Logger LOG = LoggerFactory.getLogger(BankEndpoint.class);

  private final Vertx vertx;
  private final WorkerExecutor ledgerThread;
  private final Ledger ledger;
  private int requests;

  BankEndpoint(Vertx vertx, WorkerExecutor ledgerThread, Ledger ledger) {
    this.vertx = vertx;
    this.ledgerThread = ledgerThread;
    this.ledger = ledger;
  }

  Router router() {
    Router router = Router.router(vertx);
    BodyHandler body = BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);
    router.route().handler(this::admit);
    router.post("/credit-transfers").handler(body).handler(this::creditTransfers);
    router.get("/credit-transfers/:endToEndId").handler(this::enquiry);
    router.post("/accounts/verify").handler(body).handler(this::verifyAccount);
    router.get("/books").handler(this::books);
    router.get("/books/summary").handler(this::summary);
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

  private void admit(RoutingContext context) {
    if (requests >= MAX_REQUESTS) {
      Answers.problem(context, 503, "busy", null, "too many requests are under way");
      return;
    }
    requests++;
    context.addEndHandler(ended -> requests--);
    context.next();
  }

  private void creditTransfers(RoutingContext context) {
    CreditTransferRequest request;
    try {
      request = CreditTransferParser.parse(bodyOf(context));
    } catch (MalformedRequest e) {
      Answers.malformed(context, e);
      return;
    }
    onLedger(() -> ledger.decide(request.transfers()))
        .onSuccess(verdicts -> Answers.json(context, json -> writeResults(json, request, verdicts)))
        .onFailure(context::fail);
  }

  private static void writeResults(
      JsonGenerator json, CreditTransferRequest request, List<Verdict> verdicts)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("messageId", request.messageId());
    json.writeArrayFieldStart("results");
    for (int i = 0; i < verdicts.size(); i++) {
      json.writeStartObject();
      writeResult(json, request.transfers().get(i).endToEndId(), verdicts.get(i));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeResult(JsonGenerator json, String endToEndId, Verdict verdict)
      throws IOException {
    json.writeStringField("endToEndId", endToEndId);
    json.writeStringField("status", verdict.booked() ? "ACCC" : "RJCT");
    if (!verdict.booked()) {
      json.writeStringField("reason", verdict.name());
    }
  }

  private void enquiry(RoutingContext context) {
    String endToEndId = context.pathParam("endToEndId");
    onLedger(() -> Optional.ofNullable(ledger.find(endToEndId)))
        .onSuccess(
            found ->
                found.ifPresentOrElse(
                    decision -> answerEnquiry(context, endToEndId, decision),
                    () -> context.fail(404)))
        .onFailure(context::fail);
  }

  private static void answerEnquiry(RoutingContext context, String endToEndId, Decision decision) {
    Answers.json(
        context,
        json -> {
          json.writeStartObject();
          writeResult(json, endToEndId, decision.verdict());
          json.writeNumberField("amountMinor", decision.amountMinor());
          json.writeStringField("currency", decision.currency());
          json.writeEndObject();
        });
  }

  private void verifyAccount(RoutingContext context) {
    AccountVerification asked;
    try {
      asked = AccountVerification.parse(bodyOf(context));
    } catch (MalformedRequest e) {
      Answers.malformed(context, e);
      return;
    }
    onLedger(() -> asked.answer(ledger))
        .onSuccess(answer -> Answers.json(context, answer))
        .onFailure(context::fail);
  }

  private void books(RoutingContext context) {
    Instant since;
    try {
      String asked = context.queryParams().get("since");
      since = asked == null ? Instant.MIN : OffsetDateTime.parse(asked).toInstant();
    } catch (DateTimeException e) {
      Answers.malformed(context, new MalformedRequest("since", "is not an RFC 3339 time"));
      return;
    }
    context.response().setChunked(true).putHeader("Content-Type", "application/x-ndjson");
    BookPages.send(vertx, ledger.path(), since, context.response())
        .onFailure(e -> booksCutOff(context, e));
  }

  private static void booksCutOff(RoutingContext context, Throwable cause) {
    if (!context.response().closed()) {
      context.fail(cause);
    }
  }

  private void summary(RoutingContext context) {
    onLedger(ledger::summary)
        .onSuccess(summary -> Answers.json(context, json -> writeSummary(json, summary)))
        .onFailure(context::fail);
  }

  private static void writeSummary(JsonGenerator json, Ledger.Summary summary) throws IOException {
    json.writeStartObject();
    json.writeNumberField("count", summary.count());
    json.writeObjectFieldStart("amountMinor");
    for (var amount : summary.amountMinor().entrySet()) {
      json.writeFieldName(amount.getKey());
      json.writeNumber(amount.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static byte[] bodyOf(RoutingContext context) {
    Buffer body = context.body().buffer();
    return body == null ? new byte[0] : body.getBytes();
  }

  private <T> Future<T> onLedger(Callable<T> work) {
    return ledgerThread.executeBlocking(work);
  }
}
