package dev.settle.router.audit;

import java.time.Duration;

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

  /**
   * How far the audit is behind now, whichever node is at it.
   *
   * @param unlinked age of the oldest event that is not linked; zero: there is none
   * @param unsealed age of the oldest credit that is not sealed; zero: there is none
   */
  void auditBehind(Duration unlinked, Duration unsealed);
}
