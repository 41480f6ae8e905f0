package dev.settle.router.platform;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Parameters;
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
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Makes keys for the demo and for tests, once for each folder, readable by their owner alone.
 * Blocking.
 */
public final class DemoKeys {

  /** The acquirer that the demo's terminals belong to. */
  public static final String ACQUIRER = "48201000";

  /** What the keys begin with: a multiple of three letters, to be seen in base64 as well. */
  private static final String MARK = "demo--";

  private static final String MARK_IN_BASE64 =
      Base64.getEncoder().encodeToString(MARK.getBytes(StandardCharsets.US_ASCII));

  private static final int MARKED_KEY = 0x64656d6f;
  private static final Pattern KEY_NUMBER =
      Pattern.compile("\"keyId\"\\s*:\\s*" + MARKED_KEY + "\\b");

  private DemoKeys() {}

  /** The file with the key that tokens are signed with; made when absent. */
  public static Path tokenSecret(Path directory) throws IOException {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    return writeOnce(directory.resolve("token.key"), MARK + HexFormat.of().formatHex(key));
  }

  /** The file with the keysets for account numbers; made when absent. */
  public static Path accountKeyset(Path directory) throws IOException {
    try {
      AeadConfig.register();
      MacConfig.register();
      String cipher = json(marked(PredefinedAeadParameters.AES256_GCM));
      String hash = json(marked(PredefinedMacParameters.HMAC_SHA256_256BITTAG));
      return writeOnce(directory.resolve("account.keyset"), cipher + "\n" + hash + "\n");
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot make keys for account numbers", e);
    }
  }

  /** The file with the secret that the bank signs its notifications with; made when absent. */
  public static Path notificationSecrets(Path directory) throws IOException {
    byte[] secret = new byte[32 + MARK.length()];
    new SecureRandom().nextBytes(secret);
    System.arraycopy(MARK.getBytes(StandardCharsets.US_ASCII), 0, secret, 0, MARK.length());
    return writeOnce(
        directory.resolve("notification.secret"),
        "whsec_" + Base64.getEncoder().encodeToString(secret) + "\n");
  }

  /** Of one key, whose number says that it is a demo's. */
  private static KeysetHandle marked(Parameters parameters) throws GeneralSecurityException {
    return KeysetHandle.newBuilder()
        .addEntry(
            KeysetHandle.generateEntryFromParameters(parameters)
                .withFixedId(MARKED_KEY)
                .makePrimary())
        .build();
  }

  /**
   * Whether a file holds a key that was made here: whoever has seen the demo's folder may know it.
   */
  public static boolean isIn(Path file) {
    try {
      String content = Files.readString(file, StandardCharsets.ISO_8859_1);
      return content.startsWith(MARK)
          || content.contains(MARK_IN_BASE64)
          || KEY_NUMBER.matcher(content).find();
    } catch (IOException e) {
      throw new ConfigurationException("cannot read " + file);
    }
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
    try {
      PrivateFile.create(file, content);
    } catch (FileAlreadyExistsException someoneElse) {
      // Was as fast, and its file is as good.
    }
    return file;
  }
}
