package dev.settle.router.binding;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.spi.merge.MergingValue;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import org.jspecify.annotations.Nullable;

/**
 * After a split of the cluster is healed, each route is the newer of both sides', whichever side
 * was larger. Named in {@code cluster/hazelcast.yaml}.
 */
public final class NewerRoute
    implements SplitBrainMergePolicy<MerchantRoute, MergingValue<MerchantRoute>, MerchantRoute> {

  @Override
  public MerchantRoute merge(
      MergingValue<MerchantRoute> merging, @Nullable MergingValue<MerchantRoute> existing) {
    MerchantRoute known = existing == null ? null : existing.getDeserializedValue();
    return MerchantRoute.newer(known, merging.getDeserializedValue());
  }

  @Override
  public void writeData(ObjectDataOutput out) {
    // It has no state.
  }

  @Override
  public void readData(ObjectDataInput in) {
    // It has no state.
  }
}
