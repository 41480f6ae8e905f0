package dev.settle.router.webhook;

/**
 * What a try came to.
 *
 * @param detail what the webhook's owner is shown of it; never what the receiver wrote
 */
record Answer(Outcome outcome, String detail) {

  static Answer of(Outcome outcome) {
    return new Answer(outcome, outcome.text());
  }

  /** Of the status that a receiver answered with. */
  static Answer ofStatus(int status) {
    Outcome outcome =
        switch (status / 100) {
          case 2 -> Outcome.ACKNOWLEDGED;
          case 3 -> Outcome.REDIRECTED;
          default -> status == 410 ? Outcome.GONE : Outcome.REFUSED;
        };
    return new Answer(outcome, "status " + status);
  }
}
