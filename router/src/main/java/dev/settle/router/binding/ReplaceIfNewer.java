package dev.settle.router.binding;

import com.hazelcast.map.EntryProcessor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts a route into the map where the entry is, unless what is there is as new. Runs on the entry's owner. */
@SuppressWarnings("serial") // Written by RouteSerializers; Hazelcast never serializes it as Java does.
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
    MerchantRoute newer = MerchantRoute.newer(entry.getValue(), route);
    boolean changes = newer == route;
    if (changes) {
      entry.setValue(route);
    }
    return changes;
  }
}
