package dev.settle.router.access;

import static dev.settle.router.access.Refusals.refusal;

import dev.settle.router.platform.Limits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the claims of a token must say; its signature is somebody else's business. Pure.
 *
 * @param issuer {@code iss}, exactly
 * @param audience {@code aud}, or one of several
 * @param roleClaim where the role stands, with {@code /} between the names of nested claims
 * @param longest from {@code iat}, or else from now, to {@code exp}
 */
record TokenRules(String issuer, String audience, String roleClaim, Duration longest) {

  /** The last second that {@link Instant} and everybody else can write: year 9999. */
  private static final long LAST_SECOND = 253_402_300_799L;

  /**
   * Who a token with these claims speaks for.
   *
   * @throws dev.settle.router.platform.ProblemException that says why it is not taken
   */
  Principal judge(JsonObject claims, Instant now) {
    if (!issuer.equals(claims.getValue("iss")) || !isForUs(claims.getValue("aud"))) {
      throw refusal(Refusals.TOKEN_NOT_FOR_US);
    }
    long expires = seconds(claims, "exp").orElseThrow(TokenRules::claims);
    requireTimely(claims, expires, now.getEpochSecond());
    Role role = role(claims);
    return new Principal(
        subject(claims), role, Instant.ofEpochSecond(expires), scope(claims, role));
  }

  private void requireTimely(JsonObject claims, long expires, long now) {
    if (expires <= now) {
      throw refusal(Refusals.TOKEN_EXPIRED);
    }
    long notBefore = seconds(claims, "nbf").orElse(Long.MIN_VALUE);
    long issued = seconds(claims, "iat").orElse(now);
    if (Math.max(notBefore, issued) > now + Limits.TOKEN_CLOCK_SKEW.toSeconds()) {
      throw refusal(Refusals.TOKEN_NOT_YET_VALID);
    }
    if (expires - Math.max(issued, 0) > longest.toSeconds()) {
      throw refusal(Refusals.TOKEN_TOO_LONG);
    }
  }

  private boolean isForUs(@Nullable Object audiences) {
    return audiences instanceof JsonArray several
        ? several.contains(audience)
        : audience.equals(audiences);
  }

  /** A time in seconds; a claim of this name that is none is refused. */
  private static Optional<Long> seconds(JsonObject claims, String name) {
    Object value = claims.getValue(name);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof Number number
        && number.doubleValue() >= 0
        && number.doubleValue() <= LAST_SECOND) {
      return Optional.of(number.longValue());
    }
    throw claims();
  }

  private static String subject(JsonObject claims) {
    String subject = claims.getValue("sub") instanceof String text ? Subject.of(text) : null;
    if (subject == null || Principal.isReserved(subject)) {
      throw claims();
    }
    return subject;
  }

  /** Of a list exactly one entry may be one of our roles; an issuer has others beside them. */
  private Role role(JsonObject claims) {
    Object here = claims;
    for (String name : roleClaim.split("/")) {
      here = here instanceof JsonObject object ? object.getValue(name) : null;
    }
    List<Object> named = here instanceof JsonArray several ? several.getList() : one(here);
    Set<Role> roles = new HashSet<>();
    for (Object name : named) {
      if (name instanceof String text) {
        Role.parse(text).ifPresent(roles::add);
      }
    }
    if (roles.size() != 1) {
      throw claims();
    }
    return roles.iterator().next();
  }

  private static List<Object> one(@Nullable Object value) {
    return value == null ? List.of() : List.of(value);
  }

  /** A terminal speaks for its acquirer and nobody else does, whatever his token says. */
  private static Scope scope(JsonObject claims, Role role) {
    Object acquirer = claims.getValue("acquirer");
    Object merchants = claims.getValue("merchants");
    if (role != Role.TERMINAL && acquirer == null && merchants == null) {
      return Scope.ALL;
    }
    if (role != Role.TERMINAL || !(acquirer instanceof String acquirerId)) {
      throw claims();
    }
    try {
      return new Scope(acquirerId, merchants == null ? Set.of() : texts(merchants));
    } catch (IllegalArgumentException noIds) {
      throw claims();
    }
  }

  /** An empty list names no merchant; it does not mean all of them. */
  private static Set<String> texts(Object list) {
    if (!(list instanceof JsonArray several)
        || several.isEmpty()
        || several.size() > Limits.SCOPE_MERCHANTS) {
      throw claims();
    }
    List<String> texts = new ArrayList<>();
    for (Object entry : several) {
      texts.add(entry instanceof String text ? text : "");
    }
    return new HashSet<>(texts);
  }

  private static RuntimeException claims() {
    return refusal(Refusals.TOKEN_CLAIMS);
  }
}
