package dev.settle.router.invariant;

/** What always holds. I7 to I12 are shown by tests and settings, not by rows. */
public enum Invariant {
  I1("Acknowledged is durable"),
  I2("One transaction, one credit"),
  I3("No credit is sent to a superseded binding"),
  I4("No credit is sent to an account that may not receive"),
  I5("Conservation: accepted = posted + unposted"),
  I6("Paid at most once");

  private final String promise;

  Invariant(String promise) {
    this.promise = promise;
  }

  public String promise() {
    return promise;
  }
}
