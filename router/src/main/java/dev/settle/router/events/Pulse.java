package dev.settle.router.events;

import dev.settle.router.platform.Limits;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;

/**
 * Every second: tells the other nodes how this one does, and this one's readers how all do. Belongs
 * to one event loop.
 */
public final class Pulse {

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

  private void beat() {
    figures.tell(reading.get());
    JsonObject now = figures.now();
    if (now != null) {
      hub.publish(EventTopic.NOW, now);
    }
  }
}
