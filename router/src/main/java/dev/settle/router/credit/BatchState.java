package dev.settle.router.credit;

/** How far a batch has come. The names are those of {@code credit_batch.state}. */
public enum BatchState {
  /** All its credits were held when they were accepted; never moves. */
  UNROUTED,
  /** Owed; nothing was sent. */
  RECORDED,
  /** Claimed; whatever is sent, is sent after this. */
  SENT,
  /** Sent, and the bank gave no clear answer. */
  IN_DOUBT,
  /** Answered: paid, except for what departed. */
  POSTED
}
