package dev.settle.router.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests as HTTP Message Signatures (RFC 9421) have it, with HMAC-SHA256, in the one form
 * that the router takes: over {@code @method}, {@code @path}, {@code @query} and {@code
 * content-digest} (RFC 9530, SHA-256 of the body, also where there is none), in this order.
 */
public final class RequestSigner {

  /** Java's name for the computation; RFC 9421 calls it {@code hmac-sha256}. */
  static final String ALGORITHM = "HmacSHA256";

  static final String LABEL = "sig1=";
  static final String COMPONENTS = "(\"@method\" \"@path\" \"@query\" \"content-digest\")";
  static final String DIGEST = "sha-256=:";

  private final String keyId;
  private final SecretKeySpec key;

  /**
   * @param keyId as {@code settle key issue} printed it
   * @param secret the bytes that it printed as base64
   */
  public RequestSigner(String keyId, byte[] secret) {
    this.keyId = keyId;
    this.key = new SecretKeySpec(secret, ALGORITHM);
  }

  /**
   * The headers to send with a request, by their names.
   *
   * @param target path and query as they are sent, for example {@code /v1/transactions?stan=000001}
   * @param body empty where there is none
   * @param created seconds since 1970
   * @param nonce anything of 8 to 64 letters, digits, {@code -} and {@code _} that no other request
   *     of the same second has
   */
  public Map<String, String> headers(
      String method, String target, byte[] body, long created, String nonce) {
    String digest = DIGEST + base64(sha256(body)) + ":";
    String parameters =
        COMPONENTS + ";created=" + created + ";keyid=\"" + keyId + "\";nonce=\"" + nonce + "\"";
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Digest", digest);
    headers.put("Signature-Input", LABEL + parameters);
    headers.put(
        "Signature", LABEL + ":" + base64(hmac(base(method, target, digest, parameters))) + ":");
    return headers;
  }

  /** What is signed, line by line. */
  static String base(String method, String target, String digest, String parameters) {
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    String query = question < 0 ? "?" : target.substring(question);
    return "\"@method\": "
        + method
        + "\n\"@path\": "
        + path
        + "\n\"@query\": "
        + query
        + "\n\"content-digest\": "
        + digest
        + "\n\"@signature-params\": "
        + parameters;
  }

  private byte[] hmac(String base) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(base.getBytes(StandardCharsets.ISO_8859_1));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    return newSha256().digest(bytes);
  }

  static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
