package dev.settle.router.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.settle.router.platform.AccessSettings;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Mints and verifies bearer tokens: JWTs signed with HMAC-SHA256 under the node's own key, or with
 * RS256 or ES256 by an issuer whose public keys are known. Which of the two checks a token is
 * decided by its algorithm, and each has keys of its own kind alone, its issuer and its audience:
 * none can be passed off as the other. A verified token is remembered until it expires, so that its
 * signature is checked once and not for every call.
 */
public final class Tokens {

  private static final String HS256 = "HS256";
  private static final int MIN_KEY_BYTES = 32;

  /** Base64url, three parts, all there: libraries cut empty ones off. */
  private static final Pattern SHAPE = Pattern.compile("[\\w-]+\\.[\\w-]+\\.[\\w-]+");

  private final JWTAuth own;
  private final TokenRules ownRules;
  private final @Nullable IssuerKeys issuer;
  private final TokenRules issuerRules;
  private final Clock clock;
  private final Cache<String, Principal> verified =
      Caffeine.newBuilder().maximumSize(Limits.REMEMBERED_TOKENS).build();

  private Tokens(Vertx vertx, JWTAuth own, AccessSettings settings, Clock clock) {
    this.own = own;
    this.clock = clock;
    this.ownRules =
        new TokenRules(
            AccessSettings.OWN_NAME, AccessSettings.OWN_NAME, "role", settings.longestToken());
    this.issuerRules =
        new TokenRules(
            settings.issuer(), settings.audience(), settings.roleClaim(), settings.longestToken());
    String jwks = settings.jwks();
    this.issuer =
        jwks == null
            ? null
            : new IssuerKeys(vertx, JwksSource.of(vertx, jwks), verified::invalidateAll);
  }

  /** Uses the key in {@code secretFile}, at least 32 bytes. Blocking: for start-up. */
  public static Tokens withKey(Vertx vertx, Path secretFile, Clock clock) {
    return new Tokens(vertx, own(vertx, secretFile), AccessSettings.DEMO, clock);
  }

  /** As a node's settings say. Blocking: for start-up. */
  public static Tokens of(Vertx vertx, Path secretFile, AccessSettings settings, Clock clock) {
    Tokens tokens = new Tokens(vertx, own(vertx, secretFile), settings, clock);
    if (tokens.issuer != null) {
      tokens.issuer.start();
    }
    return tokens;
  }

  private static JWTAuth own(Vertx vertx, Path secretFile) {
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
    return JWTAuth.create(
        vertx,
        new JWTAuthOptions()
            .addPubSecKey(new PubSecKeyOptions().setAlgorithm(HS256).setBuffer(Buffer.buffer(key)))
            .setJWTOptions(signaturesAlone()));
  }

  /**
   * Lets the library check signatures and nothing else: what it says of claims is text alone, and
   * {@link TokenRules} says it with a code. With any leeway there is no time that it refuses.
   */
  static JWTOptions signaturesAlone() {
    return new JWTOptions().setIgnoreExpiration(true).setLeeway(Integer.MAX_VALUE);
  }

  /**
   * A signed token for a person or a bank.
   *
   * @throws ConfigurationException for a name that is none, or that the router keeps for itself
   */
  public String mint(Role role, String subject, Duration validity) {
    return mint(role, subject, Scope.ALL, validity);
  }

  /**
   * A signed token for {@code subject} in {@code role}.
   *
   * @param scope whose transactions a terminal may submit and see; {@link Scope#ALL} for all others
   * @throws ConfigurationException for a name that is none, or that the router keeps for itself,
   *     and for a scope that the role does not have
   */
  public String mint(Role role, String subject, Scope scope, Duration validity) {
    if (Subject.of(subject) == null) {
      throw new ConfigurationException("the subject is no name");
    }
    if (Principal.isReserved(subject)) {
      throw new ConfigurationException("the subject " + subject + " is the router's own name");
    }
    if ((role == Role.TERMINAL) == (scope.acquirerId() == null)) {
      throw new ConfigurationException(
          "a token of a terminal names its acquirer, and no other token does");
    }
    JsonObject claims = new JsonObject().put("sub", subject).put("role", role.text());
    if (scope.acquirerId() != null) {
      claims.put("acquirer", scope.acquirerId());
    }
    if (!scope.merchants().isEmpty()) {
      claims.put("merchants", new JsonArray(scope.merchants().stream().sorted().toList()));
    }
    return own.generateToken(
        claims,
        new JWTOptions()
            .setAlgorithm(HS256)
            .setIssuer(AccessSettings.OWN_NAME)
            .addAudience(AccessSettings.OWN_NAME)
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
   * Verifies the token and remembers it. Fails with a {@link ProblemException} that says what is
   * wrong with it.
   */
  public Future<Principal> verify(String token) {
    JsonObject head = head(token);
    Object algorithm = head == null ? null : head.getValue("alg");
    if (head == null || algorithm == null || head.containsKey("crit")) {
      return Future.failedFuture(invalid());
    }
    if (algorithm.equals(HS256)) {
      return verify(token, own, ownRules);
    }
    boolean isIssuers = algorithm.equals(JsonWebKeys.RS256) || algorithm.equals(JsonWebKeys.ES256);
    if (isIssuers && issuer != null && head.getValue("kid") instanceof String keyId) {
      return issuer.of(keyId).compose(keys -> verify(token, keys, issuerRules));
    }
    return Future.failedFuture(invalid());
  }

  private Future<Principal> verify(String token, JWTAuth signatures, TokenRules rules) {
    Instant now = clock.instant();
    // Inside of the chain: claims of the wrong type throw.
    return Future.succeededFuture(new TokenCredentials(token))
        .compose(signatures::authenticate)
        .recover(forged -> Future.failedFuture(invalid()))
        .map(Tokens::claims)
        .map(claims -> rules.judge(claims, now))
        .onSuccess(principal -> verified.put(token, principal));
  }

  private static JsonObject claims(User user) {
    return user.attributes().getJsonObject("accessToken", new JsonObject());
  }

  /** The token's header, or null when it has none. */
  private static @Nullable JsonObject head(String token) {
    if (!SHAPE.matcher(token).matches()) {
      return null;
    }
    try {
      String head = token.substring(0, token.indexOf('.'));
      return new JsonObject(
          new String(Base64.getUrlDecoder().decode(head), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException | DecodeException notBase64OrJson) {
      return null;
    }
  }

  private static ProblemException invalid() {
    return Refusals.refusal(Refusals.TOKEN_INVALID);
  }
}
