package dev.settle.router.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.platform.AccessSettings;
import dev.settle.router.platform.TlsSettings;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Certificates;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Set;
import javax.net.ssl.KeyManager;
import org.awaitility.Awaitility;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Where the router ends TLS, a client certificate is as good as a token, and only a good one. */
@ExtendWith(InvariantsHold.class)
class MutualTlsIT {

  private static final X509Bundle AUTHORITY = Certificates.authority("the acquirers' authority");

  @TempDir Path directory;

  private static CertificateBuilder certificate(String... uris) throws Exception {
    CertificateBuilder builder = new CertificateBuilder().subject("CN=till").ecp256();
    for (String uri : uris) {
      builder.addSanUriName(uri);
    }
    return builder.addExtendedKeyUsageClientAuth();
  }

  private static X509Bundle server() throws Exception {
    return Certificates.router(AUTHORITY);
  }

  private void write(X509Bundle server) throws IOException {
    Files.writeString(directory.resolve("router.pem"), server.getCertificatePathPEM());
    Files.writeString(directory.resolve("router.key"), server.getPrivateKeyPEM());
    Files.writeString(directory.resolve("clients.pem"), AUTHORITY.getCertificatePEM());
  }

  private Api start(World world, X509Bundle server) throws Exception {
    return start(world, server, null);
  }

  private Api start(World world, X509Bundle server, @Nullable Path revocations) throws Exception {
    write(server);
    AccessSettings demo = AccessSettings.DEMO;
    world.access(
        new AccessSettings(
            new TlsSettings(
                TlsSettings.EndedBy.ROUTER,
                directory.resolve("router.pem"),
                directory.resolve("router.key"),
                directory.resolve("clients.pem"),
                revocations),
            null,
            "",
            demo.audience(),
            demo.roleClaim(),
            demo.longestToken(),
            false,
            true));
    return world.startNode(1);
  }

  /** The authority's list of certificates that are good no more. */
  private static void revoke(Path file, X509Bundle... revoked) throws Exception {
    Date now = new Date();
    var list = new JcaX509v2CRLBuilder(AUTHORITY.getCertificate(), now);
    for (X509Bundle each : revoked) {
      list.addCRLEntry(each.getCertificate().getSerialNumber(), now, CRLReason.keyCompromise);
    }
    byte[] bytes =
        list.build(
                new JcaContentSignerBuilder("SHA256withECDSA")
                    .build(AUTHORITY.getKeyPair().getPrivate()))
            .getEncoded();
    Files.writeString(
        file,
        "-----BEGIN X509 CRL-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
            + "\n-----END X509 CRL-----\n");
  }

  private static HttpClient client(@Nullable X509Bundle certificate) throws Exception {
    KeyManager[] keys =
        certificate == null ? null : certificate.toKeyManagerFactory().getKeyManagers();
    return HttpClient.newBuilder()
        .sslContext(Certificates.trusting(AUTHORITY, keys))
        .connectTimeout(Duration.ofSeconds(10))
        .build();
  }

  private static HttpResponse<String> get(HttpClient client, Api api, String target)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("https://localhost:" + api.port() + target)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> sell(HttpClient client, Api api, String sale)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("https://localhost:" + api.port() + "/v1/transactions"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(sale))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String code(HttpResponse<String> answer) {
    return answer.statusCode() + " " + Api.parse(answer.body()).path("code").asText();
  }

  @Test
  void a_good_certificate_speaks_for_its_acquirer(World world) throws Exception {
    Api api = start(world, server());
    HttpClient till =
        client(
            certificate("urn:settle:acquirer:48201000", "urn:settle:merchant:M000001")
                .buildIssuedBy(AUTHORITY));

    HttpResponse<String> sold = sell(till, api, Documents.saleJson(1, 1));
    assertThat(sold.statusCode()).as(sold.body()).isEqualTo(201);
    assertThat(sold.version()).isEqualTo(HttpClient.Version.HTTP_2);
    String creditId = Api.parse(sold.body()).path("creditId").asText();
    world.acknowledged().add(Api.parse(Documents.saleJson(1, 1)), creditId);
    assertThat(get(till, api, "/v1/credits/" + creditId).statusCode()).isEqualTo(200);
    assertThat(code(sell(till, api, Documents.saleJson(2, 2)))).isEqualTo("403 not-your-merchant");
    assertThat(code(sell(till, api, Documents.saleJson(1, 3).replace("48201000", "48209999"))))
        .isEqualTo("403 not-your-acquirer");
    assertThat(code(get(till, api, "/v1/unposted"))).isEqualTo("403 forbidden");

    HttpClient other = client(certificate("urn:settle:acquirer:48209999").buildIssuedBy(AUTHORITY));
    assertThat(code(get(other, api, "/v1/credits/" + creditId))).isEqualTo("404 not-found");
  }

