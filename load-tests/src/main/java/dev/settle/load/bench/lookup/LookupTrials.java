package dev.settle.load.bench.lookup;

import java.util.List;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs every trial, in a process of its own that has nothing else to do. Each trial gets a fork of
 * its own; with {@code quick} they share this process, so that members start once.
 */
public final class LookupTrials {

  /** Sizes of the cluster, ascending. */
  public static final List<Integer> MEMBERS = List.of(1, 3);

  private LookupTrials() {}

  /**
   * @param arguments the folder for timings, and {@code quick} or {@code full}
   */
  public static void main(String[] arguments) throws RunnerException {
    boolean quick = arguments[1].equals("quick");
    System.setProperty(LookupBenchmark.FOLDER, arguments[0]);
    for (int members : MEMBERS) {
      for (Lookup lookup : Lookup.values()) {
        trial(arguments[0], members, lookup, quick);
      }
    }
    System.exit(0);
  }

  private static void trial(String folder, int members, Lookup lookup, boolean quick)
      throws RunnerException {
    new Runner(
            new OptionsBuilder()
                .include(LookupBenchmark.class.getName())
                .param("members", String.valueOf(members))
                .param("lookup", lookup.name())
                .forks(quick ? 0 : 1)
                // Members of a cluster do not end by themselves: JMH would wait half a minute for
                // it.
                .jvmArgsAppend(
                    "-D" + LookupBenchmark.FOLDER + "=" + folder, "-Djmh.shutdownTimeout=1")
                .warmupIterations(quick ? 1 : 5)
                .warmupTime(TimeValue.milliseconds(quick ? 300 : 1_000))
                .measurementIterations(quick ? 1 : 5)
                .measurementTime(TimeValue.milliseconds(quick ? 300 : 1_000))
                .shouldDoGC(!quick)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build())
        .run();
  }
}
