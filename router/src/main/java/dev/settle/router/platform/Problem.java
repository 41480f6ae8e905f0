package dev.settle.router.platform;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told when a call fails: an RFC 9457 problem document with a stable {@code code}.
 * Never carries a value that the client sent, a stack trace, or an exception's text.
 *
 * @param status the HTTP status
 * @param code stable and lower-case, for example {@code transaction-conflict}
 * @param field the field at fault, if it is one
 * @param detail one sentence that says what to do next
 * @param findings everything that is wrong, where a call names all of it at once; or none
 */
public record Problem(
    int status, String code, @Nullable String field, String detail, List<Finding> findings) {

  /** One of several things that are wrong: where, a stable code, and what is expected. */
  public record Finding(String field, String code, String detail) {

    private JsonObject json() {
      return new JsonObject().put("field", field).put("code", code).put("detail", detail);
    }
  }

  /** A problem that is about one thing. */
  public Problem(int status, String code, @Nullable String field, String detail) {
    this(status, code, field, detail, List.of());
  }

  public static final String CONTENT_TYPE = "application/problem+json";

  /** What ends a sentence that says to come again: a signature is good once. */
  public static final String SIGNED_ANEW = ", a signed request signed anew.";

  public static final Problem BUSY =
      new Problem(
          503,
          "busy",
          null,
          "Too much is waiting; send the same again after Retry-After seconds" + SIGNED_ANEW);

  public static final Problem UNCERTAIN =
      new Problem(
          503,
          "not-confirmed",
          null,
          "The database did not confirm; nothing is acknowledged. Send the same again after Retry-After seconds"
              + SIGNED_ANEW);

  public static final Problem INTERNAL =
      new Problem(
          500,
          "internal-error",
          null,
          "This is our fault; it has been counted and will be looked at.");

  /** A 413 for a body of more than {@code bytes}. */
  public static Problem tooLarge(int bytes) {
    return new Problem(
        413, "body-too-large", null, "The body may have at most " + bytes + " bytes here.");
  }

  /** A 404 for something that {@code what} names. */
  public static Problem notFound(String what) {
    return new Problem(404, "not-found", null, "There is no such " + what + ".");
  }

  /** A 422 for a value of {@code field}. */
  public static Problem invalid(String field, String detail) {
    return new Problem(422, "invalid-value", field, detail);
  }

  /**
   * The answer to one line of an upload.
   *
   * @param line from 1
   * @param outcome REFUSED, CONFLICT, UNCERTAIN or FAILED
   */
  public JsonObject line(long line, String outcome) {
    JsonObject json =
        new JsonObject()
            .put("line", line)
            .put("outcome", outcome)
            .put("status", status)
            .put("code", code);
    if (field != null) {
      json.put("field", field);
    }
    return json.put("detail", detail);
  }

  public JsonObject json() {
    JsonObject json =
        new JsonObject()
            .put("type", "about:blank")
            .put("title", title(status))
            .put("status", status)
            .put("code", code)
            .put("detail", detail);
    if (field != null) {
      json.put("field", field);
    }
    return findings.isEmpty()
        ? json
        : json.put("findings", new JsonArray(findings.stream().map(Finding::json).toList()));
  }

  /**
   * Ends the response with this problem, unless it has ended already. What is not read of the
   * request's body is thrown away.
   */
  public void answer(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed() || response.headWritten()) {
      return;
    }
    CallerWatch watch = CallerWatch.of(request);
    if (watch != null) {
      watch.refused(this);
    }
    if (status == 503 || status == 408) {
      response.putHeader("Retry-After", String.valueOf(Limits.RETRY_AFTER_SECONDS));
    }
    if (status == 401 && !response.headers().contains("WWW-Authenticate")) {
      response.putHeader("WWW-Authenticate", "Bearer");
    }
    response.setStatusCode(status).putHeader("Content-Type", CONTENT_TYPE);
    UnreadBody.answer(request, json().toBuffer());
  }

  private static String title(int status) {
    return io.netty.handler.codec.http.HttpResponseStatus.valueOf(status).reasonPhrase();
  }
}
