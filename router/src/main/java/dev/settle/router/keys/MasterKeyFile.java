package dev.settle.router.keys;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.KmsClient;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.settle.router.platform.PrivateFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key that is a file of this machine ({@code file:///etc/settle/master.key}), for where there is
 * no key management service. It protects a keyset file that is copied or backed up without it, and
 * nothing against who can read both. Refused when others than its owner and group can read it.
 */
public final class MasterKeyFile implements KmsClient {

  private static final String SCHEME = "file:";
  private static final Set<PosixFilePermission> TOO_OPEN =
      Set.of(
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.GROUP_WRITE);

  @Override
  public boolean doesSupport(String keyUri) {
    return keyUri.startsWith(SCHEME);
  }

  @Override
  public KmsClient withCredentials(@Nullable String credentialPath)
      throws GeneralSecurityException {
    throw new GeneralSecurityException("a master key in a file has no credentials");
  }

  @Override
  public KmsClient withDefaultCredentials() {
    return this;
  }

  @Override
  public Aead getAead(String keyUri) throws GeneralSecurityException {
    AeadConfig.register();
    try {
      Path file = Path.of(URI.create(keyUri));
      if (Files.getPosixFilePermissions(file).stream().anyMatch(TOO_OPEN::contains)) {
        throw new GeneralSecurityException("others can read or change it: chmod 600 " + file);
      }
      return TinkJsonProtoKeysetFormat.parseKeyset(
              Files.readString(file), RegistryConfiguration.get(), InsecureSecretKeyAccess.get())
          .getPrimitive(RegistryConfiguration.get(), Aead.class);
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("an address such as file:///etc/settle/master.key is due");
    } catch (IOException e) {
      throw new GeneralSecurityException("it cannot be read: " + e);
    }
  }

  /** Makes one. Throws when the file is there already. */
  public static void make(Path file) throws IOException {
    try {
      AeadConfig.register();
      KeysetHandle key =
          KeysetHandle.generateNew(
              PredefinedAeadParameters.AES256_GCM, RegistryConfiguration.get());
      PrivateFile.create(
          file,
          TinkJsonProtoKeysetFormat.serializeKeyset(
              key, RegistryConfiguration.get(), InsecureSecretKeyAccess.get()));
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot make a key", e);
    }
  }
}
