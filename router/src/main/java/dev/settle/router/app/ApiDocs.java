package dev.settle.router.app;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The API's contract as {@code /openapi.yaml}, and its rendering under {@code /docs/}, from the jar
 * alone.
 */
final class ApiDocs {

  private static final String OPENAPI = read("api/openapi.yaml");
  private static final String PAGE = read("api/docs.html");

  private ApiDocs() {}

  static void openapi(RoutingContext call) {
    call.response().putHeader("Content-Type", "application/yaml; charset=utf-8").end(OPENAPI);
  }

  static void redirect(RoutingContext call) {
    call.response().putHeader("Content-Type", "text/html; charset=utf-8").end(PAGE);
  }

  /** The renderer's own files. */
  static Handler<RoutingContext> files() {
    return StaticHandler.create("META-INF/resources/webjars/swagger-ui/" + version());
  }

  private static String version() {
    String properties = read("META-INF/maven/org.webjars/swagger-ui/pom.properties");
    return properties
        .lines()
        .filter(line -> line.startsWith("version="))
        .map(line -> line.substring("version=".length()).trim())
        .findFirst()
        .orElseThrow();
  }

  private static String read(String resource) {
    try (InputStream in = ApiDocs.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
