package dev.settle.router.rail.sandbox;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.settle.router.explanation.Reason;
import dev.settle.router.rail.RailMetrics;
import dev.settle.router.rail.StatusReasons;
import dev.settle.router.rail.Transfer;
import dev.settle.router.rail.TransferOutcome;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sandbox bank's JSON: transfers out, results back. */
final class SandboxMessages {

  private static final Logger LOG = LoggerFactory.getLogger(SandboxMessages.class);
  private static final JsonFactory JSON = new JsonFactory();
  private static final int BYTES_PER_TRANSFER = 200;

  private final String rail;
  private final RailMetrics metrics;

  SandboxMessages(String rail, RailMetrics metrics) {
    this.rail = rail;
    this.metrics = metrics;
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

  /**
   * The outcome of each transfer, in their order. Throws {@link SandboxException} when the answer
   * does not name each of them, in order, with a status that ends it: then nobody knows.
   */
  List<TransferOutcome> outcomes(Buffer answer, List<Transfer> transfers) {
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

  private void readResults(
      JsonParser json, List<Transfer> transfers, List<TransferOutcome> outcomes)
      throws IOException {
    while (json.nextToken() == JsonToken.START_OBJECT) {
      if (outcomes.size() == transfers.size()) {
        throw new SandboxException("the bank answered more transfers than it was sent");
      }
      outcomes.add(readResult(json, transfers.get(outcomes.size()).endToEndId()));
    }
  }

  private TransferOutcome readResult(JsonParser json, String expectedId) throws IOException {
    String id = "";
    String status = "";
    String code = "";
    for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      json.nextToken();
      switch (field) {
        case "endToEndId" -> id = json.getText();
        case "status" -> status = json.getText();
        case "reason" -> code = json.getText();
        default -> json.skipChildren();
      }
    }
    if (!id.equals(expectedId)) {
      throw new SandboxException("the bank's answer is out of order at " + expectedId);
    }
    return outcome(status, code);
  }

  private TransferOutcome outcome(String status, String code) {
    return switch (status) {
      case "ACCC" -> TransferOutcome.CREDITED;
      case "RJCT" -> new TransferOutcome.Rejected(reason(code), code);
      default ->
          throw new SandboxException("the bank's status " + status + " does not end a transfer");
    };
  }

  private Reason reason(String code) {
    return StatusReasons.reasonFor(code)
        .orElseGet(
            () -> {
              metrics.unmappedCode(rail);
              LOG.warn("rail {} used the unmapped reason code {}", rail, code);
              return Reason.UNSPECIFIED;
            });
  }
}
