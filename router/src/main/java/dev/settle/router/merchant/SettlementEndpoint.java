package dev.settle.router.merchant;

import dev.settle.router.access.AccessHandler;
import dev.settle.router.binding.BindingStore;
import dev.settle.router.binding.Bindings;
import dev.settle.router.binding.TerminalRegistration.Outcome;
import dev.settle.router.platform.Calls;
import dev.settle.router.platform.JsonDocument;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/** What decides whether a merchant is settled at all: holds, and which terminals are its own. */
public final class SettlementEndpoint {

  private static final Problem TOO_MANY =
      new Problem(
          409,
          "terminal-limit",
          "terminalId",
          "A merchant has at most " + Limits.MERCHANT_TERMINALS + " terminals.");

  private final BindingStore routes;
  private final Bindings bindings;

  public SettlementEndpoint(BindingStore routes, Bindings bindings) {
    this.routes = routes;
    this.bindings = bindings;
  }

  /**
   * {@code PUT /v1/merchants/{merchantId}/hold}: answers when no claim in flight can still pay the
   * merchant by the route as it was.
   */
  public void hold(RoutingContext call) {
    String by = AccessHandler.caller(call).subject();
    Calls.answer(
        call,
        Calls.document(call, "a merchant's hold", Set.of("onHold", "reason", IfVersion.FIELD))
            .compose(document -> setHold(MerchantReader.merchantId(call), document, by)));
  }

  private Future<JsonObject> setHold(String merchantId, JsonDocument document, String by) {
    boolean onHold = document.truth("onHold");
    return routes
        .setHold(merchantId, onHold, ChangeReason.in(document), by, IfVersion.in(document))
        .map(change -> Calls.found(change, "merchant"))
        .compose(
            change ->
                change.outdated()
                    ? Future.failedFuture(new ProblemException(IfVersion.OUTDATED))
                    : bindings.announce(merchantId).map(change))
        .map(
            change ->
                new JsonObject()
                    .put("merchantId", merchantId)
                    .put("onHold", onHold)
                    .put("version", change.version()));
  }

  /**
   * {@code POST /v1/merchants/{merchantId}/terminals}: one more terminal. What was held because the
   * terminal was not the merchant's is decided again.
   */
  public void registerTerminal(RoutingContext call) {
    String by = AccessHandler.caller(call).subject();
    Calls.answer(
        call,
        Calls.document(call, "a terminal", Set.of("terminalId"))
            .compose(document -> register(MerchantReader.merchantId(call), document, by))
            .onSuccess(
                json -> {
                  if (json.getString("outcome").equals(Outcome.REGISTERED.name())) {
                    call.response().setStatusCode(201);
                  }
                }));
  }

  private Future<JsonObject> register(String merchantId, JsonDocument document, String by) {
    String terminalId =
        document.matching(
            "terminalId", MerchantReader.TERMINAL_ID, "1 to 8 letters or digits are expected.");
    return routes
        .registerTerminal(merchantId, terminalId, by)
        .map(registered -> Calls.found(registered, "merchant"))
        .compose(
            registered ->
                registered.outcome() == Outcome.TOO_MANY
                    ? Future.failedFuture(new ProblemException(TOO_MANY))
                    : bindings.announce(merchantId).map(registered))
        .map(
            registered ->
                new JsonObject()
                    .put("merchantId", merchantId)
                    .put("terminalId", terminalId)
                    .put("outcome", registered.outcome().name())
                    .put("version", registered.version()));
  }
}
