package dev.settle.router.access;

import dev.settle.router.audit.AuditTrail;
import dev.settle.router.platform.Bodies;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a message through to its route when the rail that the path names has signed it; 401
 * otherwise. The signature is checked over the bytes as they came, before anything looks into them.
 */
public final class SignatureHandler implements Handler<RoutingContext> {

  private static final Logger LOG = LoggerFactory.getLogger(SignatureHandler.class);
  private static final String BODY = "signedBody";
  private static final String ID = "webhook-id";
  private static final String TIMESTAMP = "webhook-timestamp";
  private static final String SIGNATURE = "webhook-signature";

  private static final Problem NOT_CONFIGURED =
      new Problem(
          503,
          "notification-not-configured",
          null,
          "This node has no secrets for notifications of this rail.");
  private static final Problem NOT_SIGNED =
      new Problem(
          401,
          "signature-invalid",
          null,
          "Send webhook-id, webhook-timestamp (now) and webhook-signature as Standard Webhooks has them.");

  private final Map<String, WebhookSecrets> secrets;
  private final Clock clock;
  private final Consumer<String> refused;
  private final AccessAudit audit;

  /**
   * @param secrets of every rail there is, by its name
   * @param refused hears the rail of a message that was not signed well
   * @param trail where that is recorded
   */
  public SignatureHandler(
      Map<String, WebhookSecrets> secrets,
      Clock clock,
      Consumer<String> refused,
      AuditTrail trail) {
    this.secrets = Map.copyOf(secrets);
    this.clock = clock;
    this.refused = refused;
    this.audit = new AccessAudit(trail, Route.NOTIFY);
  }

  /** The bytes that were signed. */
  public static byte[] body(RoutingContext call) {
    return call.<Buffer>get(BODY).getBytes();
  }

  /** The message's id, the same in every repetition: 1 to 64 printable ASCII characters. */
  public static String messageId(RoutingContext call) {
    return call.request().getHeader(ID);
  }

  @Override
  public void handle(RoutingContext call) {
    WebhookSecrets known = secrets.get(call.pathParam("rail"));
    if (known == null) {
      Problem.notFound("rail").answer(call.request());
    } else if (known.isEmpty()) {
      NOT_CONFIGURED.answer(call.request());
    } else if (!isTimely(call)) {
      refuse(call);
    } else {
      Bodies.read(call.request(), Limits.NOTIFICATION_BYTES)
          .onSuccess(body -> check(call, known, body))
          .onFailure(failure -> unread(call, failure));
    }
  }

  private boolean isTimely(RoutingContext call) {
    return WebhookSecrets.isTimely(header(call, ID), header(call, TIMESTAMP), clock.instant());
  }

  private static @Nullable String header(RoutingContext call, String name) {
    return call.request().getHeader(name);
  }

  private void check(RoutingContext call, WebhookSecrets known, Buffer body) {
    String id = header(call, ID);
    String seconds = header(call, TIMESTAMP);
    String signatures = header(call, SIGNATURE);
    if (id != null
        && seconds != null
        && signatures != null
        && known.signed(id, seconds, body.getBytes(), signatures)) {
      call.put(BODY, body);
      audit.bankCalls(call);
      call.next();
    } else {
      refuse(call);
    }
  }

  private void refuse(RoutingContext call) {
    refused.accept(call.pathParam("rail"));
    audit.badSignature(call);
    call.response().putHeader("WWW-Authenticate", "StandardWebhooks");
    NOT_SIGNED.answer(call.request());
  }

  private static void unread(RoutingContext call, Throwable failure) {
    if (failure instanceof ProblemException known) {
      known.problem().answer(call.request());
    } else {
      LOG.debug("a notification was cut off", failure);
      call.request().connection().close();
    }
  }
}
