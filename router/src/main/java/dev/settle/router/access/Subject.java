package dev.settle.router.access;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a person, in the one spelling that is compared and recorded: that a maker is not the
 * checker must not hang on a capital letter. Issuers that take "Alice" and "alice" for the same
 * login put either into a token.
 */
final class Subject {

  /** Characters; OpenID Connect allows as many. */
  private static final int LONGEST = 255;

  /** Controls, format characters, lone surrogates, separators of lines: nobody's name has them. */
  private static final Pattern INVISIBLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Co}\\p{Cn}]");

  private static final Pattern SPACES = Pattern.compile("[\\p{Z}\\s]+");

  private Subject() {}

  /**
   * The one spelling of a name: compatibility-composed, without spaces around it, single spaces in
   * it, small letters. Null for what is no name.
   */
  static @Nullable String of(String text) {
    if (text.length() > LONGEST || INVISIBLE.matcher(text).find()) {
      return null;
    }
    String composed = Normalizer.normalize(text, Normalizer.Form.NFKC);
    // Capitals first: some letters have two small ones.
    String small = composed.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    String name =
        SPACES.matcher(Normalizer.normalize(small, Normalizer.Form.NFKC)).replaceAll(" ").strip();
    return name.isEmpty() || INVISIBLE.matcher(name).find() ? null : name;
  }
}
