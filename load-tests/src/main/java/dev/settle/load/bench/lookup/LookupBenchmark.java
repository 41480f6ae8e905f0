package dev.settle.load.bench.lookup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * {@code Bindings.routes} of one merchant on a Vert.x event loop, from the call until its answer is
 * there: what one sale that comes alone pays. A hit is in the node's heap; a miss is in the
 * cluster's map and has never been asked for. Every look-up is timed by itself, from the end of the
 * one before: JMH's own sampling takes the time twice for each call, which is a quarter of a hit.
 * The time of one look at the clock is in every sample.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets what has a parameter, and calls start().
public class LookupBenchmark {

  /** Look-ups of one turn on the event loop. */
  static final int BATCH = 1_000;

  /** The folder that the timings are written to. */
  static final String FOLDER = "settle.bench.lookup";

  /** One for all trials of a process, where there are several. */
  private static final LookupCluster CLUSTER = new LookupCluster();

  @Param({"1", "3"})
  public int members;

  @Param public Lookup lookup;

  @Param("10000")
  public int merchants;

  private Lookups lookups;

  @Setup
  public void start() throws IOException, InterruptedException {
    CLUSTER.grow(members);
    if (lookup == Lookup.HIT) {
      // A node hears what others publish while it runs.
      lookups = new Lookups(CLUSTER, lookup, merchants);
      CLUSTER.fill(merchants);
      lookups.awaitHeap();
    } else {
      CLUSTER.fill(merchants);
      lookups = new Lookups(CLUSTER, lookup, merchants);
    }
  }

  @Setup(Level.Iteration)
  public void next(IterationParams iteration) {
    lookups.keepTimings(iteration.getType() == IterationType.MEASUREMENT);
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void routes() throws InterruptedException {
    lookups.run(BATCH);
  }

  @TearDown
  public void write() throws IOException {
    lookups
        .timings()
        .write(Path.of(System.getProperty(FOLDER, ".")).resolve(Timings.file(lookup, members)));
  }
}
