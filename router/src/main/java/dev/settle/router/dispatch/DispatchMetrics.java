package dev.settle.router.dispatch;

import java.time.Instant;

/** What dispatch reports of itself. */
public interface DispatchMetrics {

  /** {@code credits} credits were posted; they were recorded at {@code recordedAt}. */
  void posted(String rail, String currency, int credits, long amountMinor, Instant recordedAt);

  /** The fence caught {@code credits} credits that were decided by a superseded version. */
  void staleCaught(int credits);

  /** {@code credits} credits left their batch at the fence for another route, or were held. */
  void rerouted(String reason, int credits);

  /** A rail refused {@code credits} credits for this reason. */
  void rejected(String rail, String reason, int credits);

  /** A credit came back from the bank for this reason. */
  void returned(String rail, String reason);

  /** So many credits were accepted by the bank and not credited within the rail's normal time. */
  void overdue(String rail, long credits);

  /** A bank said what does not fit our books. */
  void breakOpened(String rail);

  /** {@code credits} credits that were open for this reason go on in a new batch. */
  void released(String reason, int credits);

  /** {@code credits} credits were claimed by a superseded version: the fence did not hold. */
  void superseded(long credits);

  /** A rail gave no clear answer to a consignment. */
  void inDoubt(String rail);

  /** A claim, or the writing of an outcome, failed; the sweep goes on with it. */
  void writeFailed();
}
