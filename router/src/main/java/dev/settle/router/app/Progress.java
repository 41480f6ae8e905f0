package dev.settle.router.app;

import java.io.PrintWriter;
import java.time.Duration;

/** Says on stderr how far a long run is; nothing of a short one. Used by one thread at a time. */
final class Progress {

  private static final Duration EVERY = Duration.ofSeconds(2);

  private final PrintWriter err;
  private long next = System.nanoTime() + EVERY.toNanos();

  Progress(PrintWriter err) {
    this.err = err;
  }

  void tell(String doing, long count, String what) {
    if (System.nanoTime() - next >= 0) {
      next = System.nanoTime() + EVERY.toNanos();
      err.printf("settle: %s %,d %s …%n", doing, count, what);
      err.flush();
    }
  }
}
