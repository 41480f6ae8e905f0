package dev.settle.router.notification;

import java.util.List;

/** What is counted of banks' notifications. */
public interface NotificationMetrics {

  /** The types of notifications, as banks spell them. */
  List<String> TYPES = List.of("posted", "rejected", "returned", "partial", "account-changed");

  /**
   * A notification was answered.
   *
   * @param type as the bank spells it
   * @param outcome APPLIED, KNOWN, BREAK, UNKNOWN, REPLAYED or CONFLICT
   */
  void notified(String rail, String type, String outcome);

  /** A message was not signed by the rail that it was sent for. */
  void signatureRefused(String rail);
}
