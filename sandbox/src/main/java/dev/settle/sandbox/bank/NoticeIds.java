package dev.settle.sandbox.bank;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Ids of notifications: the same for the same event, without a full stop (the signature's
 * separator), whatever the end-to-end id holds.
 */
final class NoticeIds {
  private static final int BYTES = 18;

  private NoticeIds() {}

  /** The id of what happened to the transfer. */
  static String of(String what, String endToEndId) {
    try {
      byte[] event = (what + "/" + endToEndId).getBytes(StandardCharsets.UTF_8);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(event);
      return "msg_"
          + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
