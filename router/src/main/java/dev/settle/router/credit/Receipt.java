package dev.settle.router.credit;

import dev.settle.router.explanation.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What became of a transaction that was handed to the {@link Recorder}.
 *
 * @param creditId the credit, or 0 when there is none
 * @param heldFor why the credit was held when it was accepted, or null when it was not; a replay
 *     gives the first answer
 */
public record Receipt(Outcome outcome, long creditId, @Nullable Reason heldFor) {

  /** The ways that it can end. */
  public enum Outcome {
    /** Committed now. */
    ACCEPTED,
    /** Committed before, by the same message. */
    REPLAYED,
    /** The same key was committed before with another content; nothing changed. */
    CONFLICT,
    /** The database did not confirm: it may be committed or not. The sender sends it again. */
    UNCERTAIN,
    /** A fault of ours; not committed. */
    FAILED
  }

  static final Receipt UNCERTAIN = new Receipt(Outcome.UNCERTAIN, 0, null);
  static final Receipt FAILED = new Receipt(Outcome.FAILED, 0, null);

  /** The merchant-facing status right after acceptance. */
  public String status() {
    return heldFor == null ? "UNPOSTED" : "HELD";
  }
}
