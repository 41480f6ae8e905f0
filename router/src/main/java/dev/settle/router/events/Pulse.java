package dev.settle.router.events;

import dev.settle.router.platform.Limits;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every second: tells the other nodes how this one does, and this one's readers how all do. Belongs
 * to one event loop.
 */
public final class Pulse {

  private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);

  private final Vertx vertx;
  private final Figures figures;
  private final EventHub hub;
  private final Supplier<NodeReading> reading;
  private long timer = -1;

  /**
   * @param reading looks at this node
   */
  public Pulse(Vertx vertx, Figures figures, EventHub hub, Supplier<NodeReading> reading) {
    this.vertx = vertx;
    this.figures = figures;
    this.hub = hub;
    this.reading = reading;
  }

  public void start() {
    beat();
    timer = vertx.setPeriodic(Limits.PULSE_EVERY.toMillis(), tick -> beat());
  }

  /** Says no more; the others are told that this node goes. */
  public void stop() {
    vertx.cancelTimer(timer);
    figures.leave();
  }

  /** One that fails stops no other: a peer may say what nobody thought of. */
  private void beat() {
    try {
      tell();
    } catch (RuntimeException failure) {
      LOG.warn("the figures of this second are not told; the next are", failure);
    }
  }

  private void tell() {
    figures.tell(reading.get());
    JsonObject now = figures.now();
    if (now != null) {
      hub.publish(EventTopic.NOW, now);
    }
  }
}
