package dev.settle.router.platform;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.mac.MacConfig;
import com.google.crypto.tink.mac.PredefinedMacParameters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Makes keys for the demo and for tests, once for each folder, readable by their owner alone.
 * Blocking.
 */
public final class DemoKeys {

  private DemoKeys() {}

  /** The file with the key that tokens are signed with; made when absent. */
  public static Path tokenSecret(Path directory) throws IOException {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    return writeOnce(directory.resolve("token.key"), HexFormat.of().formatHex(key));
  }

  /** The file with the keysets for account numbers; made when absent. */
  public static Path accountKeyset(Path directory) throws IOException {
    try {
      AeadConfig.register();
      MacConfig.register();
      String cipher =
          json(
              KeysetHandle.generateNew(
                  PredefinedAeadParameters.AES256_GCM, RegistryConfiguration.get()));
      String hash =
          json(
              KeysetHandle.generateNew(
                  PredefinedMacParameters.HMAC_SHA256_256BITTAG, RegistryConfiguration.get()));
      return writeOnce(directory.resolve("account.keyset"), cipher + "\n" + hash + "\n");
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot make keys for account numbers", e);
    }
  }

  /** The file with the secret that the bank signs its notifications with; made when absent. */
  public static Path notificationSecrets(Path directory) throws IOException {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    return writeOnce(
        directory.resolve("notification.secret"),
        "whsec_" + Base64.getEncoder().encodeToString(secret) + "\n");
  }

  private static String json(KeysetHandle keys) throws GeneralSecurityException {
    return TinkJsonProtoKeysetFormat.serializeKeyset(
            keys, RegistryConfiguration.get(), InsecureSecretKeyAccess.get())
        .replace("\n", "");
  }

  /**
   * Whole or not at all: two processes may start at once, and the first to move its file into place
   * wins.
   */
  private static Path writeOnce(Path file, String content) throws IOException {
    if (Files.exists(file)) {
      return file;
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    var onlyOwner =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Path part = Files.createTempFile(file.toAbsolutePath().getParent(), ".key", "", onlyOwner);
    Files.write(part, content.getBytes(StandardCharsets.UTF_8), StandardOpenOption.WRITE);
    try {
      Files.createLink(file, part);
    } catch (FileAlreadyExistsException someoneElse) {
      return file;
    } finally {
      Files.delete(part);
    }
    return file;
  }
}
