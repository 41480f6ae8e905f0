package dev.settle.router.rail.sandbox;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

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
   * The outcome of each transfer, in their order. Throws {@link SandboxException} when the answer
   * does not name each of them, in order: then nobody knows.
   */
  List<TransferOutcome> outcomes(Buffer answer, List<Enquiry> transfers) {
    List<TransferOutcome> outcomes = new ArrayList<>(transfers.size());
    try (JsonParser json = JSON.createParser(answer.getBytes())) {
      for (String field = firstField(json); field != null; field = json.nextFieldName()) {
        JsonToken value = json.nextToken();
        if (field.equals("results") && value == JsonToken.START_ARRAY) {
          readResults(json, transfers, outcomes);
        } else {
          json.skipChildren();
        }
      }
    } catch (IOException notJson) {
      throw new SandboxException("the bank's answer is not JSON");
    }
    if (outcomes.size() != transfers.size()) {
      throw new SandboxException(
          "the bank answered " + outcomes.size() + " of " + transfers.size() + " transfers");
    }
    return outcomes;
  }

  private static String firstField(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new SandboxException("the bank's answer is not an object");
    }
    String field = json.nextFieldName();
    if (field == null) {
      throw new SandboxException("the bank's answer is empty");
    }
    return field;
  }

  private void readResults(JsonParser json, List<Enquiry> transfers, List<TransferOutcome> outcomes)
      throws IOException {
    while (json.nextToken() == JsonToken.START_OBJECT) {
      if (outcomes.size() == transfers.size()) {
        throw new SandboxException("the bank answered more transfers than it was sent");
      }
      Result result = Result.read(json);
      Enquiry transfer = transfers.get(outcomes.size());
      if (!result.id.equals(transfer.endToEndId())) {
        throw new SandboxException("the bank's answer is out of order at " + transfer.endToEndId());
      }
      outcomes.add(outcome(result, transfer.amountMinor()));
    }
  }

  private TransferOutcome outcome(Result result, long amountMinor) {
    if (result.status.equals("NOTFOUND")) {
      return TransferOutcome.NOT_RECEIVED;
    }
    if (result.amountMinor != null && result.amountMinor != amountMinor) {
      return new Unclear(Reason.DUPLICATE);
    }
    if (result.returnedMinor != null) {
      Long credited = result.bookedMinor;
      if (credited == null && result.status.equals("ACCC")) {
        credited = amountMinor;
      }
      return statuses.returned(
          result.returnedMinor, credited, amountMinor, result.returnCode, true);
    }
    return statuses.outcome(result.status, result.code, result.bookedMinor, amountMinor);
  }

  /** What the bank says of one transfer; what it leaves out is empty or null. */
  private static final class Result {
    private String id = "";
    private String status = "";
    private String code = "";
    private @Nullable Long amountMinor;
    private @Nullable Long bookedMinor;
    private @Nullable Long returnedMinor;
    private String returnCode = "";

    static Result read(JsonParser json) throws IOException {
      Result result = new Result();
      for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
        JsonToken value = json.nextToken();
        switch (field) {
          case "endToEndId" -> result.id = json.getText();
          case "status" -> result.status = json.getText();
          case "reason" -> result.code = json.getText();
          case "amountMinor" -> result.amountMinor = json.getLongValue();
          case "bookedMinor" -> result.bookedMinor = json.getLongValue();
          case "returned" -> {
            if (value == JsonToken.START_OBJECT) {
              result.readReturn(json);
            }
          }
          default -> json.skipChildren();
        }
      }
      return result;
    }

    private void readReturn(JsonParser json) throws IOException {
      for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
        json.nextToken();
        switch (field) {
          case "amountMinor" -> returnedMinor = json.getLongValue();
          case "reason" -> returnCode = json.getText();
          default -> json.skipChildren();
        }
      }
    }
  }
}
