package dev.settle.load.bench;

import dev.settle.demo.node.NodeClient;
import dev.settle.load.stand.BrokenPromise;
import dev.settle.router.platform.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code bin/settle demo --rate 0} as a process of its own: PostgreSQL, bank and one router.
 * Stopped, it drains, checks every invariant and says so.
 */
final class DemoProcess implements AutoCloseable {

  // What the demo says when its folder and keys are there, and when it can be sold at.
  private static final String KEYS_MADE = "Data  ";
  private static final String ONBOARDED = " onboarded,";
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);
  private static final Duration STOPPED_WITHIN = Duration.ofMinutes(15);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private final Process process;
  private final Path data;
  private final Path log;
  private final int port;
  private final String token;
  private final NodeClient client = new NodeClient();

  private DemoProcess(Process process, Path data, Path log, int port, String token) {
    this.process = process;
    this.data = data;
    this.log = log;
    this.port = port;
    this.token = token;
  }

  /**
   * Starts it and waits until its merchants are onboarded.
   *
   * @param checkout the checkout, whose {@code bin/settle} is run as it is built
   * @param work where its data directory and log are made
   */
  static DemoProcess start(Path checkout, Path work, int port, int merchants)
      throws IOException, InterruptedException {
    Path settle = checkout.resolve("bin").resolve("settle");
    Path data = work.resolve("data");
    Path log = work.resolve("demo.log");
    ProcessBuilder builder =
        new ProcessBuilder(
            settle.toString(),
            "demo",
            "--rate",
            "0",
            "--merchants",
            String.valueOf(merchants),
            "--port",
            String.valueOf(port),
            "--data-dir",
            data.toString());
    asBuilt(builder);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    Process process = builder.start();
    try {
      await(process, log, KEYS_MADE);
      String token = mint(settle);
      await(process, log, ONBOARDED);
      return new DemoProcess(process, data, log, port, token);
    } catch (IOException | InterruptedException | RuntimeException failed) {
      end(process);
      throw failed;
    }
  }

  /** By this JVM's JDK, without a build, and as itself. */
  private static void asBuilt(ProcessBuilder settle) {
    settle.environment().put("SETTLE_BUILD", "never");
    settle.environment().put("JAVA_HOME", System.getProperty("java.home"));
    settle.environment().remove("SETTLE_PROGRAM");
  }

  private static void await(Process process, Path log, String said)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + READY_WITHIN.toNanos();
    while (!Files.readString(log).contains(said)) {
      if (!process.isAlive() || System.nanoTime() - end > 0) {
        throw new ConfigurationException("the demo did not start:\n" + Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
    }
  }

  private static String mint(Path settle) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(settle.toString(), "token", "--role", "terminal", "--subject", "bench");
    asBuilt(builder);
    Process mint = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    // Waited for before it is read: a token is smaller than what a pipe holds.
    boolean ended = mint.waitFor(READY_WITHIN.toSeconds(), TimeUnit.SECONDS);
    if (!ended || mint.exitValue() != 0) {
      mint.destroyForcibly();
      throw new ConfigurationException("bin/settle token failed");
    }
    return new String(mint.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
  }

  String api() {
    return "http://127.0.0.1:" + port;
  }

  /** A terminal's. */
  String token() {
    return token;
  }

  Path data() {
    return data;
  }

  /** The process that the bank runs in. */
  ProcessHandle supervisor() {
    return process.toHandle();
  }

  /** The router's process. */
  ProcessHandle router() throws BrokenPromise {
    return process
        .children()
        .filter(DemoProcess::serves)
        .findFirst()
        .orElseThrow(() -> new BrokenPromise("the router does not run" + lastSaid()));
  }

  /** Java itself shows only the beginning of a long command line. */
  private static boolean serves(ProcessHandle process) {
    try {
      Path line = Path.of("/proc", String.valueOf(process.pid()), "cmdline");
      return Files.readString(line, StandardCharsets.ISO_8859_1).endsWith("\0serve\0");
    } catch (IOException ended) {
      return false;
    }
  }

  /** The first process of PostgreSQL; every other one of it is its child. */
  ProcessHandle postmaster() throws IOException {
    Path file = data.resolve("postgres").resolve("cluster").resolve("postmaster.pid");
    long pid = Long.parseLong(Files.readAllLines(file).get(0).strip());
    return ProcessHandle.of(pid).orElseThrow(() -> new BrokenPromise("PostgreSQL does not run"));
  }

  /** What the router counts, as Prometheus reads it. */
  String metrics() throws IOException, InterruptedException {
    var answer = client.get(port + 1, "/metrics");
    if (answer.status() != 200) {
      throw new BrokenPromise("/metrics: " + answer.status());
    }
    return answer.body();
  }

  private String lastSaid() {
    try {
      String said = Files.readString(log).strip();
      return "; the demo said last: " + said.substring(said.lastIndexOf('\n') + 1);
    } catch (IOException unreadable) {
      return "; its log cannot be read: " + unreadable;
    }
  }

  /** Stops it, which checks every invariant; returns its summary, and fails unless all hold. */
  List<String> stop() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(STOPPED_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
      throw new BrokenPromise(
          "the demo did not stop within " + STOPPED_WITHIN.toMinutes() + " minutes" + lastSaid());
    }
    String printed = Files.readString(log);
    int summary = printed.indexOf("\nSummary");
    if (process.exitValue() != 0 || summary < 0) {
      throw new BrokenPromise("the demo ended badly:\n" + printed);
    }
    return printed.substring(summary + 1).lines().toList();
  }

  @Override
  public void close() {
    end(process);
  }

  /**
   * Told once: a terminal's Ctrl-C reaches it too, and the third time it leaves PostgreSQL alone.
   */
  private static void end(Process process) {
    process.toHandle().destroy();
    try {
      if (!process.waitFor(STOPPED_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException stopped) {
      // It was told to end, and does.
      Thread.currentThread().interrupt();
    }
  }
}
