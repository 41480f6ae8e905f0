package dev.settle.router.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.settle.router.platform.Limits;
import io.vertx.core.http.HttpConnection;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Whom a client certificate speaks for: a terminal of the acquirer that one of its alternative
 * names is, {@code urn:settle:acquirer:48201000}; names {@code urn:settle:merchant:M000001} keep it
 * to these merchants. That the certificate is good, TLS has proved before. Looked at once for each
 * connection; belongs to one event loop.
 */
final class ClientCertificates {

  private static final String ACQUIRER = "urn:settle:acquirer:";
  private static final String MERCHANT = "urn:settle:merchant:";

  /** A URI among the alternative names, as {@link X509Certificate} numbers them. */
  private static final int URI = 6;

  private final Cache<HttpConnection, Shown> known =
      Caffeine.newBuilder().weakKeys().maximumSize(Limits.CERTIFIED_CONNECTIONS).build();

  /**
   * Whether a connection showed a certificate, and whom that speaks for.
   *
   * @param caller null: it names nobody
   * @param first whether the connection is looked at for the first time
   */
  record Shown(boolean certificate, @Nullable Principal caller, boolean first) {}

  private static final Shown NONE = new Shown(false, null, false);

  Shown of(HttpConnection connection) {
    if (!connection.isSsl()) {
      return NONE;
    }
    Shown before = known.getIfPresent(connection);
    if (before != null) {
      return before;
    }
    Shown shown = look(connection);
    known.put(connection, shown);
    return new Shown(shown.certificate(), shown.caller(), true);
  }

  private static Shown look(HttpConnection connection) {
    try {
      SSLSession session = connection.sslSession();
      Certificate[] chain = session == null ? new Certificate[0] : session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate certificate
          ? new Shown(true, caller(certificate), false)
          : NONE;
    } catch (SSLPeerUnverifiedException noneShown) {
      return NONE;
    }
  }

  /** Whom a certificate speaks for, or null when it names no acquirer, or more than one. */
  static @Nullable Principal caller(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      Set<String> acquirers = new HashSet<>();
      Set<String> merchants = new HashSet<>();
      for (List<?> name : names == null ? List.<List<?>>of() : names) {
        if (name.get(0).equals(URI) && name.get(1) instanceof String uri) {
          after(ACQUIRER, uri).ifPresent(acquirers::add);
          after(MERCHANT, uri).ifPresent(merchants::add);
        }
      }
      return acquirers.size() != 1
          ? null
          : new Principal(
              Principal.CERTIFICATE + certificate.getSerialNumber().toString(16),
              Role.TERMINAL,
              certificate.getNotAfter().toInstant(),
              new Scope(acquirers.iterator().next(), merchants));
    } catch (CertificateParsingException | IllegalArgumentException notOurs) {
      return null;
    }
  }

  private static Optional<String> after(String prefix, String uri) {
    return uri.startsWith(prefix) ? Optional.of(uri.substring(prefix.length())) : Optional.empty();
  }
}
