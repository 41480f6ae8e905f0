package dev.settle.demo.story;

/** What can happen to a merchant of the demo. */
public enum StoryKind {
  /** A new card: applied for by the maker, approved by the checker. */
  CARD_CHANGE("cardChange", 1),
  /** Three new cards within a minute. */
  THREE_CARD_CHANGES("threeCardChanges", 3),
  /** An operator freezes the account and thaws it some seconds later. */
  FREEZE_AND_THAW("freezeAndThaw", 0),
  /**
   * Applications without documents, with a mistyped number and in another's name; then a good one,
   * which is withdrawn or approved.
   */
  WRONG_APPLICATIONS("wrongApplications", 4),
  /** A new card that the bank turns out to have blocked; a good one replaces it. */
  BLOCKED_CARD("blockedCard", 2),
  /** The checker says no. */
  REJECTED_CHANGE("rejectedChange", 1);

  private final String text;
  private final int applications;

  StoryKind(String text, int applications) {
    this.text = text;
    this.applications = applications;
  }

  /** Its key in the summary. */
  public String text() {
    return text;
  }

  /** How many applications the merchant makes in it, refused ones included. */
  int applications() {
    return applications;
  }
}
