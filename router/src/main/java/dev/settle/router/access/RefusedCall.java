package dev.settle.router.access;

import java.util.List;

/**
 * A call that was refused for who made it.
 *
 * @param code the problem's
 * @param actor whose token, key or certificate it was, if that is proved or claimed; else {@code
 *     anonymous}
 * @param role his, or empty
 * @param object the route's name in {@link Route}
 * @param from the address it came from
 */
public record RefusedCall(String code, String actor, String role, String object, String from) {

  public static final String ANONYMOUS = "anonymous";

  /** The code of a connection that was refused for its client certificate, before any call. */
  public static final String HANDSHAKE = "certificate-refused";

  /** Every code there is. */
  public static List<String> codes() {
    return Refusals.CODES;
  }
}
