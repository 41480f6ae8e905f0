package dev.settle.load.stand;

import dev.settle.router.platform.ConfigurationException;

/** What a command line may give. */
public final class Given {

  /** The bank's is two above, the cluster's three. */
  private static final int MOST_PORT = 65_532;

  private Given() {}

  /**
   * Requires a number from {@code least} to {@code most}.
   *
   * @param option that gives it, for people
   * @throws ConfigurationException when it is not
   */
  public static void within(String option, long value, long least, long most) {
    if (value < least || value > most) {
      throw new ConfigurationException(
          option + " " + value + ": from " + least + " to " + most + " is expected");
    }
  }

  /** Requires a base port, which leaves room for those above it. */
  public static void port(int port) {
    port(port, 0);
  }

  /** The same where another base port is so far above it. */
  public static void port(int port, int above) {
    within("--port", port, 1, MOST_PORT - above);
  }
}
