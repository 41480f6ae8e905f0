package dev.settle.sandbox.bank;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link SandboxBank} is to be run.
 *
 * @param host the address to listen on
 * @param port the port to listen on, 0 for a free one
 * @param books the file of its books, created with its directories when absent
 * @param creditDelay from the acceptance of a transfer that is credited later to its credit
 * @param returnDelay from the credit of a transfer that is returned to its return
 * @param target who is notified, null for nobody until {@code PUT /notification-target}
 * @param notifiesAll whether every credit and every rejection is notified, whatever the faults say
 * @param notificationAttempts how often one notification is tried before it is given up, from 1
 */
public record BankOptions(
    String host,
    int port,
    Path books,
    Duration creditDelay,
    Duration returnDelay,
    @Nullable NotificationTarget target,
    boolean notifiesAll,
    int notificationAttempts) {

  private static final String LOOPBACK = "127.0.0.1";

  private static final Duration DELAY = Duration.ofSeconds(3);

  /** About eight minutes of trying, given the pauses. */
  private static final int ATTEMPTS = 20;

  /**
   * On the loopback's address; later credits and returns after 3 seconds each, nobody to notify.
   */
  public static BankOptions of(int port, Path books) {
    return new BankOptions(LOOPBACK, port, books, DELAY, DELAY, null, false, ATTEMPTS);
  }

  /** The same, listening on another address than the loopback's. */
  public BankOptions on(String address) {
    return new BankOptions(
        address, port, books, creditDelay, returnDelay, target, notifiesAll, notificationAttempts);
  }

  /** The same with other delays. */
  public BankOptions withDelays(Duration credit, Duration back) {
    return new BankOptions(
        host, port, books, credit, back, target, notifiesAll, notificationAttempts);
  }

  /** The same with somebody to notify. */
  public BankOptions withTarget(NotificationTarget notified) {
    return new BankOptions(
        host, port, books, creditDelay, returnDelay, notified, notifiesAll, notificationAttempts);
  }

  /** The same, notifying of every credit and every rejection. */
  public BankOptions notifyingAll() {
    return new BankOptions(
        host, port, books, creditDelay, returnDelay, target, true, notificationAttempts);
  }

  /** The same with another number of attempts. */
  public BankOptions withNotificationAttempts(int attempts) {
    return new BankOptions(
        host, port, books, creditDelay, returnDelay, target, notifiesAll, attempts);
  }
}
