package dev.settle.router.binding;

import java.util.Locale;
import java.util.OptionalLong;

/** The public text of an account's id: {@code A} and the number in base 32. */
public final class AccountId {

  private AccountId() {}

  public static String text(long id) {
    return "A" + Long.toString(id, 32).toUpperCase(Locale.ROOT);
  }

  /** The id that {@code text} stands for; empty when it stands for none. */
  public static OptionalLong parse(String text) {
    if (!text.matches("A[0-9A-V]{1,12}")) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseLong(text.substring(1), 32));
  }
}
