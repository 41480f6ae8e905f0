package dev.settle.router.dispatch;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The batches that some dispatcher of this node has in hand, so that the sweep leaves them alone.
 */
public final class InMemory {

  private final Set<Long> batches = ConcurrentHashMap.newKeySet();

  void add(long batchId) {
    batches.add(batchId);
  }

  void remove(long batchId) {
    batches.remove(batchId);
  }

  List<Long> all() {
    return List.copyOf(batches);
  }
}
