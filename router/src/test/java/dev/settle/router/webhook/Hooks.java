package dev.settle.router.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.testing.Api;

/** What people do with webhooks, over HTTP. */
final class Hooks {

  private final Api api;

  Hooks(Api api) {
    this.api = api;
  }

  Api.Answer send(String path, String body) {
    return api.post("/v1/webhooks" + path, Role.MAKER, "application/json", body.getBytes(UTF_8));
  }

  /** A webhook of merchant number one for everything; with its secret. */
  JsonNode create(String url) {
    return create("\"merchantId\":\"M000001\"", url);
  }

  JsonNode create(String owner, String url) {
    Api.Answer made = send("", "{" + owner + ",\"url\":\"" + url + "\"}");
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    assertThat(made.headers().get("cache-control")).containsExactly("no-store");
    return made.json();
  }

  JsonNode get(String id) {
    return api.get("/v1/webhooks/" + id, Role.AUDITOR).json();
  }

  /** Does this with one; the answer, which is a good one. */
  JsonNode act(String id, String what) {
    return act(id, what, "");
  }

  JsonNode act(String id, String what, String body) {
    Api.Answer done = send("/" + id + "/" + what, body);
    assertThat(done.status()).as(done.body()).isIn(200, 202);
    return done.json();
  }
}
