package dev.settle.router.access;

import org.jspecify.annotations.Nullable;

/**
 * What a request says of its signature, in the one form that is taken: the components of {@link
 * RequestSigner} in their order, then {@code created}, {@code keyid} and {@code nonce}, each once,
 * in any order, and {@code alg="hmac-sha256"} or not. Pure.
 *
 * @param created seconds since 1970
 * @param parameters as they are signed: everything after the label, unchanged
 */
record SignatureInput(long created, String keyId, String nonce, String parameters) {

  private static final String BEGINNING = RequestSigner.LABEL + RequestSigner.COMPONENTS;
  private static final int LONGEST_NUMBER = 12;
  private static final int LONGEST_TEXT = 64;
  private static final int SHORTEST_NONCE = 8;

  /** Null for whatever is not of that form. */
  static @Nullable SignatureInput parse(String header) {
    return header.startsWith(BEGINNING) ? new Parameters(header).read() : null;
  }

  /** Reads parameters by hand: a regular expression would cost more than the signature. */
  private static final class Parameters {
    private final String text;
    private int at = BEGINNING.length();
    private long created = -1;
    private @Nullable String keyId;
    private @Nullable String nonce;
    private boolean algorithm;

    Parameters(String text) {
      this.text = text;
    }

    @Nullable SignatureInput read() {
      while (at < text.length()) {
        if (!parameter()) {
          return null;
        }
      }
      String key = keyId;
      String once = nonce;
      return created < 0 || key == null || once == null || once.length() < SHORTEST_NONCE
          ? null
          : new SignatureInput(created, key, once, text.substring(RequestSigner.LABEL.length()));
    }

    private boolean parameter() {
      if (skip(";created=")) {
        return created < 0 && number();
      }
      if (skip(";keyid=")) {
        return keyId == null && (keyId = string()) != null;
      }
      if (skip(";nonce=")) {
        return nonce == null && (nonce = string()) != null;
      }
      if (!algorithm && skip(";alg=\"hmac-sha256\"")) {
        algorithm = true;
        return true;
      }
      return false;
    }

    private boolean skip(String expected) {
      boolean there = text.startsWith(expected, at);
      at += there ? expected.length() : 0;
      return there;
    }

    private boolean number() {
      int from = at;
      long value = 0;
      while (at < text.length() && at - from < LONGEST_NUMBER && isDigit(text.charAt(at))) {
        value = value * 10 + text.charAt(at) - '0';
        at++;
      }
      created = value;
      return at > from && text.charAt(from) != '0';
    }

    private @Nullable String string() {
      if (!skip("\"")) {
        return null;
      }
      int from = at;
      while (at < text.length() && at - from < LONGEST_TEXT && isPlain(text.charAt(at))) {
        at++;
      }
      String value = text.substring(from, at);
      return !value.isEmpty() && skip("\"") ? value : null;
    }

    private static boolean isDigit(char c) {
      return c >= '0' && c <= '9';
    }

    private static boolean isPlain(char c) {
      return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_';
    }
  }
}
