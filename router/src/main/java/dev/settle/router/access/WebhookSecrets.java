package dev.settle.router.access;

import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The secrets that one sender's messages may be signed with, and the check of such a signature:
 * HMAC-SHA256 over {@code id.timestamp.body}, as Standard Webhooks (standardwebhooks.com) has it.
 * Several are good at once, so that a sender can go from one to the next.
 */
public final class WebhookSecrets {

  /** None: nothing that the sender signs is taken. */
  public static final WebhookSecrets NONE = new WebhookSecrets(List.of());

  /** Between a message's time and ours. */
  static final Duration TOLERANCE = Duration.ofMinutes(5);

  private static final String PREFIX = "whsec_";
  private static final int LEAST_BYTES = 24;

  /** No full stop: it ends the id in what is signed. */
  private static final Pattern ID = Pattern.compile("[!-~&&[^.]]{1,64}");

  private static final Pattern SECONDS = Pattern.compile("[1-9][0-9]{0,11}");

  private final List<SecretKeySpec> keys;

  private WebhookSecrets(List<SecretKeySpec> keys) {
    this.keys = List.copyOf(keys);
  }

  /**
   * The secrets in a file, one in a line, base64 of at least 24 bytes, with or without {@code
   * whsec_} before it. Blocking: for start-up. Throws {@link ConfigurationException}, which never
   * shows a secret.
   */
  public static WebhookSecrets inFile(Path file) {
    try {
      return of(Files.readAllLines(file, StandardCharsets.US_ASCII), file.toString());
    } catch (IOException e) {
      throw new ConfigurationException("cannot read the notification secrets " + file);
    }
  }

  static WebhookSecrets of(List<String> lines, String where) {
    List<SecretKeySpec> keys = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).trim();
      if (!line.isEmpty()) {
        keys.add(key(line, where + ", line " + (i + 1)));
      }
    }
    if (keys.isEmpty() || keys.size() > Limits.NOTIFICATION_SECRETS) {
      throw new ConfigurationException(
          where + ": 1 to " + Limits.NOTIFICATION_SECRETS + " secrets are expected");
    }
    return new WebhookSecrets(keys);
  }

  private static SecretKeySpec key(String line, String where) {
    String text = line.startsWith(PREFIX) ? line.substring(PREFIX.length()) : line;
    byte[] key = decoded(text);
    if (key == null || key.length < LEAST_BYTES) {
      throw new ConfigurationException(
          where + ": base64 of at least " + LEAST_BYTES + " bytes is expected");
    }
    return WebhookSignature.key(key);
  }

  private static byte @Nullable [] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }

  boolean isEmpty() {
    return keys.isEmpty();
  }

  /** Whether a message of this id and time is one to look at at all. */
  static boolean isTimely(@Nullable String id, @Nullable String seconds, Instant now) {
    if (id == null || !ID.matcher(id).matches()) {
      return false;
    }
    if (seconds == null || !SECONDS.matcher(seconds).matches()) {
      return false;
    }
    Duration apart = Duration.between(Instant.ofEpochSecond(Long.parseLong(seconds)), now).abs();
    return apart.compareTo(TOLERANCE) <= 0;
  }

  /**
   * Whether one of the signatures was made with one of the secrets. How long it takes does not
   * depend on how much of a signature is right.
   *
   * @param signatures separated by spaces; those of other versions than {@code v1} say nothing
   */
  boolean signed(String id, String seconds, byte[] body, String signatures) {
    boolean good = false;
    String[] each = signatures.split(" ", Limits.NOTIFICATION_SIGNATURES + 1);
    for (SecretKeySpec key : keys) {
      byte[] expected = WebhookSignature.of(key, id, seconds, body);
      for (int i = 0; i < Math.min(each.length, Limits.NOTIFICATION_SIGNATURES); i++) {
        byte[] claimed =
            each[i].startsWith(WebhookSignature.VERSION)
                ? decoded(each[i].substring(WebhookSignature.VERSION.length()))
                : null;
        good |= claimed != null && MessageDigest.isEqual(expected, claimed);
      }
    }
    return good;
  }
}
