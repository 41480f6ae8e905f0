package dev.settle.router.retention;

import java.time.Duration;
import java.time.LocalDate;

/** Stands beside a run: hears what was done, and lets it wait. */
public interface ArchiveWatch {

  /**
   * Something was done to a month, which is named by its first day. What it throws ends the run.
   */
  void reached(LocalDate month, ArchiveStep step);

  /** Returns after so long: others have their turn meanwhile. */
  void pause(Duration time) throws InterruptedException;
}
