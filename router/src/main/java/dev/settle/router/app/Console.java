package dev.settle.router.app;

import dev.settle.router.platform.Problem;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The console's files under {@code /console/}, from the jar alone and read once. They hold no data:
 * what the page shows it asks of the API, with the token of whoever looks at it.
 */
final class Console {

  /** Nothing but these is served. */
  static final List<String> FILES =
      List.of(
          "index.html",
          "console.css",
          "icon.svg",
          "act.js",
          "api.js",
          "app.js",
          "axis.js",
          "change.js",
          "changes.js",
          "credit.js",
          "dom.js",
          "en.js",
          "events.js",
          "exceptions.js",
          "live.js",
          "merchant.js",
          "money.js",
          "now.js",
          "orders.js",
          "parts.js",
          "plot.js",
          "rails.js",
          "rates.js",
          "reasons.js",
          "signin.js",
          "state.js",
          "texts.js",
          "timeline.js",
          "zh.js");

  /**
   * A browser runs and asks nothing that this node does not serve, and puts the page in no frame.
   */
  static final String ONLY_FROM_HERE =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
          + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final String ROOT = "/console/";
  private static final String PAGE = "index.html";

  private Console() {}

  /** Reads the files, and serves them. Blocking: for start-up. */
  static Handler<RoutingContext> files() {
    Map<String, Buffer> files = new HashMap<>();
    FILES.forEach(name -> files.put(name, read(name)));
    return call -> {
      String path = call.normalizedPath();
      if (path.length() < ROOT.length()) {
        call.response().setStatusCode(308).putHeader("Location", ROOT).end();
        return;
      }
      String name = path.equals(ROOT) ? PAGE : path.substring(ROOT.length());
      Buffer file = files.get(name);
      if (file == null) {
        Problem.notFound("route").answer(call.request());
      } else {
        serve(call, name, file);
      }
    };
  }

  /** Asked for anew each time, so that the modules of a page are all of one version. */
  private static void serve(RoutingContext call, String name, Buffer file) {
    call.response()
        .putHeader("Content-Type", contentType(name))
        .putHeader("Content-Security-Policy", ONLY_FROM_HERE)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cache-Control", "no-cache")
        .end(file);
  }

  private static String contentType(String name) {
    return switch (name.substring(name.lastIndexOf('.'))) {
      case ".html" -> "text/html; charset=utf-8";
      case ".css" -> "text/css; charset=utf-8";
      case ".svg" -> "image/svg+xml";
      default -> "text/javascript; charset=utf-8";
    };
  }

  private static Buffer read(String name) {
    try (InputStream in = Console.class.getClassLoader().getResourceAsStream("console/" + name)) {
      if (in == null) {
        throw new IllegalStateException("console/" + name + " is not on the class path");
      }
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
