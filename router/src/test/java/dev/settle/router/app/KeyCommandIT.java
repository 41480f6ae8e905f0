package dev.settle.router.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** From {@code settle key issue} over {@code settle sign} to a sale, and to the key's end. */
@ExtendWith(InvariantsHold.class)
class KeyCommandIT {

  private static final String CARD = "6222021000000010010";

  @TempDir Path directory;

  @AfterEach
  void forget() {
    System.getProperties().keySet().removeIf(name -> name.toString().startsWith("settle."));
  }

  private static String run(Object command, int exit, String... arguments) {
    StringWriter out = new StringWriter();
    CommandLine line =
        new CommandLine(command).setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
    assertThat(Cli.run(line, arguments)).as(out.toString()).isEqualTo(exit);
    return out.toString();
  }

  private static Api.Answer send(Api api, String headers, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + "/v1/transactions"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    headers
        .lines()
        .map(header -> header.split(": ", 2))
        .forEach(header -> request.header(header[0], header[1]));
    return api.send(request.build());
  }

  @Test
  void a_key_is_issued_signed_with_listed_and_revoked(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    var database = world.databaseSettings();
    System.setProperty("settle.database.url", database.url());
    System.setProperty("settle.database.user", database.user());
    System.setProperty("settle.database.password", database.password());
    System.setProperty("settle.account.keyset.file", world.accountKeyset().toString());

    assertThat(run(new KeyCommand(), 2, "issue")).contains("--acquirer");
    assertThat(run(new KeyCommand(), 2, "issue", "--acquirer", "x")).contains("11 digits");
    assertThat(run(new KeyCommand(), 2, "issue", "--acquirer", "1", "--days", "0"))
        .contains("--days");
    for (String option : List.of("--note", "--by")) {
      assertThat(run(new KeyCommand(), 2, "issue", "--acquirer", "1", option, CARD))
          .contains(option, "account number")
          .doesNotContain(CARD);
    }
    assertThat(run(new KeyCommand(), 2)).contains("Usage", "issue|list|revoke");
    Path key = directory.resolve("host.key");
    String[] issue = {
      "issue",
      "--acquirer",
      "48201000",
      "--merchants",
      "M000001",
      "--by",
      "olga",
      "--note",
      "a host",
      "--out",
      key.toString()
    };
    String issued = run(new KeyCommand(), 0, issue);
    String keyId = issued.split("[ :]")[1];
    String secret = Files.readString(key).strip().split(":")[1];
    assertThat(issued).doesNotContain(secret);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    assertThat(run(new KeyCommand(), 2, issue)).contains("there already");
    assertThat(run(new KeyCommand(), 0, "list"))
        .contains(keyId, "48201000", "1 merchants", "olga", "good until", "a host")
        .doesNotContain(secret);

    String sale = Documents.saleJson(1, 1);
    Path body = Files.writeString(directory.resolve("sale.json"), sale);
    String[] sign = {
      "POST", "/v1/transactions", "--body", body.toString(), "--key", key.toString()
    };
    Awaitility.await("the node hears of the key")
        .atMost(Duration.ofSeconds(10))
        .until(() -> send(api, run(new SignCommand(), 0, sign), sale).status() != 401);
    Api.Answer again = send(api, run(new SignCommand(), 0, sign), sale);
    assertThat(again.status()).isEqualTo(200);
    world.acknowledged().add(Api.parse(sale), again.json().path("creditId").asText());
    assertThat(run(new SignCommand(), 2, "GET", "v1", "--key", key.toString())).contains("slash");
    assertThat(run(new SignCommand(), 2, "GET", "/v1", "--key", body.toString()))
        .contains("holds no API key")
        .doesNotContain("48201000");

    assertThat(run(new KeyCommand(), 2, "revoke", keyId)).contains("--reason");
    assertThat(run(new KeyCommand(), 2, "revoke", keyId, "--reason", "card " + CARD))
        .contains("--reason", "account number")
        .doesNotContain(CARD);
    assertThat(run(new KeyCommand(), 2, "revoke", "key-none", "--reason", "x"))
        .contains("there is no API key key-none");
    assertThat(run(new KeyCommand(), 0, "revoke", keyId, "--reason", "lost", "--by", "olga"))
        .contains("revoked " + keyId);
    assertThat(run(new KeyCommand(), 0, "revoke", keyId, "--reason", "lost")).contains("before");
    assertThat(run(new KeyCommand(), 0, "list")).contains("revoked by olga: lost");
    Awaitility.await("it is refused")
        .atMost(Duration.ofSeconds(5))
        .until(() -> send(api, run(new SignCommand(), 0, sign), sale).status() == 401);
  }
}
