package dev.settle.load.growth;

import dev.settle.demo.WorkingDirectory;
import dev.settle.demo.node.NodeClient;
import dev.settle.demo.terminal.CardNumbers;
import dev.settle.demo.terminal.Merchants;
import dev.settle.load.client.Unwinding;
import dev.settle.load.client.WorkFolder;
import dev.settle.load.stand.BrokenPromise;
import dev.settle.load.stand.Stand;
import dev.settle.router.access.Role;
import dev.settle.router.invariant.InvariantReport;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * One run, from top to bottom: a book is filled, card changes are applied for, and each page of the
 * console is asked for again and again. Started by {@code load-tests/console/run}.
 */
final class ConsoleRun {

  /** What is promised of each page, each time. */
  private static final double MOST_MILLIS = 300;

  private static final int CHANGES = 20;
  private static final int WARM_UP = 10;
  private static final long SEED = 7;

  private final ConsoleOptions options;
  private final JsonArray told = new JsonArray();
  private boolean good = true;

  ConsoleRun(ConsoleOptions options) {
    this.options = options;
  }

  /** Runs; true when every page is answered in time. */
  boolean run() throws Exception {
    try (Unwinding unwinding = Unwinding.ofThisThread();
        WorkFolder work = WorkFolder.open(options.keep());
        WorkingDirectory directory = WorkingDirectory.open(work.path());
        Stand stand = Stand.start(directory, options.port(), GrowthOptions.MERCHANTS, Map.of());
        PageCalls calls = new PageCalls(stand)) {
      say(
          "filling: %,d posted credits, %,d open exceptions …",
          options.credits(), options.departures());
      Fill.prepare(stand, GrowthOptions.MERCHANTS, options.plan()).grow(0, options.credits());
      new OpenDepartures(stand).make(GrowthOptions.MERCHANTS, options.departures());
      String change = applyForChanges(stand);
      say("%-34s %6s %8s %8s %8s", "page", "calls", "p50 ms", "p99 ms", "most ms");
      for (ConsolePage page : ConsolePage.all(calls, change)) {
        measure(calls, page);
      }
      say("verifying from the rows …");
      InvariantReport found = stand.verify();
      if (!found.allHold()) {
        good = false;
        say("MISSED: an invariant does not hold:%n%s", found.text());
      }
    }
    Path json = options.json();
    if (json != null) {
      Files.writeString(json, new JsonObject().put("pages", told).encodePrettily());
    }
    say(
        good
            ? "every page within %.0f ms, every invariant held"
            : "NOT kept: every page within %.0f ms, every invariant held",
        MOST_MILLIS);
    return good;
  }

  private void measure(PageCalls calls, ConsolePage page) throws Exception {
    for (int i = 0; i < WARM_UP; i++) {
      calls.ask(page);
    }
    double[] millis = new double[options.rounds()];
    for (int i = 0; i < millis.length; i++) {
      millis[i] = calls.ask(page);
    }
    Arrays.sort(millis);
    double median = millis[millis.length / 2];
    double p99 = millis[(int) Math.ceil(millis.length * 0.99) - 1];
    double most = millis[millis.length - 1];
    good &= most <= MOST_MILLIS;
    say(
        "%-34s %6d %8.1f %8.1f %8.1f%s",
        page.name(),
        page.calls().size(),
        median,
        p99,
        most,
        most <= MOST_MILLIS ? "" : "  TOO LONG");
    told.add(
        new JsonObject()
            .put("page", page.name())
            .put("calls", page.calls().size())
            .put("p50Ms", median)
            .put("p99Ms", p99)
            .put("maxMs", most));
  }

  /** Merchants apply for other cards; the id of the last application. */
  private static String applyForChanges(Stand stand) throws IOException, InterruptedException {
    NodeClient client = new NodeClient();
    Random random = new Random(SEED);
    String id = "";
    for (int n = 1; n <= CHANGES; n++) {
      JsonObject account =
          Merchants.document(n)
              .getJsonObject("account")
              .put("number", CardNumbers.any(random))
              .put("bank", CardNumbers.BANK);
      JsonObject application =
          new JsonObject()
              .put("account", account)
              .put("reason", "NEW_CARD")
              .put("documents", documents());
      var answer =
          client.send(
              "POST",
              stand.port(),
              "/v1/merchants/" + Merchants.merchantId(n) + "/card-changes",
              stand.token(Role.MAKER),
              application);
      if (answer.status() != 201) {
        throw new BrokenPromise("an application: " + answer.status() + " " + answer.body());
      }
      id = new JsonObject(answer.body()).getString("cardChangeId");
    }
    return id;
  }

  private static JsonArray documents() {
    return new JsonArray(
        List.of(
            new JsonObject().put("kind", "IDENTITY").put("ref", "id-1"),
            new JsonObject().put("kind", "BANK_ACCOUNT_PROOF").put("ref", "proof-1")));
  }

  private static void say(String line, Object... values) {
    System.out.printf(Locale.ROOT, line + "%n", values);
  }
}
