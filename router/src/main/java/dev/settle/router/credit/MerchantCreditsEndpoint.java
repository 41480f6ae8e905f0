package dev.settle.router.credit;

import dev.settle.router.platform.Calls;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ReadDeadline;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;

/** {@code GET /v1/merchants/{merchantId}/credits}: what was sold, and where each credit stands. */
public final class MerchantCreditsEndpoint {

  private final MerchantCreditsStore store;

  public MerchantCreditsEndpoint(Pool pool) {
    this.store = new MerchantCreditsStore(pool);
  }

  public void list(RoutingContext call) {
    String merchantId = call.pathParam("merchantId");
    if (!CreditEndpoint.MERCHANT_ID.matcher(merchantId).matches()) {
      Problem.notFound("merchant").answer(call.request());
      return;
    }
    Calls.answer(
        call,
        Future.succeededFuture(call.queryParams())
            .map(parameters -> MerchantCreditsQuery.read(parameters::get))
            .compose(query -> ReadDeadline.keep(store.find(merchantId, query)))
            .map(json -> Calls.found(json, "merchant")));
  }
}
