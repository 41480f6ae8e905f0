package dev.settle.router.access;

import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Problem;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * Checks the signatures of requests on one event loop. What is computed with is kept: a {@link Mac}
 * that has its key for each of the keys used last, the digest, and the bytes that are signed; a
 * request costs two hashes of little text and no allocation to speak of.
 *
 * <p>In this order, each cheaper than what it saves: the form, the time, the key, the signature,
 * whether it was seen before. The body comes afterwards, and its digest is signed.
 */
final class RequestSignatures {

  static final String INPUT = "Signature-Input";
  static final String SIGNATURE = "Signature";
  static final String DIGEST = "Content-Digest";

  private static final int HASH_BYTES = 32;
  private static final int HASH_TEXT = 44;

  private final ApiKeys keys;
  private final SeenSignatures seen;
  private final Clock clock;
  private final MessageDigest sha256 = RequestSigner.newSha256();
  private final Map<String, Ready> ready =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Ready> eldest) {
          return size() > Limits.API_KEYS_READY;
        }
      };
  private byte[] base = new byte[1_024];
  private int length;

  /** A key, and what computes with it. */
  private record Ready(ApiKey key, Mac mac) {}

  /**
   * What a check gave.
   *
   * @param refusal why it is not taken; null: it is
   * @param caller who signed; where that is not proved, who claims to have; null: nobody knows
   * @param digest the SHA-256 that the body must have
   * @param first whether the key was not used here lately
   */
  record Checked(
      @Nullable Problem refusal, @Nullable Principal caller, byte[] digest, boolean first) {}

  RequestSignatures(ApiKeys keys, SeenSignatures seen, Clock clock) {
    this.keys = keys;
    this.seen = seen;
    this.clock = clock;
  }

  /** Whether the request says that it is signed. */
  static boolean isSigned(HttpServerRequest request) {
    MultiMap headers = request.headers();
    return headers.contains(INPUT) || headers.contains(SIGNATURE);
  }

  Checked check(HttpServerRequest request) {
    String input = only(request, INPUT);
    String stated = only(request, SIGNATURE);
    String digestText = only(request, DIGEST);
    SignatureInput parsed = input == null ? null : SignatureInput.parse(input);
    byte[] signature = stated == null ? null : decoded(stated, RequestSigner.LABEL + ":");
    byte[] digest = digestText == null ? null : decoded(digestText, RequestSigner.DIGEST);
    if (parsed == null || signature == null || digest == null || digestText == null) {
      return refused(Refusals.SIGNATURE_MALFORMED, null);
    }
    Instant now = clock.instant();
    long late = now.getEpochSecond() - parsed.created();
    long window = Limits.SIGNATURE_WINDOW.toSeconds();
    ApiKey key = keys.find(parsed.keyId());
    if (late > window || late < -window) {
      return refused(late > 0 ? Refusals.SIGNATURE_EXPIRED : Refusals.SIGNATURE_NOT_YET_VALID, key);
    }
    if (key == null || !key.isGood(now)) {
      return refused(Refusals.KEY_UNKNOWN, key);
    }
    boolean first = !ready.containsKey(key.keyId());
    if (!MessageDigest.isEqual(hmac(key, request, digestText, parsed.parameters()), signature)) {
      return refused(Refusals.SIGNATURE_INVALID, key);
    }
    return switch (seen.remember(bits(signature), parsed.created())) {
      case NEW -> new Checked(null, key.principal(), digest, first);
      case BEFORE -> refused(Refusals.SIGNATURE_REPLAYED, key);
      case NO_ROOM -> refused(Refusals.SIGNATURES_FULL, key);
    };
  }

  /** Whether the body is the one whose digest was signed. */
  boolean isBody(byte[] body, byte[] digest) {
    return MessageDigest.isEqual(sha256.digest(body), digest);
  }

  private static Checked refused(Problem problem, @Nullable ApiKey key) {
    return new Checked(problem, key == null ? null : key.principal(), new byte[0], false);
  }

  /** A header that stands exactly once: of two, a proxy might look at the other. */
  private static @Nullable String only(HttpServerRequest request, String name) {
    List<String> all = request.headers().getAll(name);
    return all.size() == 1 ? all.get(0) : null;
  }

  /** The hash in {@code before}, its base64, and a colon. */
  private static byte @Nullable [] decoded(String text, String before) {
    int end = before.length() + HASH_TEXT;
    if (text.length() != end + 1 || !text.startsWith(before) || text.charAt(end) != ':') {
      return null;
    }
    try {
      byte[] hash = Base64.getDecoder().decode(text.substring(before.length(), end));
      return hash.length == HASH_BYTES ? hash : null;
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }

  private static long bits(byte[] signature) {
    long bits = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      bits = bits << Byte.SIZE | signature[i] & 0xFF;
    }
    return bits;
  }

  private byte[] hmac(ApiKey key, HttpServerRequest request, String digest, String parameters) {
    length = 0;
    append("\"@method\": ");
    append(request.method().name());
    append("\n\"@path\": ");
    append(request.path());
    append("\n\"@query\": ?");
    append(request.query());
    append("\n\"content-digest\": ");
    append(digest);
    append("\n\"@signature-params\": ");
    append(parameters);
    Mac mac = mac(key);
    mac.update(base, 0, length);
    return mac.doFinal();
  }

  /** Heads are ASCII; a letter beyond it that came all the same is signed by its low byte. */
  private void append(@Nullable String text) {
    if (text == null) {
      return;
    }
    if (base.length < length + text.length()) {
      base = Arrays.copyOf(base, Math.max(base.length * 2, length + text.length()));
    }
    for (int i = 0; i < text.length(); i++) {
      base[length++] = (byte) text.charAt(i);
    }
  }

  private Mac mac(ApiKey key) {
    Ready known = ready.get(key.keyId());
    if (known == null || known.key != key) {
      known = new Ready(key, keyed(key));
      ready.put(key.keyId(), known);
    }
    return known.mac;
  }

  private static Mac keyed(ApiKey key) {
    try {
      Mac mac = Mac.getInstance(RequestSigner.ALGORITHM);
      mac.init(key.secret());
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + RequestSigner.ALGORITHM, e);
    }
  }
}
