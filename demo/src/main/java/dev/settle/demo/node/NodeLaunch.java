package dev.settle.demo.node;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How one router process is started: this JVM's own program, flags and class path, the command
 * {@code serve}, and its settings as environment variables.
 *
 * @param name the node's name, for example {@code node-0}
 * @param httpPort public API; the management port is one above
 * @param environment what the node is told, by the names of {@code docs/operating/configuration.md}
 * @param log what the process prints goes to the end of this file
 */
public record NodeLaunch(String name, int httpPort, Map<String, String> environment, Path log) {

  private static final String PEOPLE_AT_ONCE = "5000";
  private static final String HEAP = "-Xmx1g";

  /** A router's, as {@code serve} has it: decision 0015. */
  private static final String COLLECTOR = "-XX:+UseParallelGC";

  /** Flags of this JVM that are its own affair. */
  private static final List<String> NOT_INHERITED =
      List.of(
          "-Xmx",
          "-Xms",
          "-XX:TieredStopAtLevel",
          "-XX:+Use",
          "-XX:MaxGCPauseMillis",
          "-Dsettle.",
          "-agentlib",
          "-javaagent");

  /**
   * Makes the process ignore Ctrl-C and a closed terminal, which go to every process of the group
   * at once: the supervisor ends its nodes itself, after the terminals. What a shell ignores stays
   * ignored in what it becomes.
   */
  private static final String DEAF_TO_THE_TERMINAL = "trap '' INT HUP; exec \"$@\"";

  public int managementPort() {
    return httpPort + 1;
  }

  /**
   * Starts the process. Its standard input is a pipe that ends when this process does, however it
   * ends.
   */
  Process start() throws IOException {
    return start(List.of());
  }

  /** The same, by another program that becomes this one, for example {@code ip netns exec NAME}. */
  public Process start(List<String> within) throws IOException {
    List<String> command = new ArrayList<>(within);
    command.addAll(command());
    ProcessBuilder builder = new ProcessBuilder(command);
    // A setting of the user's shell is for his own nodes.
    builder.environment().keySet().removeIf(variable -> variable.startsWith("SETTLE_"));
    // The people of demos and load tests are programs, and each is many people at once.
    builder.environment().put("SETTLE_RATE_PERSON_PER_SECOND", PEOPLE_AT_ONCE);
    builder.environment().putAll(environment);
    builder.environment().put("SETTLE_EXIT_WITH_PARENT", "true");
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return builder.start();
  }

  /**
   * What a router's JVM is given, but for its memory: this JVM's flags without those that are its
   * own affair, and the collector of routers.
   */
  public static List<String> flags() {
    return flags(ManagementFactory.getRuntimeMXBean().getInputArguments());
  }

  static List<String> flags(List<String> own) {
    List<String> flags = new ArrayList<>(own);
    flags.removeIf(flag -> NOT_INHERITED.stream().anyMatch(flag::startsWith));
    flags.add(COLLECTOR);
    return flags;
  }

  private static List<String> command() {
    List<String> command =
        new ArrayList<>(List.of("/bin/sh", "-c", DEAF_TO_THE_TERMINAL, "settle-node"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags());
    command.add(HEAP);
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("dev.settle.demo.Main");
    command.add("serve");
    return command;
  }
}
