package dev.settle.router.access;

import static dev.settle.router.access.Role.AUDITOR;
import static dev.settle.router.access.Role.CHECKER;
import static dev.settle.router.access.Role.MAKER;
import static dev.settle.router.access.Role.OPERATOR;
import static dev.settle.router.access.Role.TERMINAL;

import io.vertx.core.http.HttpMethod;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Every route of the public API and who may call it. This table is what is enforced: a route takes
 * tokens of the roles that it names, or messages that a bank has signed, or is open to everyone.
 * Paths are as Vert.x Web spells them.
 */
@SuppressWarnings("ImmutableEnumChecker") // HttpMethod and Set.of are immutable; neither says so.
public enum Route {
  SUBMIT_TRANSACTION(HttpMethod.POST, "/v1/transactions", TERMINAL),
  SUBMIT_TRANSACTIONS(HttpMethod.POST, "/v1/transactions/bulk", TERMINAL),
  FIND_TRANSACTION(HttpMethod.GET, "/v1/transactions", TERMINAL, MAKER, CHECKER, OPERATOR, AUDITOR),
  GET_CREDIT(HttpMethod.GET, "/v1/credits/:creditId", TERMINAL, MAKER, CHECKER, OPERATOR, AUDITOR),
  RELEASE_CREDIT(HttpMethod.POST, "/v1/credits/:creditId/release", OPERATOR),
  ONBOARD_MERCHANT(HttpMethod.POST, "/v1/merchants", MAKER, OPERATOR),
  ONBOARD_MERCHANTS(HttpMethod.POST, "/v1/merchants/bulk", MAKER, OPERATOR),
  GET_MERCHANT(HttpMethod.GET, "/v1/merchants/:merchantId", MAKER, CHECKER, OPERATOR, AUDITOR),
  GET_BINDINGS(
      HttpMethod.GET, "/v1/merchants/:merchantId/bindings", MAKER, CHECKER, OPERATOR, AUDITOR),
  GET_MERCHANT_UNPOSTED(
      HttpMethod.GET, "/v1/merchants/:merchantId/unposted", MAKER, CHECKER, OPERATOR, AUDITOR),
  GET_MERCHANT_CREDITS(
      HttpMethod.GET, "/v1/merchants/:merchantId/credits", MAKER, CHECKER, OPERATOR, AUDITOR),
  SET_HOLD(HttpMethod.PUT, "/v1/merchants/:merchantId/hold", OPERATOR),
  REGISTER_TERMINAL(HttpMethod.POST, "/v1/merchants/:merchantId/terminals", MAKER, OPERATOR),
  SET_ACCOUNT_STATUS(HttpMethod.PUT, "/v1/accounts/:accountId/status", OPERATOR),
  SUBMIT_CARD_CHANGE(HttpMethod.POST, "/v1/merchants/:merchantId/card-changes", MAKER),
  LIST_CARD_CHANGES(HttpMethod.GET, "/v1/card-changes", MAKER, CHECKER, OPERATOR, AUDITOR),
  GET_CARD_CHANGE(
      HttpMethod.GET, "/v1/card-changes/:cardChangeId", MAKER, CHECKER, OPERATOR, AUDITOR),
  APPROVE_CARD_CHANGE(HttpMethod.POST, "/v1/card-changes/:cardChangeId/approve", CHECKER),
  REJECT_CARD_CHANGE(HttpMethod.POST, "/v1/card-changes/:cardChangeId/reject", CHECKER),
  WITHDRAW_CARD_CHANGE(HttpMethod.POST, "/v1/card-changes/:cardChangeId/withdraw", MAKER),
  NOTIFY(HttpMethod.POST, "/v1/rails/:rail/notifications", Proof.SIGNATURE),
  GET_UNPOSTED(HttpMethod.GET, "/v1/unposted", MAKER, CHECKER, OPERATOR, AUDITOR),
  LIST_EXCEPTIONS(HttpMethod.GET, "/v1/exceptions", MAKER, CHECKER, OPERATOR, AUDITOR),
  PREVIEW_EXCEPTIONS(HttpMethod.POST, "/v1/exceptions/preview", OPERATOR),
  LIST_EXCEPTION_ORDERS(HttpMethod.GET, "/v1/exceptions/orders", MAKER, CHECKER, OPERATOR, AUDITOR),
  ORDER_EXCEPTIONS(HttpMethod.POST, "/v1/exceptions/orders", OPERATOR),
  GET_EXCEPTION_ORDER(
      HttpMethod.GET, "/v1/exceptions/orders/:orderId", MAKER, CHECKER, OPERATOR, AUDITOR),
  STOP_EXCEPTION_ORDER(HttpMethod.POST, "/v1/exceptions/orders/:orderId/stop", OPERATOR),
  LIST_BREAKS(HttpMethod.GET, "/v1/breaks", MAKER, CHECKER, OPERATOR, AUDITOR),
  CLOSE_BREAK(HttpMethod.POST, "/v1/breaks/:breakId/close", OPERATOR),
  PROPOSE_RESOLUTION(
      HttpMethod.POST, "/v1/rails/:rail/transfers/:endToEndId/resolutions", OPERATOR),
  LIST_RESOLUTIONS(HttpMethod.GET, "/v1/resolutions", CHECKER, OPERATOR, AUDITOR),
  APPROVE_RESOLUTION(HttpMethod.POST, "/v1/resolutions/:resolutionId/approve", CHECKER),
  REJECT_RESOLUTION(HttpMethod.POST, "/v1/resolutions/:resolutionId/reject", CHECKER),
  LIST_RAILS(HttpMethod.GET, "/v1/rails", MAKER, CHECKER, OPERATOR, AUDITOR),
  PROPOSE_RAIL_ORDER(HttpMethod.POST, "/v1/rails/:rail/orders", OPERATOR),
  LIST_RAIL_ORDERS(HttpMethod.GET, "/v1/rail-orders", MAKER, CHECKER, OPERATOR, AUDITOR),
  APPROVE_RAIL_ORDER(HttpMethod.POST, "/v1/rail-orders/:orderId/approve", CHECKER),
  REJECT_RAIL_ORDER(HttpMethod.POST, "/v1/rail-orders/:orderId/reject", CHECKER),
  LIST_AUDIT(HttpMethod.GET, "/v1/audit", AUDITOR),
  CREATE_WEBHOOK(HttpMethod.POST, "/v1/webhooks", MAKER, OPERATOR),
  LIST_WEBHOOKS(HttpMethod.GET, "/v1/webhooks", MAKER, CHECKER, OPERATOR, AUDITOR),
  GET_WEBHOOK(HttpMethod.GET, "/v1/webhooks/:webhookId", MAKER, CHECKER, OPERATOR, AUDITOR),
  GET_WEBHOOK_EVENTS(
      HttpMethod.GET, "/v1/webhooks/:webhookId/events", MAKER, CHECKER, OPERATOR, AUDITOR),
  REDELIVER_WEBHOOK(HttpMethod.POST, "/v1/webhooks/:webhookId/redeliver", MAKER, OPERATOR),
  PAUSE_WEBHOOK(HttpMethod.POST, "/v1/webhooks/:webhookId/pause", MAKER, OPERATOR),
  RESUME_WEBHOOK(HttpMethod.POST, "/v1/webhooks/:webhookId/resume", MAKER, OPERATOR),
  ROTATE_WEBHOOK_SECRET(HttpMethod.POST, "/v1/webhooks/:webhookId/rotate-secret", MAKER, OPERATOR),
  TEST_WEBHOOK(HttpMethod.POST, "/v1/webhooks/:webhookId/test", MAKER, OPERATOR),
  RETIRE_WEBHOOK(HttpMethod.POST, "/v1/webhooks/:webhookId/retire", MAKER, OPERATOR),
  STREAM_EVENTS(HttpMethod.GET, "/v1/events", MAKER, CHECKER, OPERATOR, AUDITOR),
  OPENAPI(HttpMethod.GET, "/openapi.yaml"),
  DOCS(HttpMethod.GET, "/docs"),
  DOCS_FILES(HttpMethod.GET, "/docs/*"),
  CONSOLE(HttpMethod.GET, "/console/*");

