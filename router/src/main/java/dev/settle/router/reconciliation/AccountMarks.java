package dev.settle.router.reconciliation;

import dev.settle.router.binding.AccountNumber;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Stands in for account numbers where two are compared: equal for equal numbers, and under a key
 * that lives in this process for one run, so that no number is written to the database's disk, not
 * even for a moment.
 */
final class AccountMarks {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES = 32;

  /** As many as keep two of a bank's accounts apart for sure. */
  private static final int MARK_BYTES = 16;

  private final Mac mac;

  AccountMarks() {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM lacks " + ALGORITHM, e);
    }
  }

  String of(AccountNumber number) {
    byte[] mark = mac.doFinal(number.reveal().getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(Arrays.copyOf(mark, MARK_BYTES));
  }
}
