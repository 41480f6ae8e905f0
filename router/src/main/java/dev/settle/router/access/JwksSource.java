package dev.settle.router.access;

import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Limits;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Fetches an issuer's JWK Set, from a file or over HTTP, with bounds on time and length. */
final class JwksSource {

  private JwksSource() {}

  /**
   * What fetches the document that {@code where} names. Follows no redirection, for that would let
   * somebody else say what the keys are.
   *
   * @throws ConfigurationException for what is neither a readable file nor an address that nobody
   *     on the way can answer for
   */
  static Supplier<Future<String>> of(Vertx vertx, String where) {
    if (!where.matches("https?://.*")) {
      Path file = Path.of(where);
      if (!Files.isReadable(file)) {
        throw new ConfigurationException("settle.token.jwks: cannot read " + file);
      }
      return () -> vertx.fileSystem().readFile(where).map(JwksSource::bounded);
    }
    URI address = URI.create(where);
    if (address.getHost() == null
        || (address.getScheme().equals("http") && !isThisMachine(address.getHost()))) {
      throw new ConfigurationException(
          "settle.token.jwks: an https address is expected, or a file; over http whoever is on the way"
              + " could put in keys of his own");
    }
    HttpClient client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout((int) Limits.JWKS_ANSWER.toMillis()),
            new PoolOptions().setHttp1MaxSize(1));
    RequestOptions request =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(where)
            .setFollowRedirects(false)
            .setTimeout(Limits.JWKS_ANSWER.toMillis())
            .putHeader("Accept", "application/jwk-set+json, application/json");
    return () ->
        client
            .request(request)
            .compose(sent -> sent.send().compose(JwksSource::body))
            .map(JwksSource::bounded);
  }

  /** As an address; of names only the one that is never asked of anybody else. */
  private static boolean isThisMachine(String host) {
    InetAddress literal = NetUtil.createInetAddressFromIpAddressString(host);
    return literal == null ? host.equals("localhost") : literal.isLoopbackAddress();
  }

  private static Future<Buffer> body(HttpClientResponse response) {
    if (response.statusCode() != 200) {
      return Future.failedFuture("its source answered " + response.statusCode());
    }
    Buffer body = Buffer.buffer();
    io.vertx.core.Promise<Buffer> whole = io.vertx.core.Promise.promise();
    response.handler(
        piece -> {
          if (body.length() + piece.length() > Limits.JWKS_BYTES) {
            whole.tryFail("the document is too long");
            response.request().reset();
          } else {
            body.appendBuffer(piece);
          }
        });
    response.exceptionHandler(whole::tryFail);
    response.endHandler(end -> whole.tryComplete(body));
    return whole.future();
  }

  private static String bounded(Buffer document) {
    if (document.length() > Limits.JWKS_BYTES) {
      throw new IllegalArgumentException("the document is too long");
    }
    return document.toString();
  }
}
