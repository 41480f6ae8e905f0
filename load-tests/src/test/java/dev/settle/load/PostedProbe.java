package dev.settle.load;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures from outside what a merchant sees: sells one sale every {@value #EVERY_MILLIS} ms, each
 * of the next merchant, whatever happens to the ones before, and asks for each until it is posted.
 * Times count from when a sale was due. It asks again after an eighth of the time already waited,
 * at least {@value #ASK_MILLIS} ms, so that a posting is seen late by at most that.
 *
 * <p>Needs nothing but a JDK: {@code java PostedProbe.java --target URL --token T --merchants N
 * --batch N (--seconds N | --until FILE) [--most N]}; with {@code --until} it sells until the file
 * exists. The first {@value #WARM_UP} sales are not counted; after them it says "counting" on
 * standard error. Prints one line; exits 1 when a sale was not accepted, or not posted within a
 * minute.
 */
public final class PostedProbe {

  private static final int EVERY_MILLIS = 20;
  private static final int ASK_MILLIS = 20;

  /** Sales that are made and not counted: this process is slow until it is compiled. */
  private static final int WARM_UP = 250;

  private static final Duration ANSWER = Duration.ofSeconds(20);
  private static final long POSTED_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final Pattern CREDIT = Pattern.compile("\"creditId\":\"(\\w+)\"");
  private static final Pattern POSTED = Pattern.compile("\"status\":\"POSTED\"");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String target;
  private final String token;
  private final int merchants;
  private final String batch;
  private final List<Long> accepted = Collections.synchronizedList(new ArrayList<>());
  private final List<Long> posted = Collections.synchronizedList(new ArrayList<>());
  private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger open = new AtomicInteger();

  private PostedProbe(String target, String token, int merchants, int batch) {
    this.target = target;
    this.token = token;
    this.merchants = merchants;
    this.batch = String.format(Locale.ROOT, "%06d", batch);
  }

  /** See the class. */
  public static void main(String[] arguments) throws InterruptedException {
    List<String> options = List.of(arguments);
    PostedProbe probe =
        new PostedProbe(
            option(options, "--target", ""),
            option(options, "--token", ""),
            Integer.parseInt(option(options, "--merchants", "200")),
            Integer.parseInt(option(options, "--batch", "1")));
    String until = option(options, "--until", "");
    long seconds = Long.parseLong(option(options, "--seconds", "15"));
    long most = Long.parseLong(option(options, "--most", "600"));
    probe.sell(until, until.isEmpty() ? seconds : most);
    System.exit(probe.print());
  }

  private static String option(List<String> options, String name, String otherwise) {
    int at = options.indexOf(name);
    return at < 0 || at + 1 >= options.size() ? otherwise : options.get(at + 1);
  }

  /** Sells for so long, or until the file is there; {@code until} is empty for none. */
  private void sell(String until, long seconds) throws InterruptedException {
    long started = System.nanoTime();
    long end = started + TimeUnit.SECONDS.toNanos(seconds);
    long due = started;
    for (int n = 0; due < end && (until.isEmpty() || Files.notExists(Path.of(until))); n++) {
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      if (n == WARM_UP) {
        System.err.println("counting");
      }
      offer(n, due);
      due += TimeUnit.MILLISECONDS.toNanos(EVERY_MILLIS);
    }
    long latest = System.nanoTime() + POSTED_WITHIN_NANOS;
    while (open.get() > 0 && System.nanoTime() < latest) {
      TimeUnit.MILLISECONDS.sleep(ASK_MILLIS);
    }
  }

  private void offer(int n, long due) {
    open.incrementAndGet();
    HttpRequest sale =
        request("/v1/transactions")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(sale(n)))
            .build();
    http.sendAsync(sale, HttpResponse.BodyHandlers.ofString())
        .whenComplete((answer, failure) -> taken(answer, failure, due, n >= WARM_UP));
  }

  private void taken(HttpResponse<String> answer, Throwable failure, long due, boolean counts) {
    if (failure != null || answer.statusCode() != 201) {
      fail(failure == null ? answer.statusCode() + " " + answer.body() : failure.toString());
      return;
    }
    record(accepted, due, counts);
    Matcher credit = CREDIT.matcher(answer.body());
    if (credit.find()) {
      askLater(credit.group(1), due, counts);
    } else {
      fail("an answer without a creditId: " + answer.body());
    }
  }

  private void askLater(String creditId, long due, boolean counts) {
    long waited = System.nanoTime() - due;
    if (waited > POSTED_WITHIN_NANOS) {
      fail(creditId + " was not posted within a minute");
      return;
    }
    long pause = Math.max(TimeUnit.MILLISECONDS.toNanos(ASK_MILLIS), waited / 8);
    Executor later = CompletableFuture.delayedExecutor(pause, TimeUnit.NANOSECONDS);
    CompletableFuture.runAsync(() -> ask(creditId, due, counts), later);
  }

  private void ask(String creditId, long due, boolean counts) {
    HttpRequest question = request("/v1/credits/" + creditId).GET().build();
    http.sendAsync(question, HttpResponse.BodyHandlers.ofString())
        .whenComplete(
            (answer, failure) -> {
              if (failure == null && POSTED.matcher(answer.body()).find()) {
                record(posted, due, counts);
                open.decrementAndGet();
              } else {
                askLater(creditId, due, counts);
              }
            });
  }

  private static void record(List<Long> times, long due, boolean counts) {
    if (counts) {
      times.add(System.nanoTime() - due);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(target + path))
        .timeout(ANSWER)
        .header("Authorization", "Bearer " + token);
  }

  private void fail(String what) {
    failures.add(what);
    open.decrementAndGet();
  }

  private String sale(int n) {
    int merchant = n % merchants + 1;
    return String.format(
        Locale.ROOT,
        "{\"acquirerId\":\"48201000\",\"merchantId\":\"M%06d\",\"terminalId\":\"T%07d\",\"batchNo\":\"%s\","
            + "\"stan\":\"%06d\",\"rrn\":\"%012d\",\"localDate\":\"%s\",\"type\":\"SALE\",\"amountMinor\":%d,"
            + "\"currency\":\"CNY\",\"capturedAt\":\"%s\"}",
        merchant,
        merchant,
        batch,
        n / merchants,
        n,
        LocalDate.now(ZoneOffset.UTC),
        100 + n,
        Instant.now().truncatedTo(ChronoUnit.MILLIS));
  }

  private int print() {
    int lost = open.get();
    System.out.printf(
        Locale.ROOT, "accept %s   posted %s%n", quantiles(accepted), quantiles(posted));
    if (lost > 0) {
      failures.add(lost + " sales had no end within a minute");
    }
    if (!failures.isEmpty()) {
      System.out.println(failures.size() + " failures, the first: " + failures.get(0));
    }
    return failures.isEmpty() ? 0 : 1;
  }

  private static String quantiles(List<Long> nanos) {
    long[] sorted;
    synchronized (nanos) {
      sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    }
    if (sorted.length == 0) {
      return "n 0";
    }
    return String.format(
        Locale.ROOT,
        "n %d p50 %.0f ms p99 %.0f ms max %.0f ms",
        sorted.length,
        sorted[sorted.length / 2] / 1e6,
        sorted[Math.min(sorted.length - 1, (int) Math.ceil(sorted.length * 0.99) - 1)] / 1e6,
        sorted[sorted.length - 1] / 1e6);
  }
}
