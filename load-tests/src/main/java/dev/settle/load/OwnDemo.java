package dev.settle.load;

import dev.settle.router.platform.ConfigurationException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A demo without traffic of its own, as {@code bin/settle demo} starts it, for one run. Its end
 * verifies every invariant. It is told to end as well when this process ends. Blocking; belongs to
 * one thread.
 */
final class OwnDemo implements AutoCloseable {

  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration STOP = Duration.ofMinutes(10);
  private static final Duration INTERRUPTED_STOP = Duration.ofMinutes(3);
  private static final long LOOK_MILLIS = 200;
  private static final int SAY_EVERY_SECONDS = 10;
  private static final Pattern DATA = Pattern.compile("(?m)^Data +(.*) \\(temporary");

  private final Path log;
  private final Path json;
  private final int port;
  private final Process process;
  private final Thread atExit = new Thread(this::interrupted, "end of the demo");

  private OwnDemo(Path log, Path json, int port, Process process) {
    this.log = log;
    this.json = json;
    this.port = port;
    this.process = process;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * Starts it and waits until its merchants are onboarded.
   *
   * @param checkout the root of the checkout
   * @param folder for its log and summary
   * @param within a program that becomes the demo, as {@code taskset} does; or none
   * @throws ConfigurationException when it cannot run here
   */
  static OwnDemo start(Path checkout, Path folder, int merchants, List<String> within)
      throws IOException, InterruptedException {
    int port = freeBase();
    List<String> command = new ArrayList<>(within);
    command.addAll(
        List.of(
            checkout.resolve("bin/settle").toString(),
            "demo",
            "--rate",
            "0",
            "--no-stories",
            "--merchants",
            String.valueOf(merchants),
            "--port",
            String.valueOf(port),
            "--json",
            folder.resolve("summary.json").toString()));
    Path log = folder.resolve("demo.log");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SETTLE_BUILD", "never");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    builder.redirectInput(Path.of("/dev/null").toFile());
    OwnDemo demo = new OwnDemo(log, folder.resolve("summary.json"), port, builder.start());
    demo.awaitStart();
    return demo;
  }

  /** A base port with the two above free; below those that outgoing connections take. */
  private static int freeBase() {
    while (true) {
      int base = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      if (isFree(base) && isFree(base + 1) && isFree(base + 2)) {
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

  private void awaitStart() throws IOException, InterruptedException {
    HttpClient http = HttpClient.newHttpClient();
    long end = System.nanoTime() + START.toNanos();
    while (!(Files.readString(log).contains("onboarded") && isReady(http))) {
      if (!process.isAlive() || System.nanoTime() > end) {
        String last = lastSaid();
        close();
        throw new ConfigurationException(
            "the demo does not start here; its log is " + log + " and ends: " + last);
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private boolean isReady(HttpClient http) throws InterruptedException {
    try {
      HttpRequest question =
          HttpRequest.newBuilder(URI.create(management() + "/health/ready"))
              .timeout(Duration.ofSeconds(3))
              .build();
      return http.send(question, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  String api() {
    return "http://127.0.0.1:" + port;
  }

  String management() {
    return "http://127.0.0.1:" + (port + 1);
  }

  String bank() {
    return "http://127.0.0.1:" + (port + 2);
  }

  /** Where it keeps everything; it removes it itself after a good end. */
  Path data() throws IOException {
    Matcher said = DATA.matcher(Files.readString(log));
    if (!said.find()) {
      throw new IOException("the demo does not say where its data is; its log is " + log);
    }
    return Path.of(said.group(1));
  }

  Path log() {
    return log;
  }

  /** The process that started all others, in which the bank runs too. */
  long supervisorPid() {
    return process.pid();
  }

  /** The router's process: the only Java below the supervisor. */
  long routerPid() {
    return process
        .descendants()
        .filter(child -> child.info().command().orElse("").endsWith("/java"))
        .mapToLong(ProcessHandle::pid)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the demo runs no router; its log is " + log));
  }

  /**
   * Ends it, which waits for what is on its way and verifies every invariant; tells {@code
   * progress} now and then what it is at. True when all hold.
   */
  boolean stop(Consumer<String> progress) throws IOException, InterruptedException {
    process.toHandle().destroy();
    for (int waited = 0; waited < STOP.toSeconds(); waited += SAY_EVERY_SECONDS) {
      if (process.waitFor(SAY_EVERY_SECONDS, TimeUnit.SECONDS)) {
        return process.exitValue() == 0;
      }
      progress.accept(lastSaid());
    }
    return false;
  }

  private String lastSaid() throws IOException {
    String said = Files.readString(log).strip();
    return said.substring(said.lastIndexOf('\n') + 1);
  }

  /** What it came to; to be asked for after its end. */
  JsonObject summary() throws IOException {
    return new JsonObject(Files.readString(json));
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    interrupted();
  }

  private void interrupted() {
    if (!process.isAlive()) {
      return;
    }
    // Told once: a terminal's Ctrl-C reaches it too, and the third time it leaves PostgreSQL alone.
    process.toHandle().destroy();
    try {
      if (!process.waitFor(INTERRUPTED_STOP.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
