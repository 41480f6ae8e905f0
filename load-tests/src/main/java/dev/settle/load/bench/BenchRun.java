package dev.settle.load.bench;

import dev.settle.load.client.Batches;
import dev.settle.load.client.Programs;
import dev.settle.load.client.Unwinding;
import dev.settle.load.client.WorkFolder;
import dev.settle.load.client.WrkReport;
import dev.settle.load.stand.Attempts;
import dev.settle.load.stand.Attempts.Measurement;
import dev.settle.load.stand.Duel;
import dev.settle.load.stand.ProcessorTime;
import dev.settle.load.stand.Progress;
import dev.settle.load.stand.Ratios;
import dev.settle.load.stand.Ratios.Pair;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run, from top to bottom: the demo starts without traffic, everything is warmed up, the duels
 * are played, and the end of the demo checks every invariant of all that was recorded.
 */
final class BenchRun {

  private static final int SINGLE_PEER_ROWS = 1;
  private static final int BULK_PEER_CLIENTS = 2;
  private static final int WARM_UP_TURNS = 3;
  private static final int WARM_UP_CONNECTIONS = 256;
  private static final int HALF_SLICES = 3;

  private final BenchPlan plan;
  private final int port;
  private final @Nullable Path keep;
  private final Progress progress = new Progress(System.out);
  private final Attempts attempts = new Attempts(progress, ProcessorTime::now);
  private final BenchResult result = new BenchResult();

  /** Transactions in a group commit of the router's bulk; as many rows its peer inserts at once. */
  private int bulkRows;

  /**
   * @param keep where everything stays that is written; null: it is gone with the run
   */
  BenchRun(BenchPlan plan, int port, @Nullable Path keep) {
    this.plan = plan;
    this.port = port;
    this.keep = keep;
  }

  BenchResult run() throws Exception {
    Path checkout = Path.of(System.getProperty("settle.home", "."));
    result.put("at", Instant.now().toString());
    try (Unwinding unwinding = Unwinding.ofThisThread();
        WorkFolder work = WorkFolder.open(keep)) {
      if (!plan.parts().equals(EnumSet.of(Part.LOOKUP))) {
        measure(checkout, work.path());
      }
      if (plan.parts().contains(Part.LOOKUP)) {
        new LookupRun(plan.quick(), progress, result).measure(work.path());
      }
    }
    result.put("refused", attempts.refused());
    return result;
  }

  private void measure(Path checkout, Path work) throws Exception {
    progress.say("starting the demo without traffic of its own …");
    try (DemoProcess demo = DemoProcess.start(checkout, work, port, Arena.MERCHANTS)) {
      try (Book book = new Book(BookAddress.read(demo.data()))) {
        Path scripts = checkout.resolve("load-tests").resolve("bench");
        measure(new Arena(demo, book, new Programs(work), scripts, work, new Batches()));
      }
      progress.say("stopping, which checks every invariant from the rows and the bank's books …");
      demo.stop().stream()
          .filter(line -> !line.startsWith("Everything is kept"))
          .forEach(System.out::println);
    }
  }

  private void measure(Arena arena) throws Exception {
    Preamble preamble = new Preamble(arena);
    preamble.print(progress);
    result.put("machine", preamble.json());
    Peers.create(arena.book());
    warmUp(arena);
    if (plan.parts().contains(Part.SINGLE)) {
      single(arena);
    }
    if (plan.parts().contains(Part.BULK)) {
      bulk(arena);
    }
    if (plan.parts().contains(Part.POSTED)) {
      posted(arena);
    }
    if (plan.parts().contains(Part.COST)) {
      cost(arena);
    }
  }

  private void warmUp(Arena arena) throws Exception {
    progress.say("warming up …");
    for (int turn = 0; turn < WARM_UP_TURNS; turn++) {
      Side side = new SingleSide(arena, WARM_UP_CONNECTIONS);
      double rate = fromCheckpoint(arena.book(), "warm-up", () -> side.measure(plan.warmUp()));
      progress.say("warm-up  single %,9.0f/s", rate);
    }
    CommitSizes before = CommitSizes.read(arena.demo());
    Side side = new BulkSide(arena, plan.bulkLines());
    double rate = fromCheckpoint(arena.book(), "warm-up", () -> side.measure(plan.warmUp()));
    bulkRows = CommitSizes.read(arena.demo()).since(before).orElseThrow();
    progress.say("warm-up  bulk %,9.0f/s, %d lines in a commit", rate, bulkRows);
  }

  private void single(Arena arena) throws Exception {
    int connections =
        best(arena.book(), "router connections", plan.connections(), n -> new SingleSide(arena, n));
    int clients =
        best(
            arena.book(),
            "pgbench clients",
            plan.peerClients(),
            n -> new PgbenchSide(arena, "peer.sql", n, SINGLE_PEER_ROWS));
    SingleSide router = new SingleSide(arena, connections);
    Side peer = new PgbenchSide(arena, "peer.sql", clients, SINGLE_PEER_ROWS);
    Ratios ratios = duel(arena.book(), "single", router, peer, plan.slice());
    conclude(
        "single",
        Target.SINGLE,
        ratios,
        new JsonObject()
            .put("connections", connections)
            .put("peerClients", clients)
            .put("costPerCredit", router.spent().json()));
    progress.say("single   each: %s", router.spent());
    half(arena, connections, ratios.one() / 2);
  }

