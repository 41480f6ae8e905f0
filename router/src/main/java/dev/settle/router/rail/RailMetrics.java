package dev.settle.router.rail;

/** What connectors report of the banks. */
public interface RailMetrics {

  /** A bank used a reason code that {@link StatusReasons} lacks. */
  void unmappedCode(String rail);
}
