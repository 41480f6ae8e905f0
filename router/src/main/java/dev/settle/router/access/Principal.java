package dev.settle.router.access;

import java.time.Instant;
import java.util.regex.Pattern;

/** Who is calling, as a verified token says. */
public record Principal(String subject, Role role, Instant expiresAt) {

  /**
   * The names under which the router itself acts: {@code router}, and {@code rail:} with a rail.
   */
  private static final Pattern OWN =
      Pattern.compile("\\s*(router|rail:.*)\\s*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** Whether nobody may be called so, because the router's own deeds are recorded by that name. */
  public static boolean isReserved(String subject) {
    return OWN.matcher(subject).matches();
  }
}
