package dev.settle.router.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.platform.DemoKeys;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** A node that anybody could talk into anything does not start, and says in one line why. */
class StartRefusalsTest {

  @TempDir Path directory;
  private final Map<String, String> settings = new TreeMap<>();

  @BeforeEach
  void production() throws IOException {
    settings.put("settle.database.url", "postgresql://127.0.0.1:1/settle");
    settings.put("settle.database.user", "router");
    settings.put("settle.database.password", "correct horse battery staple");
    settings.put("settle.rail.sandbox.url", "http://127.0.0.1:1");
    settings.put("settle.token.secret.file", own("token"));
    settings.put("settle.account.keyset.file", own("keyset"));
    settings.put("settle.rail.sandbox.notification.secrets.file", own("secrets"));
    settings.put("settle.tls.terminated.by", "proxy");
  }

  @AfterEach
  void forget() {
    System.getProperties().keySet().removeIf(name -> name.toString().startsWith("settle."));
  }

  private String own(String name) throws IOException {
    return Files.writeString(directory.resolve(name), "x".repeat(64)).toString();
  }

  /** What {@code settle serve} says on stderr, after its exit code. */
  private String served() {
    settings.forEach(System::setProperty);
    StringWriter err = new StringWriter();
    CommandLine serve = new CommandLine(new ServeCommand()).setErr(new PrintWriter(err));
    int exit =
        Cli.run(
            new CommandLine(new Top()).addSubcommand(serve).setErr(new PrintWriter(err)),
            new String[] {"serve"});
    assertThat(err.toString().strip().lines()).as(err.toString()).hasSize(1);
    return exit + " " + err.toString().strip();
  }

  @CommandLine.Command(name = "settle")
  private static final class Top implements Runnable {
    @Override
    public void run() {}
  }

  @Test
  void good_settings_come_as_far_as_the_database() {
    assertThat(served()).startsWith("2 ").contains("database at postgresql://127.0.0.1:1/settle");
  }

  @Test
  void keys_of_the_demo_are_refused() throws IOException {
    Map<String, Path> demo =
        Map.of(
            "settle.token.secret.file", DemoKeys.tokenSecret(directory),
            "settle.account.keyset.file", DemoKeys.accountKeyset(directory),
            "settle.rail.sandbox.notification.secrets.file",
                DemoKeys.notificationSecrets(directory));
    for (Map.Entry<String, Path> key : demo.entrySet()) {
      String before = settings.put(key.getKey(), key.getValue().toString());
      assertThat(served())
          .startsWith(
              "2 settle: " + key.getKey().toUpperCase(java.util.Locale.ROOT).replace('.', '_'))
          .contains("key of the demo");
      settings.put(key.getKey(), before);
    }
  }

  @Test
  void a_copy_of_a_demos_key_under_another_name_is_refused_as_well() throws IOException {
    Path copy = Files.copy(DemoKeys.accountKeyset(directory), directory.resolve("production.json"));
    settings.put("settle.account.keyset.file", copy.toString());
    assertThat(served()).contains("key of the demo");
  }

  @Test
  void what_was_made_at_random_is_no_demos() throws IOException {
    for (int i = 0; i < 100; i++) {
      byte[] key = new byte[48];
      new java.security.SecureRandom().nextBytes(key);
      Path file =
          Files.writeString(
              directory.resolve("random"), java.util.Base64.getEncoder().encodeToString(key));
      assertThat(DemoKeys.isIn(file)).isFalse();
    }
  }

  @Test
  void who_ends_TLS_has_to_be_said_and_has_to_be_somebody() {
    settings.put("settle.tls.terminated.by", "nobody");
    assertThat(served()).startsWith("2 ").contains("SETTLE_TLS_TERMINATED_BY", "only a demo");
    settings.put("settle.tls.terminated.by", "");
    assertThat(served()).startsWith("2 ").contains("SETTLE_TLS_TERMINATED_BY", "router", "proxy");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "postgres", "Password", "changeme", "router", "settle"})
  void passwords_that_everybody_tries_are_refused(String password) {
    settings.put("settle.database.password", password);
    assertThat(served()).startsWith("2 ").contains("SETTLE_DATABASE_PASSWORD", "of its own");
  }

  @Test
  void a_demo_may_all_of_that_but_not_be_reached_from_everywhere() throws IOException {
    settings.put("settle.demo", "true");
    settings.put("settle.tls.terminated.by", "nobody");
    settings.put("settle.database.password", "postgres");
    settings.put("settle.token.secret.file", DemoKeys.tokenSecret(directory).toString());
    assertThat(served()).startsWith("2 ").contains("SETTLE_HTTP_HOST", "0.0.0.0");
    settings.put("settle.http.host", "127.0.0.1");
    assertThat(served()).contains("database at postgresql://127.0.0.1:1/settle");
  }
}
