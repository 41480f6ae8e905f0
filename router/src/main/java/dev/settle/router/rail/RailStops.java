package dev.settle.router.rail;

import java.util.Map;

/**
 * What people have ordered of rails, as far as this node has heard. A hint: it spares claims that
 * would be in vain and routes new credits elsewhere; what counts is that every claim looks at the
 * order in PostgreSQL. Thread-safe.
 */
public final class RailStops {

  private static final Stop RUNS = new Stop(State.RUNNING, 0);

  /** How a rail stands by the last order that was approved. */
  public enum State {
    RUNNING(0),
    DRAINING(1),
    DRAINED(2),
    HELD(3);

    private final int figure;

    State(int figure) {
      this.figure = figure;
    }

    /** What the metric shows. */
    public int figure() {
      return figure;
    }
  }

  /**
   * A rail that does not run.
   *
   * @param drainTo while it drains: the newest batch that is still sent
   */
  public record Stop(State state, long drainTo) {}

  private volatile Map<String, Stop> stops = Map.of();

  /** Those that do not run, by their names; all others do. */
  public void heard(Map<String, Stop> now) {
    stops = Map.copyOf(now);
  }

  /** Those that do not run. */
  public Map<String, Stop> all() {
    return stops;
  }

  public State state(String rail) {
    return stop(rail).state();
  }

  /** Whether new credits may be routed to it. */
  public boolean takesNew(String rail) {
    return state(rail) == State.RUNNING;
  }

  /** Whether a batch that is not sent yet waits for the order to end. */
  public boolean keeps(String rail, long batchId) {
    Stop stop = stop(rail);
    return stop.state() == State.HELD || stop.state() != State.RUNNING && batchId > stop.drainTo();
  }

  private Stop stop(String rail) {
    return stops.getOrDefault(rail, RUNS);
  }
}
