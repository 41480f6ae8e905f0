package dev.settle.router.binding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.platform.DemoKeys;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A secret opens for what it was sealed for, and for nothing else. */
class SealedSecretTest {

  private static final byte[] SECRET = "a secret of thirty-two bytes ...".getBytes(UTF_8);

  @TempDir Path directory;

  @Test
  void it_opens_for_its_purpose_alone() throws Exception {
    AccountCipher cipher = AccountCipher.fromFile(DemoKeys.accountKeyset(directory));

    byte[] sealed = cipher.seal("webhook-secret/WH1", SECRET);

    assertThat(cipher.open("webhook-secret/WH1", sealed)).isEqualTo(SECRET);
    assertThat(new String(sealed, UTF_8)).doesNotContain("secret of");
    assertThat(cipher.seal("webhook-secret/WH1", SECRET)).isNotEqualTo(sealed);
    for (String other : new String[] {"webhook-secret/WH2", "webhook-secret", "", "WH1"}) {
      assertThatThrownBy(() -> cipher.open(other, sealed))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageNotContaining("secret of");
    }
    assertThatThrownBy(() -> cipher.decrypt("webhook-secret/WH1", sealed))
        .isInstanceOf(IllegalStateException.class);
    byte[] number = cipher.encrypt("M000001", new AccountNumber("6222021000000019100"));
    assertThatThrownBy(() -> cipher.open("M000001", number))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void one_that_was_changed_does_not_open() throws Exception {
    AccountCipher cipher = AccountCipher.fromFile(DemoKeys.accountKeyset(directory));
    byte[] sealed = cipher.seal("webhook-secret/WH1", SECRET);
    sealed[sealed.length - 1] ^= 1;

    assertThatThrownBy(() -> cipher.open("webhook-secret/WH1", sealed))
        .isInstanceOf(IllegalStateException.class);
  }
}
