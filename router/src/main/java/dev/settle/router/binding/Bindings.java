package dev.settle.router.binding;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.settle.router.platform.Limits;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The look-up of routes: this node's heap, then the cluster's map, then PostgreSQL, each asked once
 * for all that the one before did not have. What it gives may be old; the claim's fence catches
 * that. Used by every event loop of the node at once.
 */
public final class Bindings {

  private static final Logger LOG = LoggerFactory.getLogger(Bindings.class);

  private final Cache<String, MerchantRoute> local =
      Caffeine.newBuilder().maximumSize(Limits.LOCAL_ROUTES).build();
  private final RouteMap shared;
  private final BindingStore store;
  private final LookupCounts counts;
  private final Staleness staleness = new Staleness();
  private volatile boolean readThrough;

  public Bindings(RouteMap shared, BindingStore store, LookupCounts counts) {
    this.shared = shared;
    this.store = store;
    this.counts = counts;
    shared.listen(this::learn);
  }

  /** Where look-ups found their answer. */
  public interface LookupCounts {
    void local(int routes);

    void shared(int routes);

    void database(int routes);

    void unknown(int merchants);
  }

  /**
   * The routes of those merchants that exist. Completes at once when this node's heap has them all.
   */
  public Future<Map<String, MerchantRoute>> routes(Set<String> merchantIds) {
    if (readThrough) {
      return store.routes(merchantIds).map(this::taken);
    }
    Map<String, MerchantRoute> found = new HashMap<>(merchantIds.size() * 2);
    List<String> missing = null;
    for (String merchantId : merchantIds) {
      MerchantRoute route = local.getIfPresent(merchantId);
      if (route != null) {
        found.put(merchantId, route);
      } else {
        missing = missing == null ? new ArrayList<>() : missing;
        missing.add(merchantId);
      }
    }
    counts.local(found.size());
    return missing == null ? Future.succeededFuture(found) : findShared(missing, found);
  }

  private Map<String, MerchantRoute> taken(List<MerchantRoute> routes) {
    counts.database(routes.size());
    Map<String, MerchantRoute> found = new HashMap<>();
    routes.forEach(route -> found.put(route.merchantId(), keep(route)));
    return found;
  }

  private Future<Map<String, MerchantRoute>> findShared(
      List<String> missing, Map<String, MerchantRoute> found) {
    return shared
        .find(missing)
        .compose(
            routes -> {
              counts.shared(routes.size());
              routes.forEach(route -> found.put(route.merchantId(), keep(route)));
              missing.removeAll(found.keySet());
              return missing.isEmpty() ? Future.succeededFuture(found) : findStored(missing, found);
            });
  }

  private Future<Map<String, MerchantRoute>> findStored(
      Collection<String> missing, Map<String, MerchantRoute> found) {
    return refresh(missing)
        .map(
            routes -> {
              counts.database(routes.size());
              counts.unknown(missing.size() - routes.size());
              found.putAll(routes);
              return found;
            });
  }

  /** The routes as PostgreSQL has them now, whatever is cached; the cluster is told what is new. */
  public Future<Map<String, MerchantRoute>> refresh(Collection<String> merchantIds) {
    return store
        .routes(merchantIds)
        .map(
            routes -> {
              Map<String, MerchantRoute> found = new HashMap<>();
              for (MerchantRoute route : routes) {
                found.put(route.merchantId(), route);
                keep(route);
                shared.publish(route);
              }
              return found;
            });
  }

  /**
   * Tells this node and the cluster that a merchant's route has changed. Done when this node routes
   * by the route as it is now. Never fails: the change is committed whoever hears of it, and claims
   * are fenced by the database.
   */
  public Future<Void> announce(String merchantId) {
    return refresh(Set.of(merchantId))
        .onFailure(failure -> LOG.warn("a route has changed, and nobody was told", failure))
        .otherwiseEmpty()
        .mapEmpty();
  }

  /** The version this node routes a merchant by, or null when its heap has none. */
  public @Nullable Integer versionInUse(String merchantId) {
    MerchantRoute route = local.getIfPresent(merchantId);
    return route == null ? null : route.version();
  }

  /**
   * These merchants' routes have changed to these versions at least. What this node's heap has
   * older is read; what it has not, is taken out of the cluster's map where that is older.
   */
  Future<Void> hear(Map<String, Integer> versions) {
    List<String> older = new ArrayList<>();
    versions.forEach(
        (merchantId, version) -> {
          Integer inUse = versionInUse(merchantId);
          if (inUse == null) {
            shared.forget(merchantId, version);
          } else if (inUse < version) {
            older.add(merchantId);
          }
        });
    return older.isEmpty() ? Future.succeededFuture() : refresh(older).mapEmpty();
  }

  /** Everything is looked up anew. */
  void forgetAll() {
    local.invalidateAll();
    shared.forgetAll();
  }

  /** From now on every look-up asks PostgreSQL; or none that the heap can answer. */
  void readThrough(boolean always) {
    readThrough = always;
  }

  /** How late this node is in routing by changes. */
  Staleness staleness() {
    return staleness;
  }

  private void learn(MerchantRoute route) {
    keep(route);
  }

  private MerchantRoute keep(MerchantRoute route) {
    boolean[] replaced = new boolean[1];
    MerchantRoute kept =
        local
            .asMap()
            .merge(
                route.merchantId(),
                route,
                (known, now) -> {
                  MerchantRoute newer = MerchantRoute.newer(known, now);
                  replaced[0] = newer != known;
                  return newer;
                });
    if (replaced[0]) {
      staleness.adopted(route.merchantId(), route.version());
    }
    return kept;
  }
}
