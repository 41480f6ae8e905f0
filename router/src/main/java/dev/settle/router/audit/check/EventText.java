package dev.settle.router.audit.check;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text of an event that its link's hash is over, and that hash; the same as {@code audit_text}
 * and {@code link_audit} in the database, with which it shares no code.
 */
final class EventText {

  private EventText() {}

  /** What comes before the first link. */
  static byte[] beginning() {
    return sha256().digest("settle audit".getBytes(StandardCharsets.UTF_8));
  }

  /** The hash of a link: over the hash before it, and the columns of its event. */
  static byte[] hash(byte[] before, List<@Nullable String> columns) {
    MessageDigest digest = sha256();
    digest.update(before);
    Iterator<@Nullable String> each = columns.iterator();
    while (each.hasNext()) {
      add(digest, each.next());
      if (each.hasNext()) {
        digest.update((byte) ',');
      }
    }
    return digest.digest();
  }

  private static void add(MessageDigest digest, @Nullable String column) {
    if (column == null) {
      digest.update((byte) '-');
      return;
    }
    byte[] bytes = column.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
