package dev.settle.router.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.keys.AccountKeyset;
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
import java.util.Map;
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
  }

  @Test
  void a_file_is_wrapped_with_a_master_key_and_no_command_shows_a_key(World world)
      throws Exception {
    Path file = folder.resolve("keys");
    Path master = folder.resolve("master.key");
    configure(world, file);
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

  @Test
  void a_node_that_cannot_read_the_numbers_refuses_to_start(World world) throws Exception {
    Api api = world.startNode();
    world.onboard(api, 1);
    Path other = folder.resolve("other");
    AccountKeyset.make(null).create(other);
    configure(world, other);
    System.setProperty("settle.rail.sandbox.url", "http://127.0.0.1:1");
    System.setProperty("settle.token.secret.file", world.tokenSecret().toString());
    set.addAll(List.of("settle.rail.sandbox.url", "settle.token.secret.file"));
    assertThat(run(2, "serve"))
        .contains(other.toString(), "of M000001", "is under key", "has only " + keys(other).get(0))
        .doesNotContain("\tat ");
  }

  private static List<String> keys(Path file) {
    return AccountKeyset.read(file).keys().stream().map(AccountKeyset.Key::text).toList();
  }

  private void configure(World world, Path keyset) {
    Settings.Database database = world.databaseSettings();
    Map<String, String> settings =
        Map.of(
            "settle.database.url", database.url(),
            "settle.database.user", database.user(),
            "settle.database.password", database.password(),
            "settle.account.keyset.file", keyset.toString());
    settings.forEach(System::setProperty);
    set.addAll(settings.keySet());
  }

  private static String run(int code, String... arguments) {
    StringWriter said = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(said)).setErr(new PrintWriter(said));
    assertThat(Cli.run(command, arguments)).as(said.toString()).isEqualTo(code);
    return said.toString();
  }
}
