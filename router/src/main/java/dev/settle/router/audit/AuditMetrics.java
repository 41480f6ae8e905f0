package dev.settle.router.audit;

/** What the audit counts. */
public interface AuditMetrics {

  /**
   * Refusals or log-ins that were seen, whether each has a record of its own or is counted in one.
   */
  void noted(AuditAction action);

  /** Events that could not be recorded. */
  void lost(long events);

  /** Credits that this node sealed. */
  void creditsSealed(long credits);
}
