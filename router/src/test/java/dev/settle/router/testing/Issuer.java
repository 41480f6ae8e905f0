package dev.settle.router.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;

/**
 * Somebody else who signs tokens, with one key pair: made by hand, so that it can be made wrong.
 */
public final class Issuer {

  public static final String NAME = "https://login.example";

  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final String keyId;
  private final KeyPair keys;
  private final String algorithm;

  private Issuer(String keyId, KeyPair keys, String algorithm) {
    this.keyId = keyId;
    this.keys = keys;
    this.algorithm = algorithm;
  }

  public static Issuer rsa(String keyId, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return new Issuer(keyId, generator.generateKeyPair(), "RS256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Issuer ec(String keyId) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return new Issuer(keyId, generator.generateKeyPair(), "ES256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The public key as a JWK. */
  public JsonObject publicKey() {
    JsonObject key = new JsonObject().put("kid", keyId);
    if (keys.getPublic() instanceof RSAPublicKey rsa) {
      return key.put("kty", "RSA")
          .put("n", unsigned(rsa.getModulus(), 0))
          .put("e", unsigned(rsa.getPublicExponent(), 0));
    }
    ECPublicKey ec = (ECPublicKey) keys.getPublic();
    return key.put("kty", "EC")
        .put("crv", "P-256")
        .put("x", unsigned(ec.getW().getAffineX(), 32))
        .put("y", unsigned(ec.getW().getAffineY(), 32));
  }

  /** What a signature with the public key taken for a shared secret would be made with. */
  public byte[] publicBytes() {
    return keys.getPublic().getEncoded();
  }

  /** The JWK Set of these. */
  public static String keySet(Issuer... issuers) {
    JsonArray all = new JsonArray();
    for (Issuer issuer : issuers) {
      all.add(issuer.publicKey());
    }
    return new JsonObject().put("keys", all).encode();
  }

  /** Claims that are taken. */
  public static JsonObject claims() {
    long now = Instant.now().getEpochSecond();
    return new JsonObject()
        .put("iss", NAME)
        .put("aud", "settlement-router")
        .put("sub", "Ada")
        .put("role", "auditor")
        .put("iat", now)
        .put("exp", now + 600);
  }

  public String token(JsonObject claims) {
    return token(new JsonObject().put("alg", algorithm).put("kid", keyId), claims);
  }

  /** With this very header, whatever it says. */
  public String token(JsonObject header, JsonObject claims) {
    String signed = encoded(header) + "." + encoded(claims);
    try {
      Signature signature =
          Signature.getInstance(
              algorithm.equals("RS256") ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
      signature.initSign(keys.getPrivate());
      signature.update(signed.getBytes(UTF_8));
      return signed + "." + BASE64.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String encoded(JsonObject json) {
    return BASE64.encodeToString(json.encode().getBytes(UTF_8));
  }

  private static String unsigned(BigInteger number, int length) {
    byte[] bytes = number.toByteArray();
    int from = bytes[0] == 0 && bytes.length > 1 ? 1 : 0;
    byte[] padded = new byte[Math.max(length, bytes.length - from)];
    System.arraycopy(bytes, from, padded, padded.length - bytes.length + from, bytes.length - from);
    return BASE64.encodeToString(padded);
  }
}
