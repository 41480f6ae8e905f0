package dev.settle.router.audit;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a node records of itself or of a caller. Nothing in it is a secret, a token, a signature or
 * an account number.
 *
 * @param actor the subject of the token or the id of the key; {@code anonymous} where there is none
 * @param role in tokens' words; empty where there is none
 * @param object what it is about: {@code merchant M000001}, or the route's name
 * @param reason why; null where nobody says
 * @param from the caller's address
 * @param detail more, by name
 */
public record AuditEvent(
    AuditAction action,
    String actor,
    String role,
    String object,
    @Nullable String reason,
    String from,
    Map<String, String> detail) {

  /** Who has shown no name. */
  public static final String ANONYMOUS = "anonymous";

  public AuditEvent {
    if (!action.toldByNodes()) {
      throw new IllegalArgumentException(action + " is the database's to record");
    }
    detail = Map.copyOf(detail);
  }

  /**
   * A call was refused.
   *
   * @param route what was called
   * @param why the code of the answer
   */
  public static AuditEvent refusal(
      String actor, String role, String route, String why, String from) {
    return new AuditEvent(AuditAction.ACCESS_REFUSED, actor, role, route, why, from, Map.of());
  }
}