  /**
   * What a terminal waits at half of the maximum, when requests come by a clock that does not wait
   * for answers: the slice in the middle of some.
   */
  private void half(Arena arena, int connections, double offered) throws Exception {
    SingleSide side = new SingleSide(arena, connections, offered);
    List<WrkReport> slices = new ArrayList<>();
    for (int slice = 0; slice < (plan.quick() ? 1 : HALF_SLICES); slice++) {
      slices.add(fromCheckpoint(arena.book(), "half", () -> side.report(plan.slice())));
    }
    slices.sort(Comparator.comparingDouble(WrkReport::p99Millis));
    WrkReport middle = slices.get(slices.size() / 2);
    progress.say(
        "half     %,.0f/s offered in an open loop, %,.0f/s accepted: p50 %.1f ms, p99 %.1f ms (%.1f to %.1f)   %s",
        offered,
        middle.perSecond(),
        middle.p50Millis(),
        middle.p99Millis(),
        slices.get(0).p99Millis(),
        slices.get(slices.size() - 1).p99Millis(),
        Target.HALF_P99.said(middle.p99Millis()));
    result.put(
        "half",
        new JsonObject()
            .put("offered", offered)
            .put("router", middle.perSecond())
            .put("p50Millis", middle.p50Millis())
            .put("p99Millis", middle.p99Millis())
            .put("p99MillisOfAll", slices.stream().map(WrkReport::p99Millis).toList())
            .put("wanted", Target.HALF_P99.wanted()));
  }

  /**
   * Every slice begins right after a checkpoint, so that each pays the same for pages that are
   * written for the first time since; and when nothing is under way of one that was refused.
   */
  private <T> T fromCheckpoint(Book book, String what, Measurement<T> measurement)
      throws IOException, SQLException, InterruptedException {
    return attempts.measure(
        what,
        () -> {
          book.awaitPosted();
          book.checkpoint();
          return measurement.take();
        });
  }

  private Ratios duel(Book book, String name, Side router, Side peer, Duration slice)
      throws IOException, SQLException, InterruptedException {
    return new Duel(name, "router", "peer", progress)
        .play(
            () -> fromCheckpoint(book, name, () -> router.measure(slice)),
            () -> fromCheckpoint(book, name, () -> peer.measure(slice)),
            plan.rounds());
  }

  private void bulk(Arena arena) throws Exception {
    Side router = new BulkSide(arena, plan.bulkLines());
    Side peer = new PgbenchSide(arena, "ceiling.sql", BULK_PEER_CLIENTS, bulkRows);
    Ratios ratios = duel(arena.book(), "bulk", router, peer, plan.bulkPeer());
    conclude(
        "bulk",
        Target.BULK,
        ratios,
        new JsonObject().put("rowsOfACommit", bulkRows).put("peerClients", BULK_PEER_CLIENTS));
  }

  private void conclude(String name, Target target, Ratios ratios, JsonObject how) {
    progress.say(
        "%-8s router %,.0f/s   peer %,.0f/s   median of the paired ratios %.2f (%.2f to %.2f)   %s",
        name,
        ratios.one(),
        ratios.other(),
        ratios.ratio(),
        ratios.ratio(0),
        ratios.ratio(1),
        target.said(ratios.ratio()));
    result.put(name, ratios, how.put("wanted", target.wanted()));
  }

  private void posted(Arena arena) throws Exception {
    PostedRun run = new PostedRun(arena, plan.postedCredits());
    Pair pair = attempts.measure("posted", run::measure);
    progress.say(
        "posted   %,d credits: posted %,.0f/s, accepted %,.0f/s, ratio %.2f   %s",
        run.credits(), pair.one(), pair.other(), pair.ratio(), Target.POSTED.said(pair.ratio()));
    result.put(
        "posted",
        new Ratios(List.of(pair)),
        new JsonObject().put("credits", run.credits()).put("wanted", Target.POSTED.wanted()));
  }

  private void cost(Arena arena) throws Exception {
    CostRun run = new CostRun(arena, plan.costCredits());
    Spent spent = attempts.measure("cost", run::measure);
    progress.say("cost     each in bulk: %s", spent);
    result.put("costPerCredit", spent.json());
  }

  /** Makes a side with so many connections. */
  private interface SideOf {
    Side with(int connections);
  }

  private int best(Book book, String what, List<Integer> counts, SideOf sides)
      throws IOException, SQLException, InterruptedException {
    if (counts.size() == 1) {
      return counts.get(0);
    }
    double most = 0;
    int best = counts.get(0);
    StringBuilder said = new StringBuilder();
    for (int count : counts) {
      Side side = sides.with(count);
      double rate = fromCheckpoint(book, what, () -> side.measure(plan.trial()));
      said.append(String.format("   %d: %,.0f/s", count, rate));
      if (rate > most) {
        most = rate;
        best = count;
      }
    }
    progress.say("choosing %s:%s; %d it is", what, said, best);
    return best;
  }
}
