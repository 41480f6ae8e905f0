package dev.settle.load.growth;

import dev.settle.router.access.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the console, or something that is done on it.
 *
 * @param calls that it makes of the router, all at once
 */
record ConsolePage(String name, List<Call> calls) {

  /**
   * One of them.
   *
   * @param body null: a GET
   */
  record Call(Role role, String path, @Nullable JsonObject body) {}

  private static final String FROZEN = "ACCOUNT_FROZEN";

  /** All of them, of merchants and credits with much behind them. */
  static List<ConsolePage> all(PageCalls calls, String change)
      throws IOException, InterruptedException {
    String sold = "M000001";
    String held = String.format("M%06d", GrowthOptions.MERCHANTS + 1);
    JsonObject exceptions = calls.get("/v1/exceptions?limit=100");
    JsonObject credits = calls.get("/v1/merchants/" + sold + "/credits?limit=50");
    String next = exceptions.getString("next");
    return List.of(
        page("Now", get("/v1/unposted")),
        page("Now, its first event", get(PageCalls.EVENTS)),
        merchant("Merchant with posted sales", sold, ""),
        merchant("Merchant, older sales", sold, "&after=" + credits.getString("next")),
        merchant("Merchant with held sales", held, ""),
        page("Credit, posted", get("/v1/credits/" + first(credits.getJsonArray("credits")))),
        page("Card changes", get("/v1/card-changes?state=VERIFIED")),
        page("A card change", get("/v1/card-changes/" + change), get("/v1/merchants/M000020")),
        exceptions("Exceptions", ""),
        exceptions("Exceptions, next page", "&after=" + next),
        exceptions("Exceptions of a reason", "&reason=" + FROZEN),
        exceptions("Exceptions of a reason with none", "&reason=NAME_MISMATCH"),
        exceptions("Exceptions of a rail with none", "&rail=sandbox"),
        exceptions("Exceptions of a merchant", "&merchantId=" + held),
        exceptions("Exceptions of a person with none", "&assignee=nobody"),
        exceptions("Exceptions older than an hour", "&olderThan=PT1H"),
        page("An exception", get("/v1/credits/" + first(exceptions.getJsonArray("exceptions")))),
        page("Preview of all of a reason", preview(new JsonObject().put("reason", FROZEN))),
        page("Preview of a merchant's", preview(new JsonObject().put("merchantId", held))),
        page("Rails", get("/v1/rails"), get("/v1/rail-orders")));
  }

  private static ConsolePage page(String name, Call... calls) {
    return new ConsolePage(name, List.of(calls));
  }

  private static ConsolePage merchant(String name, String merchant, String after) {
    return page(
        name,
        get("/v1/merchants/" + merchant + "/unposted"),
        get("/v1/merchants/" + merchant),
        get("/v1/merchants/" + merchant + "/bindings"),
        get("/v1/card-changes?merchantId=" + merchant),
        get("/v1/merchants/" + merchant + "/credits?limit=50" + after));
  }

  private static ConsolePage exceptions(String name, String filter) {
    return page(name, get("/v1/exceptions?limit=100" + filter), get("/v1/exceptions/orders"));
  }

  private static Call get(String path) {
    return new Call(Role.OPERATOR, path, null);
  }

  private static Call preview(JsonObject filter) {
    return new Call(
        Role.OPERATOR,
        "/v1/exceptions/preview",
        new JsonObject().put("action", "HOLD").put("filter", filter));
  }

  private static String first(JsonArray list) {
    return list.getJsonObject(0).getString("creditId");
  }
}
