package dev.settle.load.attack;

import dev.settle.demo.WorkingDirectory;
import dev.settle.demo.node.NodeClient;
import dev.settle.load.client.Sale;
import dev.settle.load.client.Unwinding;
import dev.settle.load.client.WorkFolder;
import dev.settle.load.stand.RouterProcess;
import dev.settle.load.stand.Stand;
import dev.settle.router.access.Role;
import dev.settle.router.invariant.InvariantReport;
import dev.settle.sandbox.attack.Attack;
import dev.settle.sandbox.attack.Attacks;
import dev.settle.sandbox.attack.HonestTerminals;
import dev.settle.sandbox.attack.Siege;
import dev.settle.sandbox.attack.Target;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One run, from top to bottom: a router of its own with its default limits, honest terminals, and
 * one attack after the other beside them.
 */
final class AttackRun {

  private static final int MERCHANTS = 200;
  private static final int TERMINALS = 16;

  /** Connections of this program's own, by which merchants were onboarded. */
  private static final int OTHERS = 4;

  private static final int BATCH = 1;
  private static final double KEPT = 0.8;
  private static final double MIB = 1024 * 1024;

  /** What a collector leaves lying about, and what more route look-ups and batches take. */
  private static final double HEAP_MARGIN_MIB = 32;

  private static final double DIRECT_MARGIN_MIB = 32;
  private static final Duration GONE = Duration.ofSeconds(20);

  private final AttackOptions options;
  private final NodeClient client = new NodeClient();
  private final JsonArray told = new JsonArray();
  private boolean good = true;

  AttackRun(AttackOptions options) {
    this.options = options;
  }

  /** Runs; the exit code. */
  int run() throws Exception {
    try (Unwinding unwinding = Unwinding.ofThisThread();
        WorkFolder work = WorkFolder.open(null);
        WorkingDirectory directory = WorkingDirectory.open(work.path());
        Stand stand = Stand.start(directory, options.port(), MERCHANTS, Map.of());
        RouterProcess router = RouterProcess.attach(stand.routerPid())) {
      Target target =
          new Target(stand.port(), stand.token(Role.TERMINAL), stand.token(Role.AUDITOR));
      List<Attack> attacks = chosen(new Attacks(target));
      if (attacks.isEmpty()) {
        return 2;
      }
      lay(attacks, target, stand, router);
      say("verifying from the rows …");
      InvariantReport found = stand.verify();
      if (!found.allHold()) {
        good = false;
        say("MISSED: an invariant does not hold:%n%s", found.text());
      }
    }
    Path json = options.json();
    if (json != null) {
      Files.writeString(json, new JsonObject().put("attacks", told).encodePrettily());
    }
    say(good ? "every promise was kept" : "NOT every promise was kept");
    return good ? 0 : 1;
  }

  private List<Attack> chosen(Attacks attacks) {
    List<Attack> all = new ArrayList<>(attacks.slow());
    all.addAll(attacks.fast());
    String only = options.attack();
    List<Attack> some =
        all.stream().filter(attack -> only == null || attack.name().equals(only)).toList();
    if (some.isEmpty()) {
      System.err.println(
          "attack: there is no "
              + only
              + "; there are "
              + all.stream().map(Attack::name).collect(Collectors.joining(", ")));
    }
    return some;
  }

  private void lay(List<Attack> attacks, Target target, Stand stand, RouterProcess router)
      throws Exception {
    String today = LocalDate.now(ZoneOffset.UTC).toString();
    try (HonestTerminals honest =
        new HonestTerminals(
            target, n -> Sale.json(n, MERCHANTS, BATCH, today), TERMINALS, options.rate())) {
      say("warming up …");
      honest.rate(options.length().multipliedBy(2));
      say(
          "%-26s %8s %8s %6s %7s %15s %15s  %s",
          "attack", "before", "during", "kept", "opened", "heap MiB", "direct MiB", "heard");
      Siege siege = new Siege(target, honest, options.length(), options.length());
      for (Attack attack : attacks) {
        Memory before = Memory.of(router, client, stand);
        Siege.Outcome outcome = siege.lay(attack);
        awaitGone(stand);
        tell(outcome, before, Memory.of(router, client, stand));
      }
      if (honest.failed() > 0) {
        good = false;
        say("%d sales of honest terminals failed", honest.failed());
      }
    }
  }

  /** The attack's connections are closed as it ends; the router has to have noticed. */
  private void awaitGone(Stand stand) throws IOException, InterruptedException {
    long end = System.nanoTime() + GONE.toNanos();
    while (metric(client, stand, "settlement_connections") > TERMINALS + OTHERS) {
      if (System.nanoTime() > end) {
        good = false;
        say("connections of the attack are still open");
        return;
      }
      Thread.sleep(100);
    }
  }

  private void tell(Siege.Outcome outcome, Memory before, Memory after) {
    boolean kept = outcome.ratio() >= KEPT;
    boolean flat =
        after.heapMib() - before.heapMib() < HEAP_MARGIN_MIB
            && after.directMib() - before.directMib() < DIRECT_MARGIN_MIB;
    good &= kept && flat;
    say(
        "%-26s %8.0f %8.0f %6.2f %7d %7.1f→%7.1f %7.1f→%7.1f  %s%s%s",
        outcome.attack().name(),
        outcome.before(),
        outcome.with(),
        outcome.ratio(),
        outcome.opened(),
        before.heapMib(),
        after.heapMib(),
        before.directMib(),
        after.directMib(),
        outcome.heard().text(),
        kept ? "" : "  TOO LITTLE KEPT",
        flat ? "" : "  MEMORY GREW");
    told.add(
        new JsonObject()
            .put("attack", outcome.attack().name())
            .put("what", outcome.attack().what())
            .put("before", outcome.before())
            .put("during", outcome.with())
            .put("ratio", outcome.ratio())
            .put("connections", outcome.opened())
            .put("heapMibBefore", before.heapMib())
            .put("heapMibAfter", after.heapMib())
            .put("directMibBefore", before.directMib())
            .put("directMibAfter", after.directMib())
            .put("heard", outcome.heard().text()));
  }

  /**
   * What the router has in use.
   *
   * @param heapMib without garbage
   * @param directMib outside of the heap, for connections
   */
  private record Memory(double heapMib, double directMib) {

    static Memory of(RouterProcess router, NodeClient client, Stand stand)
        throws IOException, InterruptedException {
      return new Memory(
          router.heapWithoutGarbageBytes() / MIB,
          metric(client, stand, "settlement_direct_memory_bytes") / MIB);
    }
  }

  private static double metric(NodeClient client, Stand stand, String name)
      throws IOException, InterruptedException {
    return client
        .get(stand.managementPort(), "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new IOException("no metric " + name));
  }

  private static void say(String line, Object... values) {
    System.out.printf(Locale.ROOT, line + "%n", values);
  }
}
