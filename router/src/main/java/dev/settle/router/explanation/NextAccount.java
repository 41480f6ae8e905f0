package dev.settle.router.explanation;

import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * How far the account is that unposted money may wait for: the open application of its merchant, if
 * it is for the scope that decides for the money.
 *
 * @param from when it takes effect, once that is decided; null before
 */
public record NextAccount(Stage stage, @Nullable OffsetDateTime from) {

  /** Nobody has applied for another account. */
  public static final NextAccount NONE = new NextAccount(Stage.NOT_APPLIED_FOR, null);

  /** What is done about it; a closed list. */
  public enum Stage {
    NOT_APPLIED_FOR(null),
    VERIFYING(WhoActs.RAIL),
    DECIDING(WhoActs.CHECKER),
    SCHEDULED(WhoActs.ROUTER);

    private final @Nullable WhoActs whoActs;

    Stage(@Nullable WhoActs whoActs) {
      this.whoActs = whoActs;
    }

    /** Whose move it is; null: whose it was before anybody applied. */
    @Nullable WhoActs whoActs() {
      return whoActs;
    }
  }

  /**
   * By the open application's state.
   *
   * @param state null: there is none
   * @param effectiveFrom the time that it asks for, if it asks for one
   */
  public static NextAccount of(@Nullable String state, @Nullable OffsetDateTime effectiveFrom) {
    if (state == null) {
      return NONE;
    }
    return switch (state) {
      case "SUBMITTED", "VERIFYING" -> new NextAccount(Stage.VERIFYING, null);
      case "VERIFIED" -> new NextAccount(Stage.DECIDING, null);
      case "APPROVED", "SCHEDULED" -> new NextAccount(Stage.SCHEDULED, effectiveFrom);
      default -> throw new IllegalArgumentException("no open application is " + state);
    };
  }
}
