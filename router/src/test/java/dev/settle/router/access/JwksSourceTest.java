package dev.settle.router.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.testing.World;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwksSourceTest {

  private static final Vertx VERTX = Vertx.vertx();

  @AfterAll
  static void close() throws Exception {
    World.await(VERTX.close());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.evil.example/keys",
        "http://127.0.0.1.evil.example/keys",
        "http://localhost.evil.example/keys",
        "http://127.0.0.1@evil.example/keys",
        "http://login.example/keys",
        "http://10.0.0.1/keys",
        "http://[2001:db8::1]/keys",
        "http:///keys",
        "https:///keys"
      })
  void keys_are_fetched_from_no_other_machine_without_tls(String where) {
    assertThatThrownBy(() -> JwksSource.of(VERTX, where))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("settle.token.jwks");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:8080/keys",
        "http://127.1.2.3/keys",
        "http://[::1]:8080/keys",
        "http://localhost/keys",
        "https://login.example/keys"
      })
  void keys_are_fetched_from_this_machine_or_over_tls(String where) {
    assertThat(JwksSource.of(VERTX, where)).isNotNull();
  }
}
