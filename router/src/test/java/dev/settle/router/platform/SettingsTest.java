package dev.settle.router.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  private static final Pattern NAME = Pattern.compile("\"(settle\\.[a-z.]+[a-z])\"");

  @TempDir Path directory;

  @AfterEach
  void forget() {
    System.getProperties().keySet().removeIf(name -> name.toString().startsWith("settle."));
  }

  private void enough() throws IOException {
    Path file = Files.writeString(directory.resolve("key"), "k");
    Map.of(
            "settle.database.url", "postgresql://db:5432/settle",
            "settle.database.user", "router",
            "settle.rail.sandbox.url", "http://bank:8082",
            "settle.token.secret.file", file.toString(),
            "settle.tls.terminated.by", "proxy",
            "settle.account.keyset.file", file.toString())
        .forEach(System::setProperty);
  }

  @Test
  void defaults_are_those_of_the_documentation() throws IOException {
    enough();

    Settings settings = Settings.read();

    assertThat(settings.httpPort()).isEqualTo(8080);
    assertThat(settings.managementPort()).isEqualTo(8081);
    assertThat(settings.replayWindow()).hasDays(180);
    assertThat(settings.database().jdbcUrl()).isEqualTo("jdbc:postgresql://db:5432/settle");
  }

  @Test
  void what_is_missing_is_named_in_both_spellings() throws IOException {
    enough();
    System.clearProperty("settle.database.url");

    assertThatThrownBy(Settings::read)
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("not set: SETTLE_DATABASE_URL (settle.database.url)");
  }

  @Test
  void who_ends_TLS_has_to_be_said() throws IOException {
    enough();
    System.clearProperty("settle.tls.terminated.by");

    assertThatThrownBy(Settings::read)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("SETTLE_TLS_TERMINATED_BY (settle.tls.terminated.by)")
        .hasMessageContaining("router")
        .hasMessageContaining("proxy");

    System.setProperty("settle.tls.terminated.by", "router");
    assertThatThrownBy(Settings::read)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("settle.tls.certificate.file");
  }

  @Test
  void public_keys_of_an_issuer_are_of_no_use_without_its_name() throws IOException {
    enough();
    System.setProperty("settle.token.jwks", "https://login.example/keys");

    assertThatThrownBy(Settings::read)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("settle.token.issuer");

    System.setProperty("settle.token.issuer", "https://login.example");
    assertThat(Settings.read().access().jwks()).isEqualTo("https://login.example/keys");
    assertThat(Settings.read().access().demo()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "settle.proxy.protocol",
        "settle.demo",
        "settle.webhook.loopback",
        "settle.exit.with.parent",
        "settle.card.change.test.credit",
        "settle.card.change.auto.approval"
      })
  void a_word_that_says_neither_yes_nor_no_is_not_taken_for_no(String name) throws IOException {
    enough();
    String variable = name.toUpperCase(Locale.ROOT).replace('.', '_');
    for (String word : List.of("v2", "yes", "TRUE")) {
      System.setProperty(name, word);

      assertThatThrownBy(Settings::read)
          .isInstanceOf(ConfigurationException.class)
          .hasMessage(variable + " (" + name + ") must be true or false, not " + word);
    }
  }

  @Test
  void no_is_what_is_not_set() throws IOException {
    enough();
    assertThat(Settings.read().access().proxyProtocol()).isFalse();
    System.setProperty("settle.proxy.protocol", "true");
    assertThat(Settings.read().access().proxyProtocol()).isTrue();
  }

  @Test
  void a_wrong_number_is_named_with_what_is_expected() throws IOException {
    enough();
    System.setProperty("settle.http.port", "eighty");

    assertThatThrownBy(Settings::read)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("SETTLE_HTTP_PORT")
        .hasMessageContaining("0 to 65535");
  }

  @Test
  void the_documentation_lists_every_setting_and_no_other() throws IOException {
    String code =
        Files.readString(Path.of("src/main/java/dev/settle/router/platform/Settings.java"));
    String page = Files.readString(Path.of("../docs/operating/configuration.md"));

    var inCode =
        NAME.matcher(code)
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    var inPage =
        Pattern.compile("(?m)^\\| `(settle\\.[a-z.]+)` \\| `([A-Z_]+)`")
            .matcher(page)
            .results()
            .peek(
                row ->
                    assertThat(row.group(2))
                        .isEqualTo(
                            row.group(1).toUpperCase(java.util.Locale.ROOT).replace('.', '_')))
            .map(row -> row.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(inPage).isEqualTo(inCode);
  }
}
