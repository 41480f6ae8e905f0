package dev.settle.router.binding;

import com.hazelcast.map.EntryProcessor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes a route out of the map that is older than a version: whoever looks for it next reads
 * PostgreSQL. Runs on the entry's owner.
 *
 * @param version of the merchant's route by now
 */
record RemoveIfOlder(int version) implements EntryProcessor<String, MerchantRoute, Boolean> {

  @Override
  public Boolean process(Map.Entry<String, @Nullable MerchantRoute> entry) {
    MerchantRoute known = entry.getValue();
    boolean isOlder = known != null && known.version() < version;
    if (isOlder) {
      entry.setValue(null);
    }
    return isOlder;
  }
}
