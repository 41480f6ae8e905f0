package dev.settle.router.edge;

/** What callers are refused, counted. Called from every event loop. */
@FunctionalInterface
public interface EdgeMetrics {

  void turnedAway(Refusal why);
}
