package dev.settle.sandbox.bank;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Credit transfers and enquiries about them, with the faults of requests.
 *
 * <p>An enquiry is decided only after every request that was received whole before it, those that a
 * latency still keeps from the ledger included: an id that it calls never received is not booked
 * later by a request that was here already.
 */
final class TransferEndpoint {
  private static final StrictJson.Fields ENQUIRIES =
      new StrictJson.Fields(List.of("endToEndIds"), 1);

  private final WorkerExecutor ledgerThread;
  private final Ledger ledger;
  private final RequestFaults faults;
  private final UndecidedRequests undecided = new UndecidedRequests();

  TransferEndpoint(WorkerExecutor ledgerThread, Ledger ledger, RequestFaults faults) {
    this.ledgerThread = ledgerThread;
    this.ledger = ledger;
    this.faults = faults;
  }

  void transfers(RoutingContext context) {
    Future<Void> latency = faults.latency(context);
    if (latency.isComplete()) {
      book(context);
    } else {
      undecided.add(latency.onSuccess(passed -> book(context)));
    }
  }

  private void book(RoutingContext context) {
    CreditTransferRequest request;
    try {
      request = CreditTransferParser.parse(Answers.bodyOf(context));
    } catch (MalformedRequest e) {
      Answers.malformed(context, e);
      return;
    }
    if (faults.insteadOfBooking(context)) {
      return;
    }
    onLedger(() -> ledger.decide(request.transfers()))
        .onSuccess(decisions -> answerInTime(context, request, decisions))
        .onFailure(context::fail);
  }

  private void answerInTime(
      RoutingContext context, CreditTransferRequest request, List<Decision> decisions) {
    Future<Void> slowness = faults.slowness(context, request.transfers());
    slowness.onSuccess(passed -> answer(context, request, decisions));
  }

  private void answer(
      RoutingContext context, CreditTransferRequest request, List<Decision> decisions) {
    for (Transfer transfer : request.transfers()) {
      if (transfer.account().endsWith(Rules.SILENT)) {
        faults.silence(context);
        return;
      }
    }
    TransferAnswer answer = new TransferAnswer(request, decisions);
    if (!faults.insteadOfAnswer(context, answer)) {
      Answers.json(context, answer.right());
    }
  }

  void enquiry(RoutingContext context) {
    String endToEndId = context.pathParam("endToEndId");
    enquire(context, () -> Optional.ofNullable(ledger.find(endToEndId)))
        .onSuccess(
            found ->
                found.ifPresentOrElse(
                    decision ->
                        Answers.json(context, json -> writeEnquired(json, endToEndId, decision)),
                    () -> context.fail(404)))
        .onFailure(context::fail);
  }

  void enquiries(RoutingContext context) {
    List<String> asked;
    try {
      asked = parseEnquiries(Answers.bodyOf(context));
    } catch (MalformedRequest e) {
      Answers.malformed(context, e);
      return;
    }
    enquire(context, () -> ledger.findAll(asked))
        .onSuccess(found -> Answers.json(context, json -> writeAll(json, asked, found)))
        .onFailure(context::fail);
  }

  /** Never completes when a fault took the enquiry. */
  private <T> Future<T> enquire(RoutingContext context, Callable<T> look) {
    Future<Void> earlier = undecided.all();
    return faults
        .latency(context)
        .compose(passed -> earlier)
        .compose(
            passed ->
                faults.insteadOfEnquiry(context) ? Future.future(never -> {}) : onLedger(look));
  }

  private static List<String> parseEnquiries(byte[] body) throws MalformedRequest {
    List<List<String>> read = new ArrayList<>(1);
    StrictJson.read(
        body,
        ENQUIRIES,
        (json, field) ->
            read.add(json.texts(CreditTransferParser.MAX_TRANSFERS, CreditTransferParser.ID)));
    return read.get(0);
  }

  private static void writeAll(
      JsonGenerator json, List<String> asked, List<@Nullable Decision> found) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("results");
    for (int i = 0; i < asked.size(); i++) {
      writeEnquired(json, asked.get(i), found.get(i));
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeEnquired(
      JsonGenerator json, String endToEndId, @Nullable Decision decision) throws IOException {
    json.writeStartObject();
    if (decision == null) {
      json.writeStringField("endToEndId", endToEndId);
      json.writeStringField("status", "NOTFOUND");
    } else {
      decision.writeEnquired(json, endToEndId);
    }
    json.writeEndObject();
  }

  private <T> Future<T> onLedger(Callable<T> work) {
    return ledgerThread.executeBlocking(work);
  }
}
