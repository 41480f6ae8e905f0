package dev.settle.router.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.testing.Api;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.yaml.snakeyaml.Yaml;

@ExtendWith(InvariantsHold.class)
class ApiDocsIT {

  private static final Pattern ADDRESS = Pattern.compile("(?:src|href|url)[=:] ?\"([^\"]+)\"");

  @Test
  void the_contract_and_its_page_are_served_without_a_token(World world) throws Exception {
    Api api = world.startNode(1);

    Api.Answer contract = api.getOpenly("/openapi.yaml");
    assertThat(contract.status()).isEqualTo(200);
    assertThat(contract.contentType()).startsWith("application/yaml");
    Object parsed = new Yaml().load(contract.body());
    assertThat(parsed).isInstanceOf(java.util.Map.class);

    for (String path : List.of("/docs", "/docs/")) {
      Api.Answer page = api.getOpenly(path);
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.contentType()).startsWith("text/html");
      assertThat(page.body()).contains("SwaggerUIBundle").contains("/openapi.yaml");
    }
  }

  @Test
  void everything_that_the_page_asks_for_comes_from_this_node(World world) throws Exception {
    Api api = world.startNode(1);
    Api.Answer page = api.getOpenly("/docs");
    List<String> addresses =
        ADDRESS.matcher(page.body()).results().map((MatchResult a) -> a.group(1)).toList();
    assertThat(addresses)
        .contains("/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js", "/openapi.yaml")
        .allSatisfy(address -> assertThat(address).startsWith("/").doesNotStartWith("//"));
    for (String address : addresses) {
      Api.Answer file = api.getOpenly(address);
      assertThat(file.status()).as(address).isEqualTo(200);
      assertThat(file.body().length()).as(address).isGreaterThan(500);
    }
    assertThat(page.headers().get("content-security-policy").get(0))
        .startsWith("default-src 'self'")
        .doesNotContain("http");
  }

  @Test
  void nothing_else_of_the_jar_is_served(World world) throws Exception {
    Api api = world.startNode(1);
    for (String path :
        List.of(
            "/docs/index.html",
            "/docs/swagger-initializer.js",
            "/docs/..%2f..%2fapplication.properties",
            "/docs/%2e%2e/db/migration/V1__merchants_and_bindings.sql")) {
      assertThat(api.getOpenly(path).status()).as(path).isIn(400, 404);
    }
  }
}
