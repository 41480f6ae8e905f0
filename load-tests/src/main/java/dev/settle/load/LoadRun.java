package dev.settle.load;

import dev.settle.demo.WorkingDirectory;
import dev.settle.demo.terminal.AcknowledgementJournal;
import dev.settle.load.scenario.LoadSimulation;
import dev.settle.load.stage.Journal;
import dev.settle.load.stage.NodeMemory;
import dev.settle.load.stage.Stage;
import dev.settle.load.stage.Target;
import dev.settle.load.stage.Verdict;
import dev.settle.load.stage.Watch;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One run from beginning to end: a router is there, the scenario is played, its promises are looked
 * at, and the demo that was started for it is ended, which verifies every invariant. Blocking;
 * belongs to one thread.
 */
final class LoadRun {

  private final Order order;
  private final Path folder;
  private final PrintStream out;
  private final Verdict verdict = new Verdict();

  /**
   * @param folder for everything that it writes
   */
  LoadRun(Order order, Path folder, PrintStream out) {
    this.order = order;
    this.folder = folder;
    this.out = out;
  }

  /** Plays it against a demo of its own. True when every promise was kept. */
  boolean againstOwnDemo(Path checkout, Aim aim) throws IOException, InterruptedException {
    Cores cores = order.scenario().apart() ? Cores.apart() : Cores.SHARED;
    out.println("Processors   " + cores.inWords());
    out.println("Router       a demo for this run is starting …");
    try (OwnDemo demo = OwnDemo.start(checkout, folder, order.merchants(), cores.ofTheRouter())) {
      cores.moveBank(demo.supervisorPid());
      out.println("Router       " + demo.api() + ", its log " + demo.log());
      AcknowledgementJournal told =
          AcknowledgementJournal.open(WorkingDirectory.acknowledgements(demo.data()));
      List<Path> reports;
      try (NodeMemory memory = NodeMemory.of(demo.routerPid())) {
        reports = play(aim.at(demo), told::add, memory);
      } finally {
        told.close();
      }
      out.println(
          "Verify       the demo stops, and verifies every invariant from rows, bank's books and what was acknowledged …");
      verified(demo);
      print(reports);
      if (Files.exists(demo.data())) {
        out.println("Kept         " + demo.data());
      }
    }
    return verdict.good();
  }

  /**
   * Plays it against a router that runs already, which nobody verifies. True when what can be seen
   * was kept.
   */
  boolean against(Target target) throws IOException, InterruptedException {
    out.println("Router       " + target.api());
    out.println(
        "NOT VERIFIED: whoever runs this router has to verify it (bin/settle verify); only what is seen from here is judged.");
    List<Path> reports = play(target, Journal.NONE, null);
    print(reports);
    out.println("NOT VERIFIED: see above.");
    return verdict.good();
  }

  private List<Path> play(Target target, Journal journal, @Nullable NodeMemory memory)
      throws IOException, InterruptedException {
    Stage stage = new Stage(target, order.rate(), order.lasts(), journal);
    stage.open();
    try (Watch watch = new Watch(stage, memory, out, folder.resolve("samples.csv")).start()) {
      Engine engine = new Engine(folder);
      List<Path> reports = new ArrayList<>();
      for (Class<? extends LoadSimulation> simulation : order.scenario().simulations()) {
        reports.add(engine.play(simulation, verdict));
      }
      stage.phase("after");
      for (Class<? extends LoadSimulation> simulation :
          Set.copyOf(order.scenario().simulations())) {
        LoadSimulation.last(simulation).judge(verdict);
      }
      return reports;
    }
  }

  private void verified(OwnDemo demo) throws IOException, InterruptedException {
    boolean good = demo.stop(said -> out.println("             " + said));
    JsonObject summary = demo.summary();
    JsonObject accepted = summary.getJsonObject("accepted");
    verdict.promise(
        "verify: every invariant holds",
        good,
        summary.getJsonObject("invariants").encode()
            + " over "
            + String.format(Locale.ROOT, "%,d", accepted.getLong("count"))
            + " credits");
  }

  private void print(List<Path> reports) {
    out.println();
    out.println("Verdict      " + order.inWords());
    verdict.print(out);
    reports.forEach(report -> out.println("Report       " + report));
    out.println("Samples      " + folder.resolve("samples.csv"));
    out.println(
        verdict.good() ? "Good: every promise was kept." : "NOT good: a promise was broken.");
  }
}
