package dev.settle.load.bench.lookup;

import dev.settle.router.binding.Bindings;
import dev.settle.router.binding.MerchantRoute;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/** Look-ups one after the other on one event loop, each timed. */
final class Lookups {

  private static final int SEED = 20_261_128;
  private static final long PATIENCE_SECONDS = 60;

  private final LookupCluster cluster;
  private final Lookup kind;
  private final Context context;
  private final List<Set<String>> merchants = new ArrayList<>();
  private final Histogram nanos = new Histogram(TimeUnit.SECONDS.toNanos(10), 3);
  private Bindings bindings;
  private boolean keeping;
  private int next;
  private long late;

  Lookups(LookupCluster cluster, Lookup kind, int merchants) {
    this.cluster = cluster;
    this.kind = kind;
    this.context = cluster.vertx().getOrCreateContext();
    for (int number = 1; number <= merchants; number++) {
      this.merchants.add(Set.of(LookupCluster.merchant(number)));
    }
    Collections.shuffle(this.merchants, new Random(SEED));
    this.bindings = cluster.freshNode();
  }

  /** Waits until the node's heap has them all; for hits. */
  void awaitHeap() throws InterruptedException {
    for (Set<String> merchant : merchants) {
      while (bindings.versionInUse(merchant.iterator().next()) == null) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
    }
  }

  /** From now on timings are kept, or not. */
  void keepTimings(boolean keep) {
    keeping = keep;
  }

  Timings timings() {
    return new Timings(
        nanos.getValueAtPercentile(50),
        nanos.getValueAtPercentile(99),
        Math.round(nanos.getMean()),
        nanos.getTotalCount(),
        late);
  }

  /** So many look-ups; returns after the last. */
  void run(int count) throws InterruptedException {
    CompletableFuture<Void> done = new CompletableFuture<>();
    context.runOnContext(
        turn -> {
          if (kind == Lookup.MISS) {
            miss(count, System.nanoTime(), done);
          } else if (hits(count)) {
            done.complete(null);
          } else {
            done.completeExceptionally(new IllegalStateException("a hit missed"));
          }
        });
    try {
      done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException failed) {
      throw new IllegalStateException("look-ups do not end well", failed);
    }
  }

  private boolean hits(int count) {
    long from = System.nanoTime();
    for (int i = 0; i < count; i++) {
      Future<Map<String, MerchantRoute>> found = bindings.routes(nextMerchant());
      if (!found.succeeded() || found.result().size() != 1) {
        return false;
      }
      from = keep(from);
    }
    return true;
  }

  private void miss(int left, long from, CompletableFuture<Void> done) {
    bindings
        .routes(nextMerchant())
        .onComplete(
            found -> {
              long now = keep(from);
              if (keeping && (found.failed() || found.result().size() != 1)) {
                // The map did not answer in time, and here is no database to ask instead.
                late++;
              }
              if (left > 1) {
                miss(left - 1, now, done);
              } else {
                done.complete(null);
              }
            });
  }

  private long keep(long from) {
    long now = System.nanoTime();
    if (keeping) {
      nanos.recordValue(now - from);
    }
    return now;
  }

  private Set<String> nextMerchant() {
    if (next == merchants.size()) {
      next = 0;
      if (kind == Lookup.MISS) {
        bindings = cluster.freshNode();
      }
    }
    return merchants.get(next++);
  }
}
