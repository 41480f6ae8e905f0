package dev.settle.router.cardchange;

import static dev.settle.router.cardchange.ChangeState.APPROVED;
import static dev.settle.router.cardchange.ChangeState.EFFECTIVE;
import static dev.settle.router.cardchange.ChangeState.EXPIRED;
import static dev.settle.router.cardchange.ChangeState.FAILED_VERIFICATION;
import static dev.settle.router.cardchange.ChangeState.REJECTED;
import static dev.settle.router.cardchange.ChangeState.SCHEDULED;
import static dev.settle.router.cardchange.ChangeState.SUBMITTED;
import static dev.settle.router.cardchange.ChangeState.SUPERSEDED;
import static dev.settle.router.cardchange.ChangeState.VERIFIED;
import static dev.settle.router.cardchange.ChangeState.VERIFYING;
import static dev.settle.router.cardchange.ChangeState.WITHDRAWN;
import static dev.settle.router.cardchange.Mover.CHECKER;
import static dev.settle.router.cardchange.Mover.MAKER;
import static dev.settle.router.cardchange.Mover.ROUTER;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The life cycle of a card change as one table. The database enforces the same table, as rows of
 * {@code card_change_move}; {@code docs/concepts/card-change.md} is drawn from this one.
 */
public final class LifeCycle {

  private static final String DECIDED_AGAINST = "a reason; the checker is not the maker";
  private static final String TAKEN_BACK = "it is his own";
  private static final String TOO_LATE = "its time to be decided in is over";

  /** Every move there is. */
  public static final List<Move> MOVES =
      List.of(
          new Move(
              null, SUBMITTED, MAKER, "a complete application, none other open, the limits kept"),
          new Move(SUBMITTED, VERIFYING, ROUTER, "a lease on the verification"),
          new Move(
              VERIFYING, VERIFIED, ROUTER, "MATCH, CLOSE or NOT_CHECKED, no rejected test credit"),
          new Move(VERIFYING, FAILED_VERIFICATION, ROUTER, "NO_MATCH or a rejected test credit"),
          new Move(VERIFIED, APPROVED, CHECKER, "the checker is not the maker"),
          new Move(VERIFIED, APPROVED, ROUTER, "approval by rule is on, a full match, low risk"),
          new Move(
              APPROVED, SCHEDULED, ROUTER, "effectiveFrom lies ahead; in the approval's commit"),
          new Move(APPROVED, EFFECTIVE, ROUTER, "in the approval's commit, behind the fence"),
          new Move(SCHEDULED, EFFECTIVE, ROUTER, "effectiveFrom has come; behind the fence"),
          new Move(EFFECTIVE, SUPERSEDED, ROUTER, "a later change of the same scope takes effect"),
          new Move(SUBMITTED, REJECTED, CHECKER, DECIDED_AGAINST),
          new Move(VERIFYING, REJECTED, CHECKER, DECIDED_AGAINST),
          new Move(VERIFIED, REJECTED, CHECKER, DECIDED_AGAINST),
          new Move(SCHEDULED, REJECTED, CHECKER, DECIDED_AGAINST),
          new Move(SUBMITTED, WITHDRAWN, MAKER, TAKEN_BACK),
          new Move(VERIFYING, WITHDRAWN, MAKER, TAKEN_BACK),
          new Move(VERIFIED, WITHDRAWN, MAKER, TAKEN_BACK),
          new Move(SCHEDULED, WITHDRAWN, MAKER, TAKEN_BACK),
          new Move(SUBMITTED, EXPIRED, ROUTER, TOO_LATE),
          new Move(VERIFYING, EXPIRED, ROUTER, TOO_LATE),
          new Move(VERIFIED, EXPIRED, ROUTER, TOO_LATE));

  private LifeCycle() {}

  /**
   * A move from one state to another.
   *
   * @param from null: there was nothing before
   * @param needs what has to hold for it, besides the state
   */
  public record Move(@Nullable ChangeState from, ChangeState to, Mover mover, String needs) {

    /** {@code from} as it stands in the database and in histories. */
    public String fromText() {
      return from == null ? "START" : from.name();
    }
  }

  /** Whether {@code mover} may move an application from one state to another. */
  public static boolean allows(@Nullable ChangeState from, ChangeState to, Mover mover) {
    return MOVES.stream()
        .anyMatch(move -> move.from() == from && move.to() == to && move.mover() == mover);
  }
}
