package dev.settle.router.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.binding.AccountCipher;
import dev.settle.router.binding.AccountNumber;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.DemoKeys;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountKeysetTest {

  private static final AccountNumber NUMBER = new AccountNumber("6222021000000009103");

  @TempDir private Path folder;

  @Test
  void a_rotated_key_decrypts_at_once_and_encrypts_once_it_is_promoted() throws Exception {
    Path file = folder.resolve("keys");
    AccountKeyset.make(null).create(file);
    byte[] old = AccountCipher.fromFile(file).encrypt("M1", NUMBER);

    AccountKeyset.read(file).rotated().replace(file);
    AccountCipher rotated = AccountCipher.fromFile(file);
    int added = rotated.keys().get(1).id();
    assertThat(AccountCipher.keyOf(rotated.encrypt("M1", NUMBER)))
        .isEqualTo(AccountCipher.keyOf(old));

    AccountKeyset.read(file).promoted(added).replace(file);
    AccountCipher promoted = AccountCipher.fromFile(file);
    byte[] young = promoted.encrypt("M1", NUMBER);
    assertThat(AccountCipher.keyOf(young)).isEqualTo(added);
    assertThat(young).startsWith(promoted.prefix());
    assertThat(promoted.decrypt("M1", old)).isEqualTo(NUMBER);
    assertThat(rotated.decrypt("M1", young)).isEqualTo(NUMBER);
  }

  @Test
  void equality_outlives_every_key_of_the_cipher() throws Exception {
    Path file = folder.resolve("keys");
    AccountKeyset keys = AccountKeyset.make(null);
    keys.create(file);
    byte[] before = AccountCipher.fromFile(file).hash("M1", NUMBER);
    AccountKeyset two = keys.rotated();
    two.promoted(two.keys().get(1).id()).without(two.keys().get(0).id()).replace(file);
    assertThat(AccountCipher.fromFile(file).hash("M1", NUMBER)).isEqualTo(before);
  }

  @Test
  void a_number_under_a_key_that_is_not_there_is_refused_by_the_keys_name() throws Exception {
    Path file = folder.resolve("keys");
    AccountKeyset keys = AccountKeyset.make(null);
    AccountKeyset two = keys.rotated();
    two.create(file);
    byte[] old = AccountCipher.fromFile(file).encrypt("M1", NUMBER);
    AccountKeyset.Key retired = keys.keys().get(0);
    AccountKeyset.Key left = two.keys().get(1);
    two.promoted(left.id()).without(retired.id()).replace(file);
    assertThatThrownBy(() -> AccountCipher.fromFile(file).decrypt("M1", old))
        .hasMessageContaining("of M1")
        .hasMessageContaining("under key " + retired.text())
        .hasMessageContaining("has only " + left.text())
        .hasMessageNotContaining(NUMBER.reveal());
  }

  @Test
  void a_cipher_text_of_another_merchant_is_not_opened() throws Exception {
    Path file = folder.resolve("keys");
    AccountKeyset.make(null).create(file);
    AccountCipher cipher = AccountCipher.fromFile(file);
    byte[] moved = cipher.encrypt("M1", NUMBER);
    assertThatThrownBy(() -> cipher.decrypt("M2", moved))
        .hasMessageContaining("another merchant's");
    assertThatThrownBy(() -> cipher.decrypt("M2", new byte[3]))
        .hasMessageContaining("no cipher text");
  }

  @Test
  void the_key_that_encrypts_is_not_taken_away() {
    AccountKeyset keys = AccountKeyset.make(null);
    assertThatThrownBy(() -> keys.without(keys.keys().get(0).id()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("promote another");
    assertThatThrownBy(() -> keys.without(keys.keys().get(0).id() + 1))
        .hasMessageContaining("no key");
  }

  @Test
  void a_wrapped_file_shows_no_key_and_is_opened_by_its_master_alone() throws Exception {
    Path file = folder.resolve("keys");
    Path master = folder.resolve("master.key");
    MasterKeyFile.make(master);
    AccountKeyset.make(master.toUri().toString()).create(file);
    byte[] number = AccountCipher.fromFile(file).encrypt("M1", NUMBER);

    List<String> lines = Files.readAllLines(file);
    assertThat(lines.get(0)).isEqualTo("kms=" + master.toUri());
    assertThat(lines.get(1)).contains("encryptedKeyset").doesNotContain("\"value\"");
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));

    Files.write(folder.resolve("swapped"), List.of(lines.get(0), lines.get(2), lines.get(1)));
    refused("swapped", "no usable keysets");

    AccountKeyset.read(file).under(null).create(folder.resolve("clear"));
    assertThat(AccountCipher.fromFile(folder.resolve("clear")).decrypt("M1", number))
        .isEqualTo(NUMBER);

    Files.setPosixFilePermissions(master, PosixFilePermissions.fromString("rw-r--r--"));
    refused("keys", "chmod 600");
    Files.delete(master);
    refused("keys", "cannot be read");
    MasterKeyFile.make(master);
    refused("keys", "no usable keysets");
  }

  @Test
  void a_providers_client_on_the_class_path_is_found_and_finds_its_credentials() throws Exception {
    Path file = folder.resolve("keys");
    AccountKeyset.make(FakeKms.KEY).create(file);
    byte[] number = AccountCipher.fromFile(file).encrypt("M1", NUMBER);
    assertThat(AccountCipher.fromFile(file).decrypt("M1", number)).isEqualTo(NUMBER);
    assertThatThrownBy(() -> AccountKeyset.make("fake-kms://other").create(folder.resolve("other")))
        .hasMessageContaining("no right to use");
    assertThatThrownBy(() -> AccountKeyset.make("aws-kms://arn").create(folder.resolve("other")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("nothing on the class path")
        .hasMessageContaining("keys.md");
    assertThat(folder.resolve("other")).doesNotExist();
  }

  @Test
  void a_key_is_never_written_over() throws Exception {
    Path file = folder.resolve("keys");
    AccountKeyset.make(null).create(file);
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(() -> AccountKeyset.make(null).create(file))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(file).hasBinaryContent(before);
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void a_group_that_may_read_the_file_still_may_when_its_keys_change() throws Exception {
    Path file = folder.resolve("keys");
    AccountKeyset.make(null).create(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    AccountKeyset.read(file).rotated().replace(file);
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
  }

  @Test
  void files_of_the_demo_and_damaged_ones() throws Exception {
    assertThat(AccountKeyset.read(DemoKeys.accountKeyset(folder)).keys()).hasSize(1);
    Files.writeString(folder.resolve("empty"), "");
    refused("empty", "two lines");
    Files.writeString(folder.resolve("one"), "{}\n");
    refused("one", "two lines");
    Files.writeString(folder.resolve("junk"), "{\"key\":\n7\n");
    refused("junk", "no usable keysets");
  }

  private void refused(String file, String why) {
    assertThatThrownBy(() -> AccountCipher.fromFile(folder.resolve(file)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(why);
  }
}
