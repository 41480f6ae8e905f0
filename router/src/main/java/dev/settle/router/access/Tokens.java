package dev.settle.router.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Limits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Mints and verifies the bearer tokens of people, terminals and banks: JWTs signed with HMAC-SHA256
 * under one shared key. A verified token is remembered until it expires, so that its signature is
 * checked once and not for every call.
 */
public final class Tokens {

  private static final String ISSUER = "settlement-router";
  private static final int MIN_KEY_BYTES = 32;

  private final JWTAuth jwt;
  private final Clock clock;
  private final Cache<String, Principal> verified =
      Caffeine.newBuilder().maximumSize(Limits.REMEMBERED_TOKENS).build();

  private Tokens(JWTAuth jwt, Clock clock) {
    this.jwt = jwt;
    this.clock = clock;
  }

  /** Uses the key in {@code secretFile}, at least 32 bytes. Blocking: for start-up. */
  public static Tokens withKey(Vertx vertx, Path secretFile, Clock clock) {
    byte[] key;
    try {
      key = Files.readAllBytes(secretFile);
    } catch (IOException e) {
      throw new ConfigurationException("cannot read the token key " + secretFile);
    }
    if (key.length < MIN_KEY_BYTES) {
      throw new ConfigurationException(
          "the token key " + secretFile + " is shorter than " + MIN_KEY_BYTES + " bytes");
    }
    JWTAuthOptions options =
        new JWTAuthOptions()
            .addPubSecKey(
                new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(Buffer.buffer(key)))
            .setJWTOptions(new JWTOptions().setIssuer(ISSUER).addAudience(ISSUER));
    return new Tokens(JWTAuth.create(vertx, options), clock);
  }

  /**
   * A signed token for {@code subject} in {@code role}.
   *
   * @throws ConfigurationException for a name that the router keeps for itself
   */
  public String mint(Role role, String subject, Duration validity) {
    if (Principal.isReserved(subject)) {
      throw new ConfigurationException("the subject " + subject + " is the router's own name");
    }
    return jwt.generateToken(
        new JsonObject().put("sub", subject).put("role", role.text()),
        new JWTOptions()
            .setAlgorithm("HS256")
            .setIssuer(ISSUER)
            .addAudience(ISSUER)
            .setExpiresInSeconds((int) validity.toSeconds()));
  }

  /**
   * Who the token speaks for, if it has been verified before and has not expired; null otherwise.
   */
  public @Nullable Principal remembered(String token) {
    Principal principal = verified.getIfPresent(token);
    return principal != null && principal.expiresAt().isAfter(clock.instant()) ? principal : null;
  }

  /**
   * Verifies the token and remembers it. Fails when it is forged, expired, names no subject, role
   * or expiry, or a subject that is the router itself.
   */
  public Future<Principal> verify(String token) {
    // Inside of the chain: claims of the wrong type throw.
    return Future.succeededFuture(new TokenCredentials(token))
        .compose(jwt::authenticate)
        .map(Tokens::principal)
        .onSuccess(principal -> verified.put(token, principal));
  }

  private static Principal principal(User user) {
    JsonObject claims = user.attributes().getJsonObject("accessToken", new JsonObject());
    String subject = claims.getValue("sub") instanceof String text ? text : null;
    Long expires = claims.getLong("exp");
    if (subject == null || subject.isBlank() || expires == null) {
      throw new IllegalArgumentException("a token needs sub and exp");
    }
    if (Principal.isReserved(subject)) {
      throw new IllegalArgumentException("the subject is the router's own name");
    }
    Role role =
        Role.parse(claims.getString("role", ""))
            .orElseThrow(() -> new IllegalArgumentException("a token needs a role"));
    return new Principal(subject, role, Instant.ofEpochSecond(expires));
  }
}
