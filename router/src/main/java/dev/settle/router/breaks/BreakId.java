package dev.settle.router.breaks;

import java.util.Locale;
import java.util.OptionalLong;

/** The public text of a break's id: {@code BR} and the number in base 32. */
public final class BreakId {

  private static final int RADIX = 32;

  private BreakId() {}

  public static String text(long id) {
    return "BR" + Long.toString(id, RADIX).toUpperCase(Locale.ROOT);
  }

  /** The id that {@code text} stands for; empty when it stands for none. */
  public static OptionalLong parse(String text) {
    return text.matches("BR[0-9A-V]{1,12}")
        ? OptionalLong.of(Long.parseLong(text.substring(2), RADIX))
        : OptionalLong.empty();
  }
}
