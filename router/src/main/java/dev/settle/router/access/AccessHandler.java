package dev.settle.router.access;

import dev.settle.router.audit.AuditTrail;
import dev.settle.router.platform.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * Lets a call through to its route when its token names a role that {@link Route} allows; 401 or
 * 403 otherwise.
 */
public final class AccessHandler implements Handler<RoutingContext> {

  private static final String PRINCIPAL = "principal";
  private static final String SCHEME = "Bearer ";
  private static final Problem UNAUTHENTICATED =
      new Problem(
          401,
          "unauthenticated",
          null,
          "Send Authorization: Bearer with a valid, unexpired token.");

  private final Tokens tokens;
  private final Route route;
  private final AccessAudit audit;
  private final Problem forbidden;

  public AccessHandler(Tokens tokens, Route route, AuditTrail trail) {
    this.tokens = tokens;
    this.route = route;
    this.audit = new AccessAudit(trail, route);
    this.forbidden =
        new Problem(403, "forbidden", null, "This route takes tokens of: " + roles(route) + ".");
  }

  /** Who is calling; set on every route that is not open. */
  public static Principal caller(RoutingContext call) {
    return call.get(PRINCIPAL);
  }

  @Override
  public void handle(RoutingContext call) {
    String token = token(call);
    if (token == null) {
      audit.noToken(call);
      UNAUTHENTICATED.answer(call.request());
      return;
    }
    Principal known = tokens.remembered(token);
    if (known != null) {
      pass(call, known);
      return;
    }
    // The body waits until a handler asks for it: by Bodies, by an NDJSON exchange, or by the end
    // of a refusal.
    call.request().pause();
    tokens
        .verify(token)
        .onSuccess(principal -> audit.loggedIn(call, principal))
        .onSuccess(principal -> pass(call, principal))
        .onFailure(refused -> audit.badToken(call))
        .onFailure(refused -> UNAUTHENTICATED.answer(call.request()));
  }

  private void pass(RoutingContext call, Principal principal) {
    if (!route.roles().contains(principal.role())) {
      audit.forbidden(call, principal);
      forbidden.answer(call.request());
      return;
    }
    call.put(PRINCIPAL, principal);
    audit.calls(call, principal);
    if (route.method() == HttpMethod.GET) {
      call.request().resume();
    }
    call.next();
  }

  private static @Nullable String token(RoutingContext call) {
    String header = call.request().getHeader(HttpHeaders.AUTHORIZATION);
    return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? header.substring(SCHEME.length()).trim()
        : null;
  }

  private static String roles(Route route) {
    return String.join(", ", route.roles().stream().map(Role::text).sorted().toList());
  }
}
