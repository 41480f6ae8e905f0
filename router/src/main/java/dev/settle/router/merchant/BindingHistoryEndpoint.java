package dev.settle.router.merchant;

import dev.settle.router.platform.Calls;
import dev.settle.router.platform.ReadDeadline;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /v1/merchants/{merchantId}/bindings}: the history, or what was in force at a time. */
public final class BindingHistoryEndpoint {

  private final BindingHistoryStore store;

  public BindingHistoryEndpoint(BindingHistoryStore store) {
    this.store = store;
  }

  public void find(RoutingContext call) {
    Calls.answer(
        call,
        Future.succeededFuture(BindingQuery.class)
            .compose(
                start ->
                    ReadDeadline.keep(
                        store.find(
                            MerchantReader.merchantId(call),
                            BindingQuery.read(call.queryParams()::get))))
            .map(json -> Calls.found(json, "merchant")));
  }
}
