package dev.settle.router.credit;

/** What the recorder reports of itself. */
public interface RecorderMetrics {

  /** A commit of {@code rows} transactions is sent. */
  void commitOf(int rows);

  /** A commit failed; {@code ours} when it was not the database's availability. */
  void commitFailed(boolean ours);
}
