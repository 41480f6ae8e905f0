package dev.settle.router.merchant;

import dev.settle.router.binding.Bindings;
import io.vertx.core.Future;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells this node and the cluster that a merchant's route has changed. */
public final class RouteNews {

  private static final Logger LOG = LoggerFactory.getLogger(RouteNews.class);

  private final Bindings bindings;

  public RouteNews(Bindings bindings) {
    this.bindings = bindings;
  }

  /**
   * Done when this node routes by the route as it is now. Never fails: the change is committed
   * whoever hears of it, and claims are fenced by the database.
   */
  Future<Void> tell(String merchantId) {
    return bindings
        .refresh(Set.of(merchantId))
        .onFailure(failure -> LOG.warn("a change is committed, nobody was told", failure))
        .otherwiseEmpty()
        .mapEmpty();
  }
}
