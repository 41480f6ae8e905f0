package dev.settle.router.ingest;

/** What the doors for terminals report. */
public interface IngestMetrics {

  /**
   * One transaction was answered.
   *
   * @param outcome accepted, held, replayed, conflict, refused, busy, uncertain or failed
   */
  void answered(String outcome);

  /** A single transaction was accepted, so long after its request came in. */
  void acceptedWithin(long nanos);
}
