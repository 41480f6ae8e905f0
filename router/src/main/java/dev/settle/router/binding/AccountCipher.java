package dev.settle.router.binding;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Mac;
import dev.settle.router.keys.AccountKeyset;
import dev.settle.router.platform.ConfigurationException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Encrypts account numbers for the database (AES-256-GCM) and hashes them for comparison
 * (HMAC-SHA256), with the keysets of one {@link AccountKeyset} file. The merchant's id is bound
 * into both, so that a cipher text moved to another merchant does not decrypt. A cipher text begins
 * with Tink's prefix, a byte 1 and the id of its key in four bytes.
 */
public final class AccountCipher {

  /** Bytes before what is encrypted that say under which key. */
  public static final int PREFIX_BYTES = 5;

  private static final byte PREFIX = 1;

  private final AccountKeyset keys;
  private final Aead aead;
  private final Mac mac;

  private AccountCipher(AccountKeyset keys, Aead aead, Mac mac) {
    this.keys = keys;
    this.aead = aead;
    this.mac = mac;
  }

  /** Reads the keysets. Blocking: for start-up. */
  public static AccountCipher fromFile(Path keysetFile) {
    AccountKeyset keys = AccountKeyset.read(keysetFile);
    try {
      return new AccountCipher(keys, keys.cipher(), keys.hash());
    } catch (GeneralSecurityException e) {
      throw new ConfigurationException(
          keysetFile + ": its keysets are not for encrypting and hashing");
    }
  }

  public byte[] encrypt(String merchantId, AccountNumber number) {
    try {
      return aead.encrypt(bytes(number.reveal()), bytes(merchantId));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot encrypt an account number", e);
    }
  }

  /**
   * Throws {@link IllegalStateException} when the cipher text is not this merchant's or not under
   * these keys; the message says which.
   */
  public AccountNumber decrypt(String merchantId, byte[] cipherText) {
    try {
      return new AccountNumber(
          new String(aead.decrypt(cipherText, bytes(merchantId)), StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "cannot decrypt an account number of " + merchantId + ": " + why(cipherText), e);
    }
  }

  private String why(byte[] cipherText) {
    if (cipherText.length < PREFIX_BYTES || cipherText[0] != PREFIX) {
      return "this is no cipher text";
    }
    int key = keyOf(cipherText);
    return knows(key)
        ? "the cipher text is another merchant's, or was changed"
        : unknown(key)
            + ": give this node the keyset file that has it, and start it again"
            + " (docs/operating/keys.md)";
  }

  /** Says of a key that the keyset file does not have it, and which it has. */
  public String unknown(int key) {
    return "it is under key "
        + Integer.toUnsignedString(key)
        + ", and the keyset file has only "
        + keys.keys().stream().map(AccountKeyset.Key::text).collect(Collectors.joining(", "));
  }

  /** The id of the key that a cipher text was made with; any number for what is none. */
  public static int keyOf(byte[] cipherText) {
    return cipherText.length < PREFIX_BYTES ? 0 : ByteBuffer.wrap(cipherText, 1, 4).getInt();
  }

  public boolean knows(int key) {
    return keys.keys().stream().anyMatch(known -> known.id() == key);
  }

  /** The keys there are, the oldest first. */
  public List<AccountKeyset.Key> keys() {
    return keys.keys();
  }

  /** What every cipher text that is made now begins with. */
  public byte[] prefix() {
    int primary =
        keys.keys().stream().filter(AccountKeyset.Key::primary).findFirst().orElseThrow().id();
    return ByteBuffer.allocate(PREFIX_BYTES).put(PREFIX).putInt(primary).array();
  }

  public byte[] hash(String merchantId, AccountNumber number) {
    try {
      return mac.computeMac(bytes(merchantId + '\n' + number.reveal()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot hash an account number", e);
    }
  }

  /**
   * Encrypts another secret under the same keys, for one purpose: it opens for no other.
   *
   * @param purpose what it is and whose; no merchant is called so, because no merchant's id has a
   *     slash
   */
  public byte[] seal(String purpose, byte[] secret) {
    try {
      return aead.encrypt(secret, bytes(sealed(purpose)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot encrypt a secret", e);
    }
  }

  /** What was sealed for this purpose; throws {@link IllegalStateException} for anything else. */
  public byte[] open(String purpose, byte[] cipherText) {
    try {
      return aead.decrypt(cipherText, bytes(sealed(purpose)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot decrypt the secret " + purpose, e);
    }
  }

  private static String sealed(String purpose) {
    return "sealed/" + purpose;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
