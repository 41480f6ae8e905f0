package dev.settle.demo;

import dev.settle.demo.terminal.Merchants;
import dev.settle.router.platform.ConfigurationException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the demo is asked to do.
 *
 * @param runFor how long terminals play, or null until it is stopped
 * @param json where the summary goes as JSON, or null
 * @param rate transactions per second that the terminals offer; 0: none
 * @param nodes router processes, all in one cluster
 * @param dataDirectory kept for next time, or null for a temporary one
 * @param seed for everything that is left to chance
 * @param stories whether cards are changed and accounts frozen while terminals play
 */
record DemoSettings(
    @Nullable Duration runFor,
    @Nullable Path json,
    int rate,
    int merchants,
    int nodes,
    PortPlan ports,
    @Nullable Path dataDirectory,
    long seed,
    boolean stories) {

  static final int MOST_RATE = 100_000;
  static final int MOST_NODES = 9;
  private static final Duration RAMP_OF_A_NODE = Duration.ofSeconds(5);

  /** Throws {@link ConfigurationException} naming the option that cannot be. */
  DemoSettings {
    within("--rate", rate, 0, MOST_RATE);
    within("--merchants", merchants, 1, Merchants.MOST);
    within("--nodes", nodes, 1, MOST_NODES);
    within(
        "--port",
        ports.base(),
        1,
        65_535 - PortPlan.BANK_OFFSET - ports.management(nodes - 1) + ports.base());
  }

  /**
   * In which the rate rises from nothing: several processes that have just started, compile
   * themselves on the same processors.
   */
  Duration ramp() {
    return nodes == 1 ? Duration.ZERO : RAMP_OF_A_NODE.multipliedBy(nodes);
  }

  private static void within(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ConfigurationException(
          option + " " + value + ": a whole number from " + least + " to " + most + " is expected");
    }
  }
}
