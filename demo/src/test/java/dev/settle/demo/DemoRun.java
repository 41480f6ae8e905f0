package dev.settle.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * One {@code bin/settle} process of what Maven has just packaged. Ends everything it started when
 * it is closed.
 */
final class DemoRun implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 240;
  private static final Duration TRAFFIC = Duration.ofMinutes(3);
  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

  private final Path folder;
  private final Path output;
  private final Process process;
  private boolean killed;

  /**
   * A test run that was started in the background of a script ignores Ctrl-C, and whatever it
   * starts inherits that; a person's shell does not.
   */
  private static final List<String> HEEDS_CTRL_C = heedsCtrlC();

  private static List<String> heedsCtrlC() {
    List<String> prefix = List.of("env", "--default-signal=INT");
    List<String> probe = new ArrayList<>(prefix);
    probe.add("true");
    try {
      return new ProcessBuilder(probe).start().waitFor() == 0 ? prefix : List.of();
    } catch (IOException e) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private DemoRun(Path folder, Path output, Process process) {
    this.folder = folder;
    this.output = output;
    this.process = process;
  }

  /**
   * Starts {@code bin/settle} with its data in {@code folder/data} and its output in {@code
   * folder}.
   */
  static DemoRun start(Path folder, String... arguments) throws IOException {
    return start(Map.of(), folder, arguments);
  }

  /** The same, in a changed environment. */
  static DemoRun start(Map<String, String> environment, Path folder, String... arguments)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data-dir", data(folder).toString()));
    return start(environment, folder, all);
  }

  /** A command that needs no folder: its output, and nothing else, is kept beside the others'. */
  static DemoRun alone(String... arguments) throws IOException {
    return start(Map.of(), Files.createTempDirectory("settle-alone-"), List.of(arguments));
  }

  private static DemoRun start(Map<String, String> environment, Path folder, List<String> arguments)
      throws IOException {
    Path output = Files.createTempFile(folder, "settle-", ".txt");
    List<String> command = new ArrayList<>(HEEDS_CTRL_C);
    command.add(CHECKOUT.resolve("bin/settle").toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.environment().put("SETTLE_BUILD", "never");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    builder.redirectInput(Path.of("/dev/null").toFile());
    return new DemoRun(folder, output, builder.start());
  }

  static Path data(Path folder) {
    return folder.resolve("data");
  }

  /** A base port with those of three nodes free; below those that outgoing connections take. */
  static int freeBase() {
    while (true) {
      int base = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      if (IntStream.of(0, 1, 2, 10, 11, 20, 21).allMatch(above -> isFree(base + above))) {
        return base;
      }
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort() == port;
    } catch (IOException taken) {
      return false;
    }
  }

  /** Waits for the end; fails with what was printed when the code is none of these. */
  void mustExitWith(Integer... codes) throws IOException, InterruptedException {
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(printed()).isTrue();
    assertThat(process.exitValue()).as(printed()).isIn((Object[]) codes);
  }

  String printed() throws IOException {
    return Files.readString(output);
  }

  static JsonObject json(Path file) throws IOException {
    return new JsonObject(Files.readString(file));
  }

  /** How many sales terminals were told are owed. */
  long acknowledged() throws IOException {
    Path journal = WorkingDirectory.acknowledgements(data(folder));
    if (!Files.exists(journal)) {
      return 0;
    }
    try (var lines = Files.lines(journal)) {
      return lines.count();
    }
  }

  /** Waits until terminals were told of so many sales, however slow the machine is. */
  void awaitSold(long acknowledged) throws IOException {
    await().atMost(TRAFFIC).until(() -> !isRunning() || acknowledged() >= acknowledged);
    assertThat(isRunning()).as(printed()).isTrue();
  }

  /** The router process, when one runs: the only Java among the demo's children. */
  Optional<ProcessHandle> router() {
    return process
        .children()
        .filter(child -> child.info().command().orElse("").endsWith("/java"))
        .findFirst();
  }

  /** What SIGKILL does: no hook runs. */
  void kill() throws InterruptedException {
    killed = true;
    process.destroyForcibly();
    process.waitFor();
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /** Asks for an orderly end, as Ctrl-C does. */
  void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).inheritIO().start().waitFor();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    if (process.isAlive()) {
      process.toHandle().destroy();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        kill();
      }
    }
    if (killed) {
      killOrphanedDatabase();
    }
  }

  private void killOrphanedDatabase() throws IOException {
    Path lock = data(folder).resolve("postgres/cluster/postmaster.pid");
    if (Files.exists(lock)) {
      long pid = Long.parseLong(Files.readAllLines(lock).get(0).strip());
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }
}
