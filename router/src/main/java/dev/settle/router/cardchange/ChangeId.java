package dev.settle.router.cardchange;

import java.util.Locale;
import java.util.OptionalLong;

/** The public text of a card change's id: {@code CC} and the number in base 32. */
public final class ChangeId {

  private ChangeId() {}

  public static String text(long id) {
    return "CC" + Long.toString(id, 32).toUpperCase(Locale.ROOT);
  }

  /** The id that {@code text} stands for; empty when it stands for none. */
  public static OptionalLong parse(String text) {
    if (!text.matches("CC[0-9A-V]{1,12}")) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseLong(text.substring(2), 32));
  }
}
