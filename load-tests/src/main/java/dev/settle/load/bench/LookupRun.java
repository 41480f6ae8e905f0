package dev.settle.load.bench;

import dev.settle.demo.node.NodeLaunch;
import dev.settle.load.bench.lookup.Lookup;
import dev.settle.load.bench.lookup.LookupTrials;
import dev.settle.load.bench.lookup.Timings;
import dev.settle.load.stand.NotMeasured;
import dev.settle.load.stand.Progress;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The look-up of routes by JMH, in a process of its own, while nothing else runs. */
final class LookupRun {

  private static final long PATIENCE_SECONDS = 300;

  private final boolean quick;
  private final Progress progress;
  private final BenchResult result;

  LookupRun(boolean quick, Progress progress, BenchResult result) {
    this.quick = quick;
    this.progress = progress;
    this.result = result;
  }

  /**
   * @param work for what the trials write
   */
  void measure(Path work) throws IOException, InterruptedException {
    progress.say("lookup   one route on the event loop, by JMH …");
    Path folder = Files.createDirectories(work.resolve("lookup"));
    runTrials(folder);
    JsonObject all = new JsonObject();
    for (int members : LookupTrials.MEMBERS) {
      for (Lookup lookup : Lookup.values()) {
        Timings timings = Timings.read(folder, lookup, members);
        say(lookup, members, timings);
        all.put(lookup.name().toLowerCase(Locale.ROOT) + members, timings.json());
      }
    }
    Timings hit = Timings.read(folder, Lookup.HIT, LookupTrials.MEMBERS.get(0));
    progress.say("lookup   a hit in the middle: %s", Target.HIT_P50.said(hit.p50()));
    result.put(
        "lookupNanos",
        new JsonObject()
            .put("p50", hit.p50())
            .put("p99", hit.p99())
            .put("all", all)
            .put("wanted", Target.HIT_P50.wanted()));
  }

  private void say(Lookup lookup, int members, Timings timings) {
    progress.say(
        "lookup   %-4s of %d member%s   p50 %,9d ns   p99 %,9d ns   mean %,9d ns   %,d look-ups, %d late",
        lookup,
        members,
        members == 1 ? " " : "s",
        timings.p50(),
        timings.p99(),
        timings.mean(),
        timings.samples(),
        timings.late());
  }

  private void runTrials(Path folder) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(NodeLaunch.flags());
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=error");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(
        List.of(LookupTrials.class.getName(), folder.toString(), quick ? "quick" : "full"));
    Path log = folder.resolve("jmh.log");
    Process trials =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (!trials.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || trials.exitValue() != 0) {
        throw new NotMeasured("the look-up was not measured:\n" + Files.readString(log));
      }
    } finally {
      // JMH's forks are its children.
      trials.descendants().forEach(ProcessHandle::destroyForcibly);
      trials.destroyForcibly().waitFor();
    }
  }
}
