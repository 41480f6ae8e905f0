package dev.settle.router.retention;

import java.time.Duration;
import java.time.LocalDate;

/** A run that does what a test wants at one step, and does not wait. */
class Watching implements ArchiveWatch {

  /** A run dies. */
  static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Nothing special. */
  static Watching quietly() {
    return new Watching();
  }

  /** Dies at this step of a month. */
  static Watching dyingAt(LocalDate month, ArchiveStep step) {
    return new Watching() {
      @Override
      public void reached(LocalDate of, ArchiveStep done) {
        if (of.equals(month) && done == step) {
          throw new Crash();
        }
      }
    };
  }

  @Override
  public void reached(LocalDate month, ArchiveStep step) {}

  @Override
  public void pause(Duration time) throws InterruptedException {}
}
