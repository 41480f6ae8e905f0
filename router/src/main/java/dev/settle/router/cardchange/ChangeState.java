package dev.settle.router.cardchange;

/** Where an application for another settlement account stands. */
public enum ChangeState {
  SUBMITTED(true, "It is complete and waits to be verified with the bank."),
  VERIFYING(true, "The bank is being asked; while it gives no answer, it is asked again."),
  VERIFIED(true, "The bank's answer allows it; a checker has to decide."),
  APPROVED(true, "It is decided; in the same commit it is scheduled or takes effect."),
  SCHEDULED(true, "It takes effect at a time that was asked for."),
  EFFECTIVE(false, "The new account is the one that sales settle to."),
  SUPERSEDED(false, "It was in effect, until a later change of the same scope took effect."),
  REJECTED(false, "A checker refused it."),
  FAILED_VERIFICATION(false, "The name does not fit the account, or the test credit came back."),
  WITHDRAWN(false, "Its maker took it back."),
  EXPIRED(false, "Nobody decided it in time.");

  private final boolean open;
  private final String meaning;

  ChangeState(boolean open, String meaning) {
    this.open = open;
    this.meaning = meaning;
  }

  /** Whether it is still to be decided or to take effect; a merchant has one such at most. */
  public boolean isOpen() {
    return open;
  }

  public String meaning() {
    return meaning;
  }
}
