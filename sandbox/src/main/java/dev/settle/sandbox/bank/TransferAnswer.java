package dev.settle.sandbox.bank;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;

/** The answer to {@code POST /credit-transfers}: one result per transfer, in order. */
final class TransferAnswer {
  /** How many ways there are to answer wrongly. */
  static final int WRONGS = 4;

  private final CreditTransferRequest request;
  private final List<Decision> decisions;

  TransferAnswer(CreditTransferRequest request, List<Decision> decisions) {
    this.request = request;
    this.decisions = decisions;
  }

  Buffer right() {
    return results(decisions.size(), id -> id);
  }

  /** A body that is not what was asked, in one of {@link #WRONGS} ways. */
  Buffer wrong(int way) {
    return switch (way) {
      case 0 -> Buffer.buffer("<html><body>We are improving our service.</body></html>");
      case 1 -> truncated(right());
      case 2 -> results(decisions.size(), id -> "OTHER-" + Integer.toHexString(id.hashCode()));
      default -> results(decisions.size() - 1, id -> id);
    };
  }

  private static Buffer truncated(Buffer whole) {
    return whole.getBuffer(0, whole.length() / 2);
  }

  private Buffer results(int count, UnaryOperator<String> ids) {
    return Answers.bytes(json -> write(json, count, ids));
  }

  private void write(JsonGenerator json, int count, UnaryOperator<String> ids) throws IOException {
    json.writeStartObject();
    json.writeStringField("messageId", request.messageId());
    json.writeArrayFieldStart("results");
    for (int i = 0; i < count; i++) {
      json.writeStartObject();
      decisions.get(i).write(json, ids.apply(request.transfers().get(i).endToEndId()));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
