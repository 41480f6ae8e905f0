package dev.settle.router.credit;

/** What an operator can order of a credit that waits with an open exception. */
public enum ExceptionAction {
  /** It is sent again at once, to the account that is current. */
  RELEASE,
  /** It is held until an operator releases it. */
  HOLD,
  /** It is sent by another way than the one that failed: another account or another rail. */
  REROUTE,
  /** A person has it; nothing moves. */
  HAND_OVER
}
