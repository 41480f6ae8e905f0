package dev.settle.router.binding;

import com.hazelcast.core.EntryEvent;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.map.listener.EntryMergedListener;
import com.hazelcast.map.listener.EntryUpdatedListener;
import dev.settle.router.platform.Limits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster's shared copy of routes: Hazelcast's map {@code bindings}. A hint and nothing more:
 * an entry may be missing or old without harm, because every claim is fenced in PostgreSQL.
 */
public final class RouteMap {

  public static final String NAME = "bindings";

  private static final Logger LOG = LoggerFactory.getLogger(RouteMap.class);

  private final IMap<String, MerchantRoute> map;
  private final Vertx vertx;

  public RouteMap(HazelcastInstance hazelcast, Vertx vertx) {
    this.map = hazelcast.getMap(NAME);
    this.vertx = vertx;
  }

  /** Calls {@code listener}, on a Hazelcast thread, with every route that any node publishes. */
  public void listen(Consumer<MerchantRoute> listener) {
    map.addEntryListener(
        (EntryAddedListener<String, MerchantRoute>) event -> hand(event, listener), true);
    map.addEntryListener(
        (EntryUpdatedListener<String, MerchantRoute>) event -> hand(event, listener), true);
    map.addEntryListener(
        (EntryMergedListener<String, MerchantRoute>) event -> hand(event, listener), true);
  }

  private static void hand(
      EntryEvent<String, MerchantRoute> event, Consumer<MerchantRoute> listener) {
    listener.accept(event.getValue());
  }

  /** What the map answers within {@link Limits#ROUTE_MAP_DEADLINE}; never fails. */
  Future<List<MerchantRoute>> find(Collection<String> merchantIds) {
    List<CompletableFuture<MerchantRoute>> answers = new ArrayList<>(merchantIds.size());
    try {
      for (String merchantId : merchantIds) {
        answers.add(map.getAsync(merchantId).toCompletableFuture());
      }
    } catch (HazelcastException | HazelcastInstanceNotActiveException gone) {
      // A member that has stopped throws at once; what it was not asked is a miss.
      LOG.debug("the cluster's map cannot be asked", gone);
    }
    CompletableFuture<Void> all =
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
            .completeOnTimeout(null, Limits.ROUTE_MAP_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    return Future.fromCompletionStage(all, vertx.getOrCreateContext())
        .transform(inTime -> Future.succeededFuture(answered(answers)));
  }

  private static List<MerchantRoute> answered(List<CompletableFuture<MerchantRoute>> answers) {
    List<MerchantRoute> routes = new ArrayList<>(answers.size());
    for (CompletableFuture<MerchantRoute> answer : answers) {
      MerchantRoute route =
          answer.isDone() && !answer.isCompletedExceptionally() ? answer.getNow(null) : null;
      if (route != null) {
        routes.add(route);
      }
    }
    return routes;
  }

  /** Takes a merchant's route out of the map if it is older than a version. Not waited for. */
  void forget(String merchantId, int version) {
    try {
      map.submitToKey(merchantId, new RemoveIfOlder(version));
    } catch (HazelcastException | HazelcastInstanceNotActiveException gone) {
      LOG.debug("the cluster's map cannot be told", gone);
    }
  }

  /** Takes everything out of the map; every node reads it anew. On a thread that may wait. */
  void forgetAll() {
    vertx
        .executeBlocking(
            () -> {
              map.clear();
              return null;
            })
        .onFailure(gone -> LOG.debug("the cluster's map cannot be told", gone));
  }

  /** Offers a route to the cluster; an entry that is as new stays. Not waited for. */
  void publish(MerchantRoute route) {
    try {
      map.submitToKey(route.merchantId(), new ReplaceIfNewer(route));
    } catch (HazelcastException | HazelcastInstanceNotActiveException gone) {
      LOG.debug("the cluster's map cannot be told", gone);
    }
  }
}