  /** How a caller shows that he may call. */
  public enum Proof {
    NONE,
    /** A token that names one of the route's roles. */
    TOKEN,
    /** The message itself is signed, as Standard Webhooks has it. */
    SIGNATURE
  }

  private final HttpMethod method;
  private final String path;
  private final Proof proof;
  private final Set<Role> roles;

  Route(HttpMethod method, String path, Role... roles) {
    this(method, path, roles.length == 0 ? Proof.NONE : Proof.TOKEN, roles);
  }

  Route(HttpMethod method, String path, Proof proof, Role... roles) {
    this.method = method;
    this.path = path;
    this.proof = proof;
    this.roles = Set.of(roles);
  }

  public HttpMethod method() {
    return method;
  }

  public String path() {
    return path;
  }

  /** What it asks of its caller. */
  public Proof proof() {
    return proof;
  }

  /** Whose tokens it takes; none where it asks for no token. */
  public Set<Role> roles() {
    return roles;
  }

  /** The methods that a path can be called with, sorted. */
  public static List<String> methodsOf(String path) {
    return Arrays.stream(values())
        .filter(route -> path.matches(route.path.replaceAll(":\\w+", "[^/]+").replace("*", ".*")))
        .map(route -> route.method.name())
        .distinct()
        .sorted()
        .toList();
  }

  public boolean isOpen() {
    return proof == Proof.NONE;
  }
}
