package dev.settle.load;

import dev.settle.load.scenario.Scenario;
import java.time.Duration;
import java.util.Locale;

/**
 * What to play.
 *
 * @param rate of what the scenario counts
 * @param lasts from the first request to the last, the ramp included
 * @param merchants that it may use
 */
record Order(Scenario scenario, int rate, Duration lasts, int merchants) {

  /** The order in one line. */
  String inWords() {
    return String.format(
        Locale.ROOT,
        "%s: %,d %s for %d s over %,d merchants",
        scenario.text(),
        rate,
        scenario.defaults().unit(),
        lasts.toSeconds(),
        merchants);
  }
}
