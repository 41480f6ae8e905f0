package dev.settle.router.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.keys.AccountKeyset;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Settings;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands as docs/operating/keys.md has an operator type them. */
@ExtendWith(InvariantsHold.class)
class KeysetCommandIT {

  @TempDir private Path folder;
  private final List<String> set = new ArrayList<>();

  @AfterEach
  void unset() {
    set.forEach(System::clearProperty);
  }

  @Test
  void a_key_is_made_rotated_promoted_used_and_retired(World world) throws Exception {
    Path file = world.accountKeyset();
    configure(world, file);
    Api api = world.startNode();
    world.onboard(api, 3);
    String old = keys(file).get(0);

    assertThat(run(0, "keyset", "rotate")).contains("added key").contains("keyset promote");
    String young = keys(file).get(1);
    assertThat(run(2, "keyset", "retire", old)).contains("encrypts");
    assertThat(run(0, "keyset", "promote")).contains(young).contains("settle reencrypt");
    assertThat(run(2, "keyset", "promote")).contains("encrypts already");
    assertThat(run(2, "keyset", "retire", old)).contains("3 account numbers are under key " + old);
    assertThat(run(0, "reencrypt"))
        .contains("encrypted anew: 3 account numbers")
        .contains("key " + old + ": 0 account numbers; unused")
        .contains("key " + young + ": 3 account numbers; encrypts");
    assertThat(run(0, "reencrypt")).contains("encrypted anew: 0 account numbers");
    assertThat(run(0, "keyset", "retire", old)).contains("is gone").contains("Backups");
    assertThat(run(0, "keyset", "list")).contains("in clear", young).doesNotContain(old);
    assertThat(run(2, "keyset", "retire", "seven")).contains("is a number");
    assertThat(run(2, "keyset")).contains("say what to do");
    assertThat(
            world.queryText(
                "SELECT string_agg(concat_ws(' ', actor, action, detail ->> 'how', detail ->> 'key', detail ->> 'changed'),"
                    + " '; ' ORDER BY event_id) FROM audit_event"
                    + " WHERE action IN ('KEYS_ROTATED', 'ACCOUNTS_REENCRYPTED')"))
        .isEqualTo(
            "ME KEYS_ROTATED rotate YOUNG; ME KEYS_ROTATED promote YOUNG; ME ACCOUNTS_REENCRYPTED YOUNG 3;"
                .concat(" ME ACCOUNTS_REENCRYPTED YOUNG 0; ME KEYS_ROTATED retire OLD")
                .replace("ME", System.getProperty("user.name"))
                .replace("YOUNG", young)
                .replace("OLD", old));
    aNodeThatCannotReadTheNumbersRefusesToStart(world);
  }

  @Test
  void a_file_is_wrapped_with_a_master_key_and_no_command_shows_a_key() throws Exception {
    Path file = folder.resolve("keys");
    Path master = folder.resolve("master.key");
    set("settle.account.keyset.file", file.toString());
    String said = run(0, "keyset", "new-master", master.toString());
    said += run(0, "keyset", "new", file.toString(), "--kms", master.toUri().toString());
    assertThat(run(2, "keyset", "new", file.toString())).contains("is there already");
    said += run(0, "keyset", "list");
    assertThat(said).contains("encrypted by " + master.toUri());
    said += run(0, "keyset", "wrap");
    assertThat(run(0, "keyset", "list")).contains("in clear");
    String secret = Files.readString(file).replaceAll("(?s).*?\"value\":\"([^\"]*)\".*", "$1");
    assertThat(secret).hasSizeGreaterThan(20);
    assertThat(said).doesNotContain(secret);
  }

  /** Found out before anything is started: every payment to such accounts would wait. */
  private void aNodeThatCannotReadTheNumbersRefusesToStart(World world) throws Exception {
    Path other = folder.resolve("other");
    AccountKeyset.make(null).create(other);
    assertThatThrownBy(() -> KeysetCheck.require(world.databaseSettings(), other))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(
            other.toString(), "of M00000", "is under key", "has only " + keys(other).get(0));
    KeysetCheck.require(world.databaseSettings(), world.accountKeyset());
  }

  private static List<String> keys(Path file) {
    return AccountKeyset.read(file).keys().stream().map(AccountKeyset.Key::text).toList();
  }

  private void configure(World world, Path keyset) {
    Settings.Database database = world.databaseSettings();
    set("settle.database.url", database.url());
    set("settle.database.user", database.user());
    set("settle.database.password", database.password());
    set("settle.account.keyset.file", keyset.toString());
  }

  private void set(String setting, String value) {
    System.setProperty(setting, value);
    set.add(setting);
  }

  private static String run(int code, String... arguments) {
    StringWriter said = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(said)).setErr(new PrintWriter(said));
    assertThat(Cli.run(command, arguments)).as(said.toString()).isEqualTo(code);
    return said.toString();
  }
}
