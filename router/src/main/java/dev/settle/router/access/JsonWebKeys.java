package dev.settle.router.access;

import dev.settle.router.platform.Limits;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of an issuer of tokens, as its JWK Set (RFC 7517) has them: RSA of 2,048 bits and
 * more for RS256, P-256 for ES256, each with an id. Each is bound to its algorithm here, so that no
 * token can choose another for it; keys of other kinds are left out. Pure.
 */
final class JsonWebKeys {

  static final String RS256 = "RS256";
  static final String ES256 = "ES256";
  private static final int LEAST_BITS = 2_048;
  private static final int MOST_BITS = 8_192;

  private JsonWebKeys() {}

  /**
   * The keys that are of use, in a form that has their kind, id, algorithm and public part alone.
   *
   * @throws IllegalArgumentException when the document is none, has none of use, too many, or what
   *     must not be in it: a secret or private key
   */
  static List<JsonObject> read(String document) {
    JsonArray keys = keys(document);
    if (keys.size() > Limits.JWKS_KEYS) {
      throw new IllegalArgumentException("more than " + Limits.JWKS_KEYS + " keys");
    }
    List<JsonObject> found = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Object entry : keys) {
      JsonObject key = entry instanceof JsonObject object ? usable(object) : null;
      if (key != null) {
        if (!ids.add(key.getString("kid"))) {
          throw new IllegalArgumentException("two keys have the same id");
        }
        found.add(key);
      }
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "no key of use: RSA of 2048 bits for RS256 or P-256 for ES256, with an id");
    }
    return found;
  }

  private static JsonArray keys(String document) {
    try {
      if (new JsonObject(document).getValue("keys") instanceof JsonArray keys) {
        return keys;
      }
    } catch (DecodeException notJson) {
      // Said below.
    }
    throw new IllegalArgumentException("a JWK Set is expected: a JSON object with keys");
  }

  private static @Nullable JsonObject usable(JsonObject key) {
    for (String secret : List.of("d", "k", "p", "q")) {
      if (key.containsKey(secret)) {
        throw new IllegalArgumentException("a secret or private key is among them");
      }
    }
    Object use = key.getValue("use");
    if (!(key.getValue("kid") instanceof String id) || id.isEmpty() || !isOr(use, "sig")) {
      return null;
    }
    Object algorithm = key.getValue("alg");
    if (Objects.equals(key.getValue("kty"), "RSA")) {
      return isOr(algorithm, RS256) && isStrong(key) ? copy(key, RS256, "n", "e") : null;
    }
    return Objects.equals(key.getValue("kty"), "EC")
            && Objects.equals(key.getValue("crv"), "P-256")
            && isOr(algorithm, ES256)
        ? copy(key, ES256, "crv", "x", "y")
        : null;
  }

  private static boolean isOr(@Nullable Object value, String expected) {
    return value == null || value.equals(expected);
  }

  private static boolean isStrong(JsonObject key) {
    try {
      byte[] modulus = Base64.getUrlDecoder().decode(String.valueOf(key.getValue("n")));
      int bits = new BigInteger(1, modulus).bitLength();
      return bits >= LEAST_BITS && bits <= MOST_BITS;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  private static @Nullable JsonObject copy(JsonObject key, String algorithm, String... members) {
    JsonObject copy =
        new JsonObject()
            .put("kty", key.getString("kty"))
            .put("kid", key.getString("kid"))
            .put("alg", algorithm);
    for (String member : members) {
      if (!(key.getValue(member) instanceof String text)) {
        return null;
      }
      copy.put(member, text);
    }
    return copy;
  }
}
