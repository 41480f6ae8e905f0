package dev.settle.load.client;

import dev.settle.load.client.Programs.Running;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Single sales, one for each HTTP request, by {@code wrk}. */
public final class Wrk {

  /** A request that takes longer is an error of wrk's. */
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private static final Path SCRIPT =
      Path.of(System.getProperty("settle.home", "."), "load-tests", "harness", "single.lua");

  private final Programs programs;
  private final Terminals terminals;

  public Wrk(Programs programs, Terminals terminals) {
    this.programs = programs;
    this.terminals = terminals;
  }

  /** In a closed loop: each connection sends when it has its answer. */
  public WrkReport closed(int connections, Duration length)
      throws RefusedSlice, IOException, InterruptedException {
    return report(start(connections, length, Map.of()), length);
  }

  /** Starts so many a second, whenever they are due and a connection is free. */
  public Running paced(int connections, Duration length, double perSecond) throws IOException {
    return start(
        connections, length, Map.of("RATE", String.format(Locale.ROOT, "%.3f", perSecond)));
  }

  /** What one says at its end, which is due when {@code left} is over, from now on. */
  public static WrkReport report(Running running, Duration left)
      throws RefusedSlice, IOException, InterruptedException {
    return WrkReport.parse(running.end(left.plus(TIMEOUT)));
  }

  private Running start(int connections, Duration length, Map<String, String> when)
      throws IOException {
    Map<String, String> environment = new HashMap<>(when);
    environment.put("TOKEN", terminals.token());
    environment.put("BATCH", String.valueOf(terminals.batches().next()));
    environment.put("MERCHANTS", String.valueOf(terminals.merchants()));
    return programs.start(
        List.of(
            "wrk",
            "-t2",
            "-c" + connections,
            "-d" + length.toSeconds() + "s",
            "--timeout",
            TIMEOUT.toSeconds() + "s",
            "--latency",
            "-s",
            SCRIPT.toString(),
            terminals.api()),
        environment);
  }
}
