package dev.settle.router.binding;

import com.hazelcast.map.EntryProcessor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts a route into the map where the entry is, unless what is there is as new. Runs on the entry's
 * owner.
 */
@SuppressWarnings(
    "serial") // Written by RouteSerializers; Hazelcast never serializes it as Java does.
final class ReplaceIfNewer implements EntryProcessor<String, MerchantRoute, Boolean> {

  private final MerchantRoute route;

  ReplaceIfNewer(MerchantRoute route) {
    this.route = route;
  }

  MerchantRoute route() {
    return route;
  }

  @Override
  public Boolean process(Map.Entry<String, @Nullable MerchantRoute> entry) {
    MerchantRoute known = entry.getValue();
    boolean isNewer = known == null || route.version() > known.version();
    if (isNewer) {
      entry.setValue(route);
    }
    return isNewer;
  }
}