  @Test
  void who_shows_none_needs_something_else_and_a_token_that_is_sent_counts(World world)
      throws Exception {
    Api api = start(world, server());
    HttpClient browser = client(null);
    assertThat(code(get(browser, api, "/v1/unposted"))).isEqualTo("401 unauthenticated");
    HttpClient till = client(certificate("urn:settle:acquirer:48201000").buildIssuedBy(AUTHORITY));
    for (HttpClient client : Set.of(browser, till)) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("https://localhost:" + api.port() + "/v1/unposted"))
                  .header("Authorization", "Bearer " + api.token(Role.AUDITOR))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
    }
    HttpResponse<String> forged =
        till.send(
            HttpRequest.newBuilder(
                    URI.create("https://localhost:" + api.port() + "/v1/credits/C0000000000001"))
                .header("Authorization", "Bearer a.b.c")
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(code(forged)).isEqualTo("401 token-invalid");
  }

  @Test
  void certificates_that_are_forged_expired_or_name_nobody_are_refused(World world)
      throws Exception {
    Api api = start(world, server());
    String target = "/v1/credits/C0000000000001";
    X509Bundle stranger = Certificates.authority("the acquirers' authority");
    Instant now = Instant.now();
    for (X509Bundle bad :
        Set.of(
            certificate("urn:settle:acquirer:48201000").buildIssuedBy(stranger),
            certificate("urn:settle:acquirer:48201000")
                .notBefore(now.minusSeconds(7_200))
                .notAfter(now.minusSeconds(3_600))
                .buildIssuedBy(AUTHORITY),
            certificate("urn:settle:acquirer:48201000")
                .notBefore(now.plusSeconds(3_600))
                .notAfter(now.plusSeconds(7_200))
                .buildIssuedBy(AUTHORITY))) {
      assertThatThrownBy(() -> get(client(bad), api, target)).isInstanceOf(IOException.class);
    }
    Awaitility.await("each is counted")
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> api.metric("settlement_calls_refused_total{code=\"certificate-refused\"}") == 3);
    for (X509Bundle nobody :
        Set.of(
            certificate().buildIssuedBy(AUTHORITY),
            certificate("urn:settle:acquirer:").buildIssuedBy(AUTHORITY),
            certificate("urn:settle:acquirer:4820x").buildIssuedBy(AUTHORITY),
            certificate("urn:settle:acquirer:48201000", "urn:settle:merchant:*")
                .buildIssuedBy(AUTHORITY),
            certificate("urn:settle:acquirer:48201000", "urn:settle:acquirer:48209999")
                .buildIssuedBy(AUTHORITY),
            certificate("https://acquirer/48201000").buildIssuedBy(AUTHORITY))) {
      assertThat(code(get(client(nobody), api, target))).isEqualTo("401 certificate-unknown");
    }
    RefusalsRecorded.assertAll(world, api, 9);
  }

  @Test
  void a_revoked_certificate_is_refused_as_soon_as_the_list_has_it(World world) throws Exception {
    X509Bundle stolen = certificate("urn:settle:acquirer:48201000").buildIssuedBy(AUTHORITY);
    X509Bundle other = certificate("urn:settle:acquirer:48201000").buildIssuedBy(AUTHORITY);
    Path list = directory.resolve("revoked.pem");
    revoke(list);
    Api api = start(world, server(), list);
    String target = "/v1/credits/C0000000000001";
    assertThat(get(client(stolen), api, target).statusCode()).isEqualTo(404);
    revoke(list, stolen);
    Awaitility.await("new connections are refused")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> get(client(stolen), api, target))
                    .isInstanceOf(IOException.class));
    assertThat(get(client(other), api, target).statusCode()).isEqualTo(404);
  }

  @Test
  void a_certificate_expires_on_an_open_connection_too(World world) throws Exception {
    Api api = start(world, server());
    HttpClient till =
        client(
            certificate("urn:settle:acquirer:48201000")
                .notAfter(Instant.now().plusSeconds(4))
                .buildIssuedBy(AUTHORITY));
    String target = "/v1/credits/C0000000000001";
    assertThat(get(till, api, target).statusCode()).isEqualTo(404);
    Awaitility.await("it expires")
        .atMost(Duration.ofSeconds(15))
        .until(() -> get(till, api, target).statusCode() == 401);
    assertThat(code(get(till, api, target))).isEqualTo("401 certificate-expired");
  }

  @Test
  void a_renewed_certificate_is_shown_without_a_restart(World world) throws Exception {
    X509Bundle first = server();
    Api api = start(world, first);
    assertThat(shown(api)).isEqualTo(first.getCertificate());
    X509Bundle second = server();
    write(second);
    Awaitility.await("new connections see it")
        .atMost(Duration.ofSeconds(30))
        .until(() -> shown(api).equals(second.getCertificate()));
  }

  private static X509Certificate shown(Api api) throws Exception {
    HttpResponse<String> answer = get(client(null), api, "/openapi.yaml");
    return (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
  }
}
