package dev.settle.router.app;

import dev.settle.router.access.AccessHandler;
import dev.settle.router.access.Door;
import dev.settle.router.access.Route;
import dev.settle.router.access.SignatureHandler;
import dev.settle.router.audit.AuditEndpoint;
import dev.settle.router.binding.BindingStore;
import dev.settle.router.breaks.BreakEndpoint;
import dev.settle.router.breaks.BreakStore;
import dev.settle.router.cardchange.CardChangeEndpoint;
import dev.settle.router.cardchange.CardChangeStore;
import dev.settle.router.cardchange.DecisionEndpoint;
import dev.settle.router.credit.CreditEndpoint;
import dev.settle.router.credit.CreditStore;
import dev.settle.router.credit.InFlightStore;
import dev.settle.router.credit.MerchantCreditsEndpoint;
import dev.settle.router.credit.Recorder;
import dev.settle.router.credit.ReleaseEndpoint;
import dev.settle.router.credit.UnpostedStore;
import dev.settle.router.events.EventEndpoint;
import dev.settle.router.exceptions.ExceptionEndpoint;
import dev.settle.router.exceptions.ExceptionStore;
import dev.settle.router.exceptions.OrderBook;
import dev.settle.router.ingest.BulkEndpoint;
import dev.settle.router.ingest.TransactionEndpoint;
import dev.settle.router.merchant.AccountEndpoint;
import dev.settle.router.merchant.BindingHistoryEndpoint;
import dev.settle.router.merchant.BindingHistoryStore;
import dev.settle.router.merchant.MerchantEndpoint;
import dev.settle.router.merchant.MerchantStore;
import dev.settle.router.merchant.SettlementEndpoint;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Problem;
import dev.settle.router.transaction.TransactionReader;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The public API: every {@link Route} with its guard and its handler. */
final class PublicApi {

  private static final Logger LOG = LoggerFactory.getLogger(PublicApi.class);

  private PublicApi() {}

  static Router router(Vertx vertx, NodeParts parts, Recorder recorder, TransactionReader reader) {
    Map<Route, Handler<RoutingContext>> handlers = handlers(vertx, parts, recorder, reader);
    SignatureHandler signed = Notifications.signatures(parts);
    Door door = new Door(parts.credentials());
    Router router = Router.router(vertx);
    for (Route route : Route.values()) {
      Handler<RoutingContext> handler = handlers.get(route);
      if (handler == null) {
        throw new IllegalStateException("no handler for " + route);
      }
      var path = router.route(route.method(), route.path());
      switch (route.proof()) {
        case TOKEN -> path.handler(new AccessHandler(door, route));
        case SIGNATURE -> path.handler(signed);
        case NONE -> {}
      }
      path.handler(
          route.proof() == Route.Proof.TOKEN ? parts.rates().before(route, handler) : handler);
    }
    router.errorHandler(404, call -> Problem.notFound("route").answer(call.request()));
    router.errorHandler(405, PublicApi::wrongMethod);
    router.errorHandler(400, call -> badRequest().answer(call.request()));
    router.errorHandler(500, PublicApi::fault);
    return router;
  }

