package dev.settle.router.app;

import dev.settle.router.access.Credentials;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.TlsSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends TLS on one event loop's server, where the settings say that the router does: HTTP/1.1 and
 * h2, TLS 1.3 and 1.2, client certificates asked for and not insisted on, because people have
 * tokens. Certificates that are renewed on disk are used for connections made from then on.
 */
final class Tls {

  private static final Logger LOG = LoggerFactory.getLogger(Tls.class);
  private static final Set<String> PROTOCOLS = Set.of("TLSv1.3", "TLSv1.2");

  private final TlsSettings settings;
  private String renewed = "";

  Tls(TlsSettings settings) {
    this.settings = settings;
  }

  /** Makes the server that these are for one that ends TLS, if it is to. */
  HttpServerOptions applyTo(HttpServerOptions options) {
    if (!settings.isOurs()) {
      return options;
    }
    renewed = stamp();
    options.setSsl(true).setUseAlpn(true);
    fill(options.getSslOptions());
    return options;
  }

  /** Looks every few seconds whether the files were renewed. */
  void watch(Vertx vertx, HttpServer server) {
    if (settings.isOurs()) {
      vertx.setPeriodic(Limits.CERTIFICATES_EVERY.toMillis(), tick -> look(vertx, server));
    }
  }

  private void look(Vertx vertx, HttpServer server) {
    vertx
        .executeBlocking(this::stamp)
        .compose(now -> now.equals(renewed) ? Future.succeededFuture() : renew(server, now))
        .onFailure(
            failure ->
                LOG.error(
                    "the renewed certificate cannot be used; going on with the old one: {}",
                    failure.toString()));
  }

  private Future<Void> renew(HttpServer server, String now) {
    ServerSSLOptions options = new ServerSSLOptions();
    options.setUseAlpn(true).setApplicationLayerProtocols(List.of("h2", "http/1.1"));
    fill(options);
    // What was tried once is not tried again before it changes.
    renewed = now;
    return server
        .updateSSLOptions(
            options, true) // The files have the same names: to Vert.x nothing changed.
        .onSuccess(done -> LOG.info("new connections see the renewed certificate"))
        .mapEmpty();
  }

  private void fill(ServerSSLOptions options) {
    options.setKeyCertOptions(certificate()).setEnabledSecureTransportProtocols(PROTOCOLS);
    Path authority = settings.clientAuthority();
    if (authority != null) {
      options.setClientAuth(ClientAuth.REQUEST).setTrustOptions(trust(authority));
    }
    Path revocations = settings.clientRevocations();
    if (revocations != null) {
      options.addCrlPath(revocations.toString());
    }
  }

  private PemKeyCertOptions certificate() {
    return new PemKeyCertOptions()
        .setCertPath(String.valueOf(settings.certificate()))
        .setKeyPath(String.valueOf(settings.key()));
  }

  private static PemTrustOptions trust(Path authority) {
    return new PemTrustOptions().addCertPath(authority.toString());
  }

  /** Changes when one of the files does. */
  private String stamp() {
    StringBuilder stamp = new StringBuilder();
    Stream.of(
            settings.certificate(),
            settings.key(),
            settings.clientAuthority(),
            settings.clientRevocations())
        .forEach(
            file -> {
              try {
                stamp.append(file == null ? "" : Files.getLastModifiedTime(file)).append(' ');
              } catch (IOException gone) {
                throw new ConfigurationException("cannot read " + file);
              }
            });
    return stamp.toString();
  }

  /** Hears of connections that were refused for the certificate that the client showed. */
  static void hear(Throwable failure, Credentials credentials) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException || cause instanceof CertPathValidatorException) {
        credentials.certificateRefused();
        return;
      }
    }
  }
}
