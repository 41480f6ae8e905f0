package dev.settle.router.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.DemoKeys;
import dev.settle.router.testing.World;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the router does is recorded by its own names; nobody else has them. */
class TokensTest {

  @ParameterizedTest
  @ValueSource(strings = {"router", "Router", " router ", "rail:sandbox"})
  void nobody_is_called_as_the_router_calls_itself(String name, @TempDir Path directory)
      throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      Path secret = DemoKeys.tokenSecret(directory);
      Tokens tokens = Tokens.withKey(vertx, secret, Clock.systemUTC());
      assertThatThrownBy(() -> tokens.mint(Role.CHECKER, name, Duration.ofHours(1)))
          .isInstanceOf(ConfigurationException.class);
      assertThatThrownBy(() -> World.await(tokens.verify(signed(vertx, secret, name))))
          .hasMessageContaining("token-claims");
      assertThat(World.await(tokens.verify(signed(vertx, secret, "routers-friend"))).subject())
          .isEqualTo("routers-friend");
    } finally {
      World.await(vertx.close());
    }
  }

  /** As whoever has the key can sign it, without {@link Tokens#mint}. */
  private static String signed(Vertx vertx, Path secret, String subject) throws Exception {
    Buffer key = Buffer.buffer(Files.readAllBytes(secret));
    return JWTAuth.create(
            vertx,
            new JWTAuthOptions()
                .addPubSecKey(new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(key)))
        .generateToken(
            new JsonObject().put("sub", subject).put("role", "checker"),
            new JWTOptions()
                .setAlgorithm("HS256")
                .setIssuer("settlement-router")
                .addAudience("settlement-router")
                .setExpiresInSeconds(60));
  }
}
