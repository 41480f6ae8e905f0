package dev.settle.router.cardchange;

import dev.settle.router.binding.AccountStatus;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Why a merchant wants another settlement account; a closed list. */
public enum ChangeReason {
  NEW_CARD(null, false),
  LOST_CARD(AccountStatus.RESTRICTED, true),
  STOLEN_CARD(AccountStatus.RESTRICTED, true),
  CARD_EXPIRED(null, false),
  ACCOUNT_CLOSED(AccountStatus.CLOSED, false),
  BANK_CHANGED(null, false),
  OWNER_CHANGED(null, true),
  OTHER(null, false);

  private final @Nullable AccountStatus oldAccount;
  private final boolean risky;

  ChangeReason(@Nullable AccountStatus oldAccount, boolean risky) {
    this.oldAccount = oldAccount;
    this.risky = risky;
  }

  /** The reason of this name, or null when there is none. */
  static @Nullable ChangeReason parse(@Nullable String name) {
    return Arrays.stream(values())
        .filter(reason -> reason.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  /**
   * What the account in effect becomes as soon as this is reported; null: it goes on until the new
   * one is approved.
   */
  public @Nullable AccountStatus oldAccount() {
    return oldAccount;
  }

  /** Whether a person has to look at it whatever the bank says. */
  public boolean isRisky() {
    return risky;
  }
}
