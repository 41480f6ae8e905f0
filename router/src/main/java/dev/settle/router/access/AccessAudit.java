package dev.settle.router.access;

import dev.settle.router.audit.AuditAction;
import dev.settle.router.audit.AuditEvent;
import dev.settle.router.audit.AuditTrail;
import dev.settle.router.platform.Caller;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the audit hears of the callers of one route: who was let through, and who was not, why. */
final class AccessAudit {

  private final AuditTrail trail;
  private final Route route;

  AccessAudit(AuditTrail trail, Route route) {
    this.trail = trail;
    this.route = route;
  }

  void badSignature(RoutingContext call) {
    String rail = "rail:" + call.pathParam("rail");
    trail.refused(
        new AuditEvent(
            AuditAction.SIGNATURE_REFUSED,
            AuditEvent.ANONYMOUS,
            "",
            rail,
            "the message is not signed by this rail, or not now",
            from(call),
            Map.of("route", route.name())));
  }

  /**
   * A token was verified that this node has not seen, or not remembered; a connection showed a
   * certificate; or an event loop has not seen an API key lately.
   */
  void loggedIn(RoutingContext call, Principal principal) {
    trail.loggedIn(
        new AuditEvent(
            AuditAction.LOGGED_IN,
            principal.subject(),
            principal.role().text(),
            route.name(),
            null,
            from(call),
            principal.expiresAt().equals(Instant.MAX)
                ? Map.of()
                : Map.of("expiresAt", principal.expiresAt().toString())));
  }

  /** What the call changes is by this caller. Terminals change nothing that is recorded. */
  void calls(RoutingContext call, Principal principal) {
    if (route.method() != HttpMethod.GET && principal.role() != Role.TERMINAL) {
      Caller.is(new Caller(principal.role().text(), from(call)));
    }
  }

  /** What the message changes is by the bank of this rail. */
  void bankCalls(RoutingContext call) {
    Caller.is(new Caller(Role.BANK.text(), from(call)));
  }

  /**
   * A call was refused for who made it.
   *
   * @param principal who that is, or claims to be; null: nobody knows
   * @param why the problem's code
   */
  void refused(RoutingContext call, @Nullable Principal principal, String why) {
    trail.refused(
        AuditEvent.refusal(
            principal == null ? AuditEvent.ANONYMOUS : principal.subject(),
            principal == null ? "" : principal.role().text(),
            route.name(),
            why,
            from(call)));
  }

  private static String from(RoutingContext call) {
    var address = call.request().remoteAddress();
    return address == null || address.hostAddress() == null ? "" : address.hostAddress();
  }
}
