package dev.settle.router.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.settle.router.access.RequestSigner;
import dev.settle.router.access.Scope;
import dev.settle.router.app.ApiKeyBook;
import java.net.URI;
import java.net.http.HttpRequest;
import java.sql.Connection;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Calls that are signed with an API key, as a terminal makes them or as somebody forges them. */
public final class SignedCalls {

  private final Api api;
  private final String keyId;
  private final RequestSigner signer;

  private SignedCalls(Api api, String keyId, RequestSigner signer) {
    this.api = api;
    this.keyId = keyId;
    this.signer = signer;
  }

  /** With a new key, which the node may not have heard of yet. */
  public static SignedCalls issue(World world, Api api, Scope scope) throws Exception {
    return issue(world, api, scope, null);
  }

  public static SignedCalls issue(World world, Api api, Scope scope, @Nullable Instant notAfter)
      throws Exception {
    try (Connection connection = world.connect()) {
      String line =
          new ApiKeyBook(connection).issue(world.cipher(), scope, notAfter, "a test's", "test");
      int colon = line.indexOf(':');
      return with(
          api, line.substring(0, colon), Base64.getDecoder().decode(line.substring(colon + 1)));
    }
  }

  /** With whatever key. */
  public static SignedCalls with(Api api, String keyId, byte[] secret) {
    return new SignedCalls(api, keyId, new RequestSigner(keyId, secret));
  }

  /** With the same key, over connections of its own. */
  public SignedCalls overNewConnections() {
    return new SignedCalls(api.as("somebody"), keyId, signer);
  }

  public String keyId() {
    return keyId;
  }

  /** Good headers for a request that is made now. */
  public Map<String, String> headers(String method, String target, String body) {
    return headers(method, target, body, Instant.now().getEpochSecond());
  }

  public Map<String, String> headers(String method, String target, String body, long created) {
    String nonce = UUID.randomUUID().toString();
    return new LinkedHashMap<>(
        signer.headers(method, target, body.getBytes(UTF_8), created, nonce));
  }

  public Api.Answer get(String target) {
    return send("GET", target, headers("GET", target, ""), "");
  }

  public Api.Answer post(String target, String body) {
    return send("POST", target, headers("POST", target, body), body);
  }

  /** Sends these very headers and this body, which need not belong together. */
  public Api.Answer send(String method, String target, Map<String, String> headers, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + target))
            .method(
                method,
                method.equals("GET")
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!method.equals("GET")) {
      request.header(
          "Content-Type", target.endsWith("/bulk") ? "application/x-ndjson" : "application/json");
    }
    headers.forEach(request::header);
    return api.send(request.build());
  }
}
