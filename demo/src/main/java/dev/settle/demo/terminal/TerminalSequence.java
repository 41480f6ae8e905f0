package dev.settle.demo.terminal;

/**
 * The batch and trace numbers that terminals give their sales. Every terminal counts its own STAN
 * from 1 and opens its next batch when the STAN is used up; the batches of one run are its alone
 * (see {@link BatchRuns}). Belongs to one thread.
 */
final class TerminalSequence {

  /** The largest STAN of six digits; 0 is not used. */
  static final int STANS_PER_BATCH = 999_999;

  /**
   * A number that the terminal has not used before.
   *
   * @param batchNo 1 to 999,999
   * @param stan 1 to 999,999
   */
  record BatchAndStan(int batchNo, int stan) {}

  private final int firstBatch;
  private final int batches;
  private final int[] used;

  /**
   * Terminals 1 to {@code terminals}, with {@code batches} batches from {@code firstBatch} for
   * each.
   */
  TerminalSequence(int terminals, int firstBatch, int batches) {
    this.firstBatch = firstBatch;
    this.batches = batches;
    this.used = new int[terminals + 1];
  }

  /**
   * The terminal's next number. Throws {@link IllegalStateException} when the run's batches are
   * used up.
   */
  BatchAndStan next(int terminal) {
    int before = used[terminal]++;
    int batch = before / STANS_PER_BATCH;
    if (batch >= batches) {
      throw new IllegalStateException(
          "a terminal has used up the numbers of this run: start the demo anew");
    }
    return new BatchAndStan(firstBatch + batch, before % STANS_PER_BATCH + 1);
  }
}
