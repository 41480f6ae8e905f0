package dev.settle.router.app;

import dev.settle.router.platform.Problem;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * The API's contract as {@code /openapi.yaml}, and its rendering under {@code /docs/}, from the jar
 * alone.
 */
final class ApiDocs {

  /** The same bytes for every answer, so that those that wait for a slow reader cost nothing. */
  private static final Buffer OPENAPI = Buffer.buffer(read("api/openapi.yaml"));

  private static final Buffer PAGE = Buffer.buffer(read("api/docs.html"));

  /** A browser loads and asks nothing that this node does not serve: the page works offline. */
  private static final String ONLY_FROM_HERE =
      "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
          + "img-src 'self' data:";

  private static final Set<String> FILES =
      Set.of("swagger-ui.css", "swagger-ui-bundle.js", "favicon-16x16.png", "favicon-32x32.png");

  private ApiDocs() {}

  static void openapi(RoutingContext call) {
    call.response().putHeader("Content-Type", "application/yaml; charset=utf-8").end(OPENAPI);
  }

  static void page(RoutingContext call) {
    call.response()
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Content-Security-Policy", ONLY_FROM_HERE)
        .end(PAGE);
  }

  /** The files of the renderer that the page needs; its own page points to somebody else's API. */
  static Handler<RoutingContext> files() {
    Handler<RoutingContext> fromJar =
        StaticHandler.create("META-INF/resources/webjars/swagger-ui/" + version());
    return call -> {
      String file = call.normalizedPath().substring("/docs/".length());
      if (file.isEmpty()) {
        page(call);
      } else if (FILES.contains(file)) {
        fromJar.handle(call);
      } else {
        Problem.notFound("route").answer(call.request());
      }
    };
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
