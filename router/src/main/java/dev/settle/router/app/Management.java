package dev.settle.router.app;

import dev.settle.router.platform.Problem;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;

/**
 * The management port: metrics for Prometheus, liveness and readiness for whoever starts and stops
 * nodes.
 */
final class Management implements Handler<HttpServerRequest> {

  private final PrometheusMeterRegistry registry;
  private final Health health;

  Management(PrometheusMeterRegistry registry, Health health) {
    this.registry = registry;
    this.health = health;
  }

  @Override
  public void handle(HttpServerRequest request) {
    switch (request.path()) {
      case "/metrics" ->
          request
              .response()
              .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
              .end(registry.scrape());
      case "/health/live" -> answer(request, 200, new JsonObject().put("live", true));
      case "/health/ready" ->
          health
              .ready()
              .onSuccess(json -> answer(request, json.getBoolean("ready") ? 200 : 503, json));
      default -> Problem.notFound("route").answer(request);
    }
  }

  private static void answer(HttpServerRequest request, int status, JsonObject json) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(json.toBuffer());
  }
}
