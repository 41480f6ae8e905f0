package dev.settle.sandbox.bank;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The calls by which a test steers the bank: its faults, what fired, and whom it notifies. */
final class FaultsEndpoint {
  private static final StrictJson.Fields TARGET =
      new StrictJson.Fields(List.of("url", "secret"), 2);
  private static final Pattern PRINTABLE = Pattern.compile("[!-~]{1,2000}");

  private final FaultBoard faults;
  private final Notifier notifier;

  FaultsEndpoint(FaultBoard faults, Notifier notifier) {
    this.faults = faults;
    this.notifier = notifier;
  }

  void routes(Router router, BodyHandler body) {
    router.put("/faults").handler(body).handler(this::replace);
    router.get("/faults").handler(context -> Answers.json(context, faults.current()::write));
    router.get("/faults/fired").handler(context -> Answers.json(context, this::writeFired));
    router.put("/notification-target").handler(body).handler(this::direct);
  }

  private void replace(RoutingContext context) {
    try {
      faults.replace(FaultSet.parse(Answers.bodyOf(context)));
    } catch (MalformedRequest e) {
      Answers.malformed(context, e);
      return;
    }
    Answers.json(context, faults.current()::write);
  }

  private void writeFired(JsonGenerator json) throws IOException {
    json.writeStartObject();
    faults.writeFired(json);
    json.writeNumberField("notificationsWaiting", notifier.waiting());
    json.writeEndObject();
  }

  private void direct(RoutingContext context) {
    try {
      notifier.direct(target(Answers.bodyOf(context)));
    } catch (MalformedRequest e) {
      Answers.malformed(context, e);
      return;
    }
    context.response().setStatusCode(204).end();
  }

  private static NotificationTarget target(byte[] body) throws MalformedRequest {
    @Nullable String[] read = new @Nullable String[2];
    StrictJson.read(body, TARGET, (json, field) -> read[field] = json.text(PRINTABLE));
    String url = String.valueOf(read[0]);
    String secret = String.valueOf(read[1]);
    require("url", url, NotificationTarget::url);
    require("secret", secret, NotificationTarget::key);
    return NotificationTarget.of(url, secret);
  }

  private static void require(String field, String value, Consumer<String> check)
      throws MalformedRequest {
    try {
      check.accept(value);
    } catch (IllegalArgumentException e) {
      throw new MalformedRequest(field, String.valueOf(e.getMessage()));
    }
  }
}
