package dev.settle.router.access;

import dev.settle.router.platform.Limits;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of the issuer of people's tokens, read every few minutes, and sooner when a token
 * names a key that is not known: a new one, or one that somebody made up; so that is done once in a
 * while and for all who wait together. While the source says nothing, what was read last is
 * believed for some hours. Used by every event loop.
 */
final class IssuerKeys {

  private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);

  private final Vertx vertx;
  private final Supplier<Future<String>> source;
  private final Runnable changed;
  private volatile @Nullable Known known;
  private @Nullable Future<Void> reading;
  private long askedNanos = System.nanoTime() - Limits.JWKS_PAUSE.toNanos();

  /** What was read last, and when it was last seen at its source. */
  private record Known(
      List<JsonObject> keys, Set<String> ids, JWTAuth signatures, long seenNanos) {}

  /**
   * @param source gives the JWK Set
   * @param changed is told when other keys are good than before
   */
  IssuerKeys(Vertx vertx, Supplier<Future<String>> source, Runnable changed) {
    this.vertx = vertx;
    this.source = source;
    this.changed = changed;
  }

  /** Begins to read; does not wait for the first answer: terminals have other credentials. */
  void start() {
    vertx.setPeriodic(Limits.JWKS_EVERY.toMillis(), tick -> read());
    read();
  }

  /**
   * What checks the signature of a token that names this key. Fails with a problem when there is no
   * such key, or when nothing is known of the issuer's keys now. Goes on where it was called from:
   * one reading serves callers of several event loops.
   */
  Future<JWTAuth> of(String keyId) {
    Known now = fresh();
    if (now != null && now.ids.contains(keyId)) {
      return Future.succeededFuture(now.signatures);
    }
    return here(read().otherwiseEmpty()).compose(read -> afterReading(keyId));
  }

  /** The same, heard of in the caller's context and not in that of whoever began it. */
  private Future<Void> here(Future<Void> shared) {
    Context caller = vertx.getOrCreateContext();
    Promise<Void> heard = Promise.promise();
    shared.onComplete(done -> caller.runOnContext(now -> heard.complete()));
    return heard.future();
  }

  private Future<JWTAuth> afterReading(String keyId) {
    Known now = fresh();
    if (now == null) {
      return Future.failedFuture(Refusals.refusal(Refusals.TOKEN_KEYS_AWAY));
    }
    return now.ids.contains(keyId)
        ? Future.succeededFuture(now.signatures)
        : Future.failedFuture(Refusals.refusal(Refusals.TOKEN_INVALID));
  }

  private @Nullable Known fresh() {
    Known now = known;
    return now != null && since(now.seenNanos).compareTo(Limits.JWKS_KEPT) < 0 ? now : null;
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  /** Reads, unless that was done just now; who comes while it is done waits for the same. */
  private synchronized Future<Void> read() {
    if (reading != null) {
      return reading;
    }
    if (since(askedNanos).compareTo(Limits.JWKS_PAUSE) < 0) {
      return Future.succeededFuture();
    }
    askedNanos = System.nanoTime();
    Future<Void> begun =
        source
            .get()
            .timeout(Limits.JWKS_ANSWER.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
            .map(this::take)
            .onFailure(
                failure ->
                    LOG.warn(
                        "the keys of the tokens' issuer were not read: {}", failure.toString()))
            .<Void>mapEmpty();
    reading = begun;
    begun.onComplete(done -> ended());
    return begun;
  }

  private synchronized void ended() {
    reading = null;
  }

  private boolean take(String document) {
    List<JsonObject> keys = JsonWebKeys.read(document);
    Known before = known;
    if (before != null && before.keys.equals(keys)) {
      known = new Known(keys, before.ids, before.signatures, System.nanoTime());
      return false;
    }
    JWTAuthOptions options = new JWTAuthOptions().setJWTOptions(Tokens.signaturesAlone());
    keys.forEach(key -> options.addJwk(key.copy()));
    Set<String> ids =
        keys.stream().map(key -> key.getString("kid")).collect(Collectors.toUnmodifiableSet());
    known = new Known(keys, ids, JWTAuth.create(vertx, options), System.nanoTime());
    changed.run();
    LOG.info("the tokens' issuer has the keys {}", ids);
    return true;
  }
}
