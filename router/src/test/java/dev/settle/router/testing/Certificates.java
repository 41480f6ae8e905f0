package dev.settle.router.testing;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** Certificates that a test makes for itself. */
public final class Certificates {

  private Certificates() {}

  /** One that signs others. */
  public static X509Bundle authority(String name) {
    try {
      return new CertificateBuilder()
          .subject("CN=" + name)
          .setIsCertificateAuthority(true)
          .ecp256()
          .buildSelfSigned();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A node's, on this machine. */
  public static X509Bundle router(X509Bundle authority) throws Exception {
    return new CertificateBuilder()
        .subject("CN=router")
        .ecp256()
        .addSanDnsName("localhost")
        .addExtendedKeyUsageServerAuth()
        .buildIssuedBy(authority);
  }

  /**
   * TLS as a caller speaks it.
   *
   * @param authority whose certificates he takes for good
   * @param keys with which he shows who he is; null: he does not
   */
  public static SSLContext trusting(X509Bundle authority, KeyManager @Nullable [] keys)
      throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {authority.toTrustManager()}, null);
    return context;
  }
}