  private static Map<Route, Handler<RoutingContext>> handlers(
      Vertx vertx, NodeParts parts, Recorder recorder, TransactionReader reader) {
    var credits =
        new CreditEndpoint(new CreditStore(parts.queries()), new UnpostedStore(parts.queries()));
    var merchants =
        new MerchantEndpoint(
            vertx,
            new MerchantStore(parts.control(), parts.cipher()),
            new MerchantStore(parts.queries(), parts.cipher()));
    var routes = new BindingStore(parts.control());
    var settlement = new SettlementEndpoint(routes, parts.bindings());
    var accounts =
        new AccountEndpoint(routes, new InFlightStore(parts.queries()), parts.bindings());
    var history = new BindingHistoryEndpoint(new BindingHistoryStore(parts.queries()));
    var changeStore = new CardChangeStore(parts.control(), parts.cipher());
    var changes =
        new CardChangeEndpoint(
            changeStore, parts.bindings(), parts.settings().cardChange(), parts.metrics());
    var decisions =
        new DecisionEndpoint(
            changeStore, new InFlightStore(parts.queries()), parts.bindings(), parts.metrics());
    Map<Route, Handler<RoutingContext>> handlers = new EnumMap<>(Route.class);
    handlers.put(
        Route.SUBMIT_TRANSACTION, new TransactionEndpoint(recorder, reader, parts.metrics()));
    handlers.put(
        Route.SUBMIT_TRANSACTIONS,
        new BulkEndpoint(vertx, recorder, reader, parts.metrics(), parts.rates()::paced));
    handlers.put(Route.FIND_TRANSACTION, credits::byKey);
    handlers.put(Route.GET_CREDIT, credits::byId);
    handlers.put(
        Route.RELEASE_CREDIT, new ReleaseEndpoint(new CreditStore(parts.control()))::order);
    handlers.put(Route.ONBOARD_MERCHANT, merchants::onboard);
    handlers.put(Route.ONBOARD_MERCHANTS, merchants::onboardBulk);
    handlers.put(Route.GET_MERCHANT, merchants::profile);
    handlers.put(Route.GET_BINDINGS, history::find);
    handlers.put(Route.GET_MERCHANT_UNPOSTED, credits::unpostedOfMerchant);
    handlers.put(Route.GET_MERCHANT_CREDITS, new MerchantCreditsEndpoint(parts.queries())::list);
    handlers.put(Route.SET_HOLD, settlement::hold);
    handlers.put(Route.REGISTER_TERMINAL, settlement::registerTerminal);
    handlers.put(Route.SET_ACCOUNT_STATUS, accounts::setStatus);
    handlers.put(Route.SUBMIT_CARD_CHANGE, changes::submit);
    handlers.put(Route.LIST_CARD_CHANGES, changes::list);
    handlers.put(Route.GET_CARD_CHANGE, changes::get);
    handlers.put(Route.APPROVE_CARD_CHANGE, decisions::approve);
    handlers.put(Route.REJECT_CARD_CHANGE, decisions::reject);
    handlers.put(Route.WITHDRAW_CARD_CHANGE, decisions::withdraw);
    handlers.put(Route.NOTIFY, Notifications.endpoint(parts)::take);
    handlers.put(Route.GET_UNPOSTED, credits::unposted);
    var exceptions =
        new ExceptionEndpoint(
            new ExceptionStore(parts.queries()),
            new OrderBook(parts.queries()),
            new OrderBook(parts.control()));
    handlers.put(Route.LIST_EXCEPTIONS, exceptions::list);
    handlers.put(Route.PREVIEW_EXCEPTIONS, exceptions::preview);
    handlers.put(Route.ORDER_EXCEPTIONS, exceptions::order);
    handlers.put(Route.LIST_EXCEPTION_ORDERS, exceptions::orders);
    handlers.put(Route.GET_EXCEPTION_ORDER, exceptions::getOrder);
    handlers.put(Route.STOP_EXCEPTION_ORDER, exceptions::stop);
    var breaks =
        new BreakEndpoint(new BreakStore(parts.queries()), new BreakStore(parts.control()));
    handlers.put(Route.LIST_BREAKS, breaks::list);
    handlers.put(Route.CLOSE_BREAK, breaks::close);
    var resolutions = Notifications.resolutions(parts);
    handlers.put(Route.PROPOSE_RESOLUTION, resolutions::propose);
    handlers.put(Route.LIST_RESOLUTIONS, resolutions::list);
    handlers.put(Route.APPROVE_RESOLUTION, resolutions::approve);
    handlers.put(Route.REJECT_RESOLUTION, resolutions::reject);
    var railOrders = Consoles.railOrders(parts);
    handlers.put(Route.LIST_RAILS, railOrders::rails);
    handlers.put(Route.PROPOSE_RAIL_ORDER, railOrders::propose);
    handlers.put(Route.LIST_RAIL_ORDERS, railOrders::list);
    handlers.put(Route.APPROVE_RAIL_ORDER, railOrders::approve);
    handlers.put(Route.REJECT_RAIL_ORDER, railOrders::reject);
    handlers.put(Route.LIST_AUDIT, new AuditEndpoint(parts.queries())::list);
    Webhooks.addHandlers(handlers, parts);
    handlers.put(
        Route.STREAM_EVENTS, new EventEndpoint(vertx, parts.events(), Clock.systemUTC())::stream);
    handlers.put(Route.OPENAPI, ApiDocs::openapi);
    handlers.put(Route.DOCS, ApiDocs::page);
    handlers.put(Route.DOCS_FILES, ApiDocs.files());
    handlers.put(Route.CONSOLE, Console.files());
    return handlers;
  }

  /** What is not HTTP, or has a head beyond {@code Limits.HEADER_BYTES}. */
  static void invalid(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    Problem problem =
        cause instanceof TooLongHttpLineException
            ? new Problem(
                414,
                "uri-too-long",
                null,
                "A request's first line has at most "
                    + Limits.REQUEST_LINE_BYTES
                    + " bytes here; ask for less at once.")
            : cause instanceof TooLongHttpHeaderException
                ? new Problem(
                    431,
                    "headers-too-large",
                    null,
                    "A request's headers have at most "
                        + Limits.HEADER_BYTES
                        + " bytes here; send fewer or shorter ones.")
                : badRequest();
    problem.answer(request);
    request.connection().close();
  }

  private static void wrongMethod(RoutingContext call) {
    String methods = String.join(", ", Route.methodsOf(call.normalizedPath()));
    call.response().putHeader(HttpHeaders.ALLOW, methods);
    new Problem(405, "method-not-allowed", null, "This path takes: " + methods + ".")
        .answer(call.request());
  }

  private static Problem badRequest() {
    return new Problem(400, "bad-request", null, "The request line or its path is not valid.");
  }

  private static void fault(RoutingContext call) {
    LOG.error("a request failed on a fault of ours", call.failure());
    Problem.INTERNAL.answer(call.request());
  }
}
