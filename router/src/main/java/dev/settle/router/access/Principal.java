package dev.settle.router.access;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * Who is calling, as a verified token, signature or certificate says.
 *
 * @param subject the name that deeds are recorded by, in its one spelling
 * @param expiresAt when what he showed is good no more
 * @param scope whose transactions are his
 */
public record Principal(String subject, Role role, Instant expiresAt, Scope scope) {

  /** How the name of a caller begins that signed with an API key; the key's id follows. */
  static final String KEY = "key:";

  /** How the name of a caller begins that showed a certificate; its serial number follows. */
  static final String CERTIFICATE = "certificate:";

  /**
   * The names under which the router itself acts: {@code router}, and {@code rail:} with a rail;
   * and those that it gives to machines.
   */
  private static final Pattern OWN =
      Pattern.compile(
          "\\s*(router|rail:.*|key:.*|certificate:.*)\\s*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** Who sends: the acquirer that the caller speaks for, or, where none is named, the caller. */
  public String acquirer() {
    String acquirerId = scope.acquirerId();
    return acquirerId == null ? subject : acquirerId;
  }

  /** Whether nobody may be called so, because the router's own deeds are recorded by that name. */
  public static boolean isReserved(String subject) {
    return OWN.matcher(subject).matches();
  }
}
