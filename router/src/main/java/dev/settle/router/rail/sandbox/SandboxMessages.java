package dev.settle.router.rail.sandbox;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.settle.router.explanation.Reason;
import dev.settle.router.rail.BankStatuses;
import dev.settle.router.rail.Enquiry;
import dev.settle.router.rail.Transfer;
import dev.settle.router.rail.TransferOutcome;
import dev.settle.router.rail.TransferOutcome.Unclear;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The sandbox bank's JSON: transfers and enquiries out, results back. */
final class SandboxMessages {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int BYTES_PER_TRANSFER = 200;

  private final BankStatuses statuses;

  SandboxMessages(BankStatuses statuses) {
    this.statuses = statuses;
  }

  Buffer request(List<Transfer> transfers) {
    var bytes = new ByteArrayOutputStream(BYTES_PER_TRANSFER * (transfers.size() + 1));
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("messageId", transfers.get(0).endToEndId());
      json.writeArrayFieldStart("transfers");
      for (Transfer transfer : transfers) {
        write(json, transfer);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  private static void write(JsonGenerator json, Transfer transfer) throws IOException {
    json.writeStartObject();
    json.writeStringField("endToEndId", transfer.endToEndId());
    json.writeStringField("account", transfer.payee().number().reveal());
    json.writeStringField("bank", transfer.payee().bank());
    json.writeStringField("holder", transfer.payee().holder());
    json.writeNumberField("amountMinor", transfer.amountMinor());
    json.writeStringField("currency", transfer.currency());
    json.writeEndObject();
  }

  /** The question for all of these. */
  static Buffer enquiry(List<Enquiry> transfers) {
    var ids = new JsonArray();
    transfers.forEach(transfer -> ids.add(transfer.endToEndId()));
    return new JsonObject().put("endToEndIds", ids).toBuffer();
  }

  /**
   * The outcome of each transfer that was sent, in their order. Throws {@link SandboxException}
   * when the answer does not name each of them, in order: then nobody knows.
   */
  List<TransferOutcome> sent(Buffer answer, List<Enquiry> transfers) {
    List<SandboxResult> results = SandboxResult.of(answer);
    if (results.size() != transfers.size()) {
      throw new SandboxException(
          "the bank answered " + results.size() + " of " + transfers.size() + " transfers");
    }
    List<TransferOutcome> outcomes = new ArrayList<>(transfers.size());
    for (int i = 0; i < transfers.size(); i++) {
      Enquiry transfer = transfers.get(i);
      if (!results.get(i).id().equals(transfer.endToEndId())) {
        throw new SandboxException("the bank's answer is out of order at " + transfer.endToEndId());
      }
      outcomes.add(outcome(results.get(i), transfer.amountMinor()));
    }
    return outcomes;
  }

  /**
   * The outcome of each transfer that was asked about, in their order. What the answer does not
   * name, or names twice, is unclear; the others stand.
   */
  List<TransferOutcome> found(Buffer answer, List<Enquiry> transfers) {
    Map<String, SandboxResult> results = new HashMap<>();
    Set<String> twice = new HashSet<>();
    for (SandboxResult result : SandboxResult.of(answer)) {
      if (results.put(result.id(), result) != null) {
        twice.add(result.id());
      }
    }
    List<TransferOutcome> outcomes = new ArrayList<>(transfers.size());
    for (Enquiry transfer : transfers) {
      SandboxResult result = results.get(transfer.endToEndId());
      outcomes.add(
          result == null || twice.contains(transfer.endToEndId())
              ? TransferOutcome.UNCLEAR
              : outcome(result, transfer.amountMinor()));
    }
    return outcomes;
  }

  private TransferOutcome outcome(SandboxResult result, long amountMinor) {
    if (result.isMalformed()) {
      return statuses.malformed(result.id());
    }
    if (result.status().equals("NOTFOUND")) {
      return TransferOutcome.NOT_RECEIVED;
    }
    Long amount = result.amountMinor();
    if (amount != null && amount != amountMinor) {
      return new Unclear(Reason.DUPLICATE);
    }
    Long returned = result.returnedMinor();
    if (returned != null) {
      Long credited = result.bookedMinor();
      if (credited == null && result.status().equals("ACCC")) {
        credited = amountMinor;
      }
      return statuses.returned(returned, credited, amountMinor, result.returnCode(), true);
    }
    return statuses.outcome(result.status(), result.code(), result.bookedMinor(), amountMinor);
  }
}
