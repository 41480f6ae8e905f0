package dev.settle.router.audit;

import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Paced;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Links events into the chain every second and seals the book, off every other's way. Whichever
 * node comes first does it; the others find nothing to do. Belongs to one event loop.
 */
public final class AuditKeeper {

  private static final Logger LOG = LoggerFactory.getLogger(AuditKeeper.class);

  private final AuditTrail trail;
  private final AuditStore store;
  private final Paced links;
  private final Paced credits;
  private final Paced departures;

  public AuditKeeper(Vertx vertx, AuditTrail trail) {
    this.trail = trail;
    this.store = trail.store();
    // What is not linked can be changed unseen: while it is behind, nothing waits.
    this.links = paced(vertx, "linking the audit", Limits.AUDIT_LINK_EVERY, 0, this::link);
    this.credits =
        paced(vertx, "sealing credits", Limits.SEAL_EVERY, Limits.SEAL_SHARE, this::sealCredits);
    this.departures =
        paced(
            vertx,
            "sealing departures",
            Limits.SEAL_EVERY,
            Limits.SEAL_SHARE,
            this::sealDepartures);
  }

  private static Paced paced(
      Vertx vertx, String what, Duration idle, int share, Supplier<Future<Boolean>> step) {
    return new Paced(
        vertx, LOG, what + " stopped on a fault; it goes on later", idle, null, share, step);
  }

  public void start() {
    trail.start();
    links.start();
    credits.start();
    departures.start();
  }

  /** Ends with every event linked that was recorded by then. */
  public Future<Void> stop() {
    return Future.join(links.stop(), credits.stop(), departures.stop())
        .compose(stopped -> trail.recordRepeats())
        .compose(recorded -> linkAll())
        .otherwiseEmpty();
  }

  private Future<Void> linkAll() {
    return link().compose(more -> more ? linkAll() : Future.succeededFuture());
  }

  private Future<Boolean> link() {
    return store.link(Limits.AUDIT_LINKS).map(linked -> linked == Limits.AUDIT_LINKS);
  }

  private Future<Boolean> sealCredits() {
    return store
        .sealCredits(Limits.SEAL_BATCHES, Limits.SEAL_CREDITS)
        .onSuccess(done -> trail.metrics().creditsSealed(done.credits()))
        .map(AuditStore.Sealed::more);
  }

  private Future<Boolean> sealDepartures() {
    return store
        .sealDepartures(Limits.SEAL_DEPARTURES, Limits.SEAL_WALK_EVERY)
        .map(seen -> seen == Limits.SEAL_DEPARTURES);
  }
}
