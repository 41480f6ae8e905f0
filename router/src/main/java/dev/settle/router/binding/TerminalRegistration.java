package dev.settle.router.binding;

/**
 * What came of registering a terminal.
 *
 * @param version the merchant's route version now
 */
public record TerminalRegistration(Outcome outcome, int version) {

  /** Whether the terminal was registered. */
  public enum Outcome {
    REGISTERED,
    /** It was the merchant's already. */
    REPLAYED,
    /** Refused: the merchant has as many terminals as it may have. */
    TOO_MANY
  }
}
