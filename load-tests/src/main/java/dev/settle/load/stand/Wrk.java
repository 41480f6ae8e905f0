package dev.settle.load.stand;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Single transactions by {@code wrk}: as many as go, or so many a second on a clock that does not
 * wait for answers. The cheapest client there is beside a router that is measured.
 */
public final class Wrk {

  private static final int THREADS = 2;
  private static final Pattern RATE = Pattern.compile("Requests/sec: +([0-9.]+)");
  private static final Pattern REQUESTS = Pattern.compile("([0-9]+) requests in");
  private static final Pattern FAILED = Pattern.compile("Non-2xx or 3xx responses: ([0-9]+)");
  private static final Pattern SOCKETS = Pattern.compile("Socket errors: (.*)");

  private final Path script;
  private final Stand stand;
  private final String token;
  private final int merchants;
  private int round;

  /**
   * @param script {@code load-tests/stand/single.lua}
   * @param merchants that sell; an even number
   */
  public Wrk(Path script, Stand stand, String token, int merchants) {
    this.script = script;
    this.stand = stand;
    this.token = token;
    this.merchants = merchants;
  }

  /**
   * What it saw.
   *
   * @param failed answers that were no 2xx
   * @param socketErrors as wrk says them; empty: none
   */
  public record Seen(long requests, double perSecond, long failed, String socketErrors) {

    /** Whether every request was answered, and with a 2xx. */
    public boolean isClean() {
      return failed == 0 && socketErrors.isEmpty();
    }
  }

  /** As many as the router takes, each connection one after the other. */
  public Seen flatOut(int connections, int seconds) throws IOException, InterruptedException {
    return read(start(connections, seconds, 0));
  }

  /** So many a second, whenever they are due and a connection is free. */
  public Process paced(int connections, int seconds, double perSecond) throws IOException {
    return start(connections, seconds, perSecond);
  }

  private Process start(int connections, int seconds, double perSecond) throws IOException {
    round++;
    List<String> command =
        new ArrayList<>(
            List.of(
                "wrk",
                "-t" + THREADS,
                "-c" + connections,
                "-d" + seconds + "s",
                "--timeout",
                "30s",
                "-s",
                script.toString(),
                "http://127.0.0.1:" + stand.port()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "TOKEN", token,
                "ROUND", String.valueOf(round),
                "MERCHANTS", String.valueOf(merchants),
                "THREADS", String.valueOf(THREADS),
                "RATE", String.format(Locale.ROOT, "%.3f", perSecond)));
    return builder.start();
  }

  /** Waits for its end and reads what it says. */
  public static Seen read(Process wrk) throws IOException, InterruptedException {
    String said = new String(wrk.getInputStream().readAllBytes());
    if (!wrk.waitFor(1, TimeUnit.MINUTES) || wrk.exitValue() != 0) {
      throw new IOException("wrk failed: " + said);
    }
    return new Seen(
        (long) number(REQUESTS, said),
        number(RATE, said),
        (long) number(FAILED, said),
        text(SOCKETS, said));
  }

  private static double number(Pattern pattern, String said) {
    String found = text(pattern, said);
    return found.isEmpty() ? 0 : Double.parseDouble(found);
  }

  private static String text(Pattern pattern, String said) {
    Matcher matcher = pattern.matcher(said);
    return matcher.find() ? matcher.group(1) : "";
  }
}
