package dev.settle.router.binding;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Mac;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.mac.MacConfig;
import dev.settle.router.platform.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

/**
 * Encrypts account numbers for the database (AES-256-GCM) and hashes them for comparison
 * (HMAC-SHA256), with the Tink keysets of one file: two lines, the first the cipher's keyset as
 * JSON, the second the hash's. The merchant's id is bound into both, so that a cipher text moved to
 * another merchant does not decrypt.
 */
public final class AccountCipher {

  private final Aead aead;
  private final Mac mac;

  private AccountCipher(Aead aead, Mac mac) {
    this.aead = aead;
    this.mac = mac;
  }

  /** Reads the keysets. Blocking: for start-up. */
  public static AccountCipher fromFile(Path keysetFile) {
    try {
      AeadConfig.register();
      MacConfig.register();
      List<String> lines = Files.readString(keysetFile).strip().lines().toList();
      if (lines.size() != 2) {
        throw new ConfigurationException(
            keysetFile + ": two lines with a Tink keyset each are expected");
      }
      return new AccountCipher(
          parse(lines.get(0)).getPrimitive(RegistryConfiguration.get(), Aead.class),
          parse(lines.get(1)).getPrimitive(RegistryConfiguration.get(), Mac.class));
    } catch (GeneralSecurityException | IOException e) {
      throw new ConfigurationException(keysetFile + ": no usable keysets for account numbers");
    }
  }

  private static KeysetHandle parse(String json) throws GeneralSecurityException {
    return TinkJsonProtoKeysetFormat.parseKeyset(
        json, RegistryConfiguration.get(), InsecureSecretKeyAccess.get());
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
   * these keys.
   */
  public AccountNumber decrypt(String merchantId, byte[] cipherText) {
    try {
      return new AccountNumber(
          new String(aead.decrypt(cipherText, bytes(merchantId)), StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot decrypt an account number of " + merchantId, e);
    }
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
