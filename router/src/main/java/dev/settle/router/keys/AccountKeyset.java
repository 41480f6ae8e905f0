package dev.settle.router.keys;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Mac;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.mac.MacConfig;
import com.google.crypto.tink.mac.PredefinedMacParameters;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The two Tink keysets for account numbers: the cipher's (AES-256-GCM), with one key that encrypts
 * and any that still decrypt, and the hash's (HMAC-SHA256), whose one key stays. Their file has
 * each as one line of JSON, in clear, or, behind a first line {@code kms=URI}, encrypted by that
 * key. Immutable; whatever changes keys gives another. Reading and writing block.
 */
public final class AccountKeyset {

  private static final String KMS = "kms=";

  /** Bound into the encrypted lines, so that one cannot stand in for the other. */
  private static final byte[] CIPHER_LINE = bytes("settle account cipher");

  private static final byte[] HASH_LINE = bytes("settle account hash");

  private final KeysetHandle cipher;
  private final KeysetHandle hash;
  private final @Nullable String kms;

  private AccountKeyset(KeysetHandle cipher, KeysetHandle hash, @Nullable String kms) {
    this.cipher = cipher;
    this.hash = hash;
    this.kms = kms;
  }

  /**
   * A key of the cipher.
   *
   * @param id as Tink counts it, unsigned; it stands in front of each cipher text
   * @param primary whether new numbers are encrypted with it
   */
  public record Key(int id, boolean primary) {

    /** The id in decimal. */
    public String text() {
      return Integer.toUnsignedString(id);
    }
  }

  /** New keys. */
  public static AccountKeyset make(@Nullable String kms) {
    try {
      register();
      return new AccountKeyset(
          KeysetHandle.generateNew(
              PredefinedAeadParameters.AES256_GCM, RegistryConfiguration.get()),
          KeysetHandle.generateNew(
              PredefinedMacParameters.HMAC_SHA256_256BITTAG, RegistryConfiguration.get()),
          kms);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot make keys for account numbers", e);
    }
  }

  /** Reads a file; throws {@link ConfigurationException} that says why it cannot be used. */
  public static AccountKeyset read(Path file) {
    try {
      register();
      List<String> lines = new ArrayList<>(Files.readString(file).strip().lines().toList());
      String kms =
          !lines.isEmpty() && lines.get(0).startsWith(KMS)
              ? lines.remove(0).substring(KMS.length()).strip()
              : null;
      if (lines.size() != 2) {
        throw new ConfigurationException(
            file + ": two lines with a Tink keyset each are expected, behind kms=URI or alone");
      }
      Aead key = kms == null ? null : KeyEncryption.of(kms);
      return new AccountKeyset(
          parse(lines.get(0), key, CIPHER_LINE), parse(lines.get(1), key, HASH_LINE), kms);
    } catch (GeneralSecurityException | IOException e) {
      // Not the cause: a parser shows what it read.
      throw new ConfigurationException(
          file + ": no usable keysets for account numbers (docs/operating/keys.md)");
    }
  }

  private static void register() throws GeneralSecurityException {
    AeadConfig.register();
    MacConfig.register();
  }

  private static KeysetHandle parse(String json, @Nullable Aead key, byte[] line)
      throws GeneralSecurityException {
    return key == null
        ? TinkJsonProtoKeysetFormat.parseKeyset(
            json, RegistryConfiguration.get(), InsecureSecretKeyAccess.get())
        : TinkJsonProtoKeysetFormat.parseEncryptedKeyset(
            json, key, line, RegistryConfiguration.get());
  }

  /** Writes a new file; throws {@link java.nio.file.FileAlreadyExistsException} over another. */
  public void create(Path file) throws IOException {
    PrivateFile.create(file, content());
  }

  /** Writes in the place of the file that is there, whole or not at all. */
  public void replace(Path file) throws IOException {
    PrivateFile.replace(file, content());
  }

  private String content() {
    try {
      if (kms == null) {
        return clear(cipher) + clear(hash);
      }
      Aead key = KeyEncryption.of(kms);
      return KMS
          + kms
          + "\n"
          + encrypted(cipher, key, CIPHER_LINE)
          + encrypted(hash, key, HASH_LINE);
    } catch (GeneralSecurityException e) {
      throw new ConfigurationException("the keysets cannot be encrypted: " + e.getMessage());
    }
  }

  private static String clear(KeysetHandle keys) throws GeneralSecurityException {
    return line(
        TinkJsonProtoKeysetFormat.serializeKeyset(
            keys, RegistryConfiguration.get(), InsecureSecretKeyAccess.get()));
  }

  private static String encrypted(KeysetHandle keys, Aead key, byte[] line)
      throws GeneralSecurityException {
    return line(
        TinkJsonProtoKeysetFormat.serializeEncryptedKeyset(
            keys, key, line, RegistryConfiguration.get()));
  }

  private static String line(String json) {
    return json.replace("\n", "") + "\n";
  }

  /** With one more key, which decrypts and does not encrypt before it is promoted. */
  public AccountKeyset rotated() {
    return changed(
        keys ->
            keys.addEntry(
                KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                    .withRandomId()));
  }

  /** With this key encrypting; the others go on to decrypt. */
  public AccountKeyset promoted(int id) {
    int place = place(id);
    return changed(keys -> keys.getAt(place).setStatus(KeyStatus.ENABLED).makePrimary());
  }

  /** Without this key; throws {@link ConfigurationException} when it is the one that encrypts. */
  public AccountKeyset without(int id) {
    int place = place(id);
    if (keys().get(place).primary()) {
      throw new ConfigurationException(
          "key " + Integer.toUnsignedString(id) + " encrypts: promote another one first");
    }
    return changed(keys -> keys.deleteAt(place));
  }

  /** The same keys in a file that this key encrypts; null: in clear. */
  public AccountKeyset under(@Nullable String otherKms) {
    return new AccountKeyset(cipher, hash, otherKms);
  }

  private interface Change {
    void of(KeysetHandle.Builder keys);
  }

  private AccountKeyset changed(Change change) {
    KeysetHandle.Builder keys = KeysetHandle.newBuilder(cipher);
    change.of(keys);
    try {
      return new AccountKeyset(keys.build(), hash, kms);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink refuses the changed keyset", e);
    }
  }

  private int place(int id) {
    List<Key> keys = keys();
    for (int i = 0; i < keys.size(); i++) {
      if (keys.get(i).id() == id) {
        return i;
      }
    }
    throw new ConfigurationException("there is no key " + Integer.toUnsignedString(id));
  }

  /** The cipher's keys, the oldest first. */
  public List<Key> keys() {
    List<Key> keys = new ArrayList<>();
    for (int i = 0; i < cipher.size(); i++) {
      keys.add(new Key(cipher.getAt(i).getId(), cipher.getAt(i).isPrimary()));
    }
    return keys;
  }

  /** What encrypts its file; null: nothing does. */
  public @Nullable String kms() {
    return kms;
  }

  /** Encrypts and decrypts. */
  public Aead cipher() throws GeneralSecurityException {
    return cipher.getPrimitive(RegistryConfiguration.get(), Aead.class);
  }

  /** Hashes. */
  public Mac hash() throws GeneralSecurityException {
    return hash.getPrimitive(RegistryConfiguration.get(), Mac.class);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
