package dev.settle.sandbox.bank;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Writes the bank's answers: JSON, and problem documents (RFC 9457) for what is refused. */
final class Answers {
  private static final String RETRY_AFTER_SECONDS = "1";

  private Answers() {}

  /** Answers 200 with the JSON that {@code body} writes. */
  static void json(RoutingContext context, JsonBody body) {
    end(context.response(), "application/json", body);
  }

  /** Answers 200 with these bytes for JSON, whatever they are. */
  static void json(RoutingContext context, Buffer body) {
    context.response().putHeader("Content-Type", "application/json").end(body);
  }

  static byte[] bodyOf(RoutingContext context) {
    Buffer body = context.body().buffer();
    return body == null ? new byte[0] : body.getBytes();
  }

  /** Answers a problem document; {@code field} names where the client's mistake is. */
  static void problem(
      RoutingContext context, int status, String code, @Nullable String field, String detail) {
    HttpServerResponse response = context.response();
    if (response.headWritten()) {
      // Too late for a status: cutting the connection is the only way to say that the answer is not
      // whole.
      response.reset();
      return;
    }
    response.setStatusCode(status);
    if (status == 503) {
      response.putHeader("Retry-After", RETRY_AFTER_SECONDS);
    }
    end(
        response,
        "application/problem+json",
        json -> {
          json.writeStartObject();
          json.writeStringField("type", "about:blank");
          json.writeStringField("title", response.getStatusMessage());
          json.writeNumberField("status", status);
          json.writeStringField("code", code);
          if (field != null) {
            json.writeStringField("field", field);
          }
          json.writeStringField("detail", detail);
          json.writeEndObject();
        });
  }

  static void malformed(RoutingContext context, MalformedRequest mistake) {
    String code = mistake.status() == 413 ? "too-large" : "malformed";
    problem(
        context,
        mistake.status(),
        code,
        mistake.field(),
        mistake.field() + " " + mistake.getMessage());
  }

  private static void end(HttpServerResponse response, String type, JsonBody body) {
    response.putHeader("Content-Type", type);
    response.end(bytes(body));
  }

  static Buffer bytes(JsonBody body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = BookLine.FACTORY.createGenerator(bytes)) {
      body.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  /** Writes a JSON value. */
  @FunctionalInterface
  interface JsonBody {
    void write(JsonGenerator json) throws IOException;
  }
}
