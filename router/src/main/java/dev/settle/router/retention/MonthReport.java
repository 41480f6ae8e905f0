package dev.settle.router.retention;

import java.time.LocalDate;
import java.util.List;

/**
 * What became of one month.
 *
 * @param month its first day
 * @param why for a person: totals of what left, or what keeps it where it is
 */
public record MonthReport(LocalDate month, Outcome outcome, List<String> why) {

  /** How a month ended up. */
  public enum Outcome {
    /** All of it is in the archive by this run. */
    LEFT("left"),
    /** Its credits had left before; this run brought what belongs to them. */
    COMPLETED("completed"),
    /** It may leave; a dry run lets none. */
    MAY_LEAVE("may leave"),
    /** Something of it is not closed. */
    KEPT("stays"),
    /** Somebody used the table at every attempt. */
    NOT_REACHED("not reached"),
    /** Its rows do not add up. */
    WRONG("WRONG");

    private final String words;

    Outcome(String words) {
      this.words = words;
    }
  }

  /** Whether nobody has to do anything about it. */
  public boolean isGood() {
    return outcome != Outcome.NOT_REACHED && outcome != Outcome.WRONG;
  }

  /** One line for a person. */
  public String text() {
    return month.toString().substring(0, 7)
        + "  "
        + outcome.words
        + (why.isEmpty() ? "" : ": " + String.join(", ", why));
  }
}
