package dev.settle.router.railorder;

import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Lookout;
import dev.settle.router.rail.RailStops;
import dev.settle.router.rail.RailStops.State;
import dev.settle.router.rail.RailStops.Stop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what this node knows of stopped rails fresh: reads it every second, and at once when the
 * database says that a rail stands otherwise. Notices when a rail has drained. Where it reads
 * nothing, claims are refused by the database all the same. Belongs to one event loop.
 */
public final class RailStopFeed {

  private static final Logger LOG = LoggerFactory.getLogger(RailStopFeed.class);

  private final RailOrderStore store;
  private final RailStops stops;
  private final Lookout lookout;

  public RailStopFeed(Vertx vertx, RailOrderStore store, RailStops stops) {
    this.lookout =
        new Lookout(vertx, LOG, "how rails stand was not read; trying again", this::read);
    this.store = store;
    this.stops = stops;
  }

  /** Done when this node knows how its rails stand. */
  public Future<Void> start() {
    return lookout.start(Limits.RAIL_WATCH_EVERY);
  }

  /** Looks now; what comes while it looks is looked at afterwards. */
  public void look() {
    lookout.now();
  }

  private Future<Void> read() {
    return store.stops().compose(this::heard);
  }

  private Future<Void> heard(Map<String, Stop> now) {
    stops.heard(now);
    boolean draining = now.values().stream().anyMatch(stop -> stop.state() == State.DRAINING);
    return draining ? store.markDrained() : Future.succeededFuture();
  }
}
