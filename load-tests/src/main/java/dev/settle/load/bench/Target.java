package dev.settle.load.bench;

import java.util.Locale;

/** What a figure should be on two processors that have everything on them. */
enum Target {
  /** Of what pgbench inserts one at a time. */
  SINGLE(2.0, true),
  /** Of what PostgreSQL inserts with nothing in front. */
  BULK(0.6, true),
  /** Of the rate at which they are accepted. */
  POSTED(0.7, true),
  /** Milliseconds, at half of the maximum: 99 of 100 answers come within. */
  HALF_P99(15, false),
  /** Nanoseconds, in the middle, of a route that the node has. */
  HIT_P50(300, false);

  private final double wanted;
  private final boolean atLeast;

  Target(double wanted, boolean atLeast) {
    this.wanted = wanted;
    this.atLeast = atLeast;
  }

  double wanted() {
    return wanted;
  }

  private boolean isMet(double figure) {
    return atLeast ? figure >= wanted : figure <= wanted;
  }

  /** For whoever reads the run. */
  String said(double figure) {
    return String.format(
        Locale.ROOT,
        "wanted: at %s %s, %s",
        atLeast ? "least" : "most",
        atLeast ? String.valueOf(wanted) : String.valueOf((int) wanted),
        isMet(figure) ? "met" : "missed");
  }
}
