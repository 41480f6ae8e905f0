package dev.settle.load.soak;

import java.util.List;

/**
 * One plot of several that lie above each other and share their time.
 *
 * @param title what it shows, with its unit
 * @param lines in the order in which they are drawn
 */
record Panel(String title, List<Line> lines) {

  /**
   * One line.
   *
   * @param values one for each time
   */
  record Line(String name, String colour, List<Double> values) {}

  /** The top of its axis: the largest value, rounded up to one that reads well. */
  double top() {
    double most =
        lines.stream().flatMap(line -> line.values().stream()).mapToDouble(v -> v).max().orElse(0);
    if (most <= 0) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(most)));
    for (double step : new double[] {1, 1.5, 2, 3, 4, 5, 6, 8}) {
      if (step * power >= most) {
        return step * power;
      }
    }
    return 10 * power;
  }
}
