package dev.settle.sandbox.bank;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultsCallIT {
  @TempDir Path directory;
  private RunningBank bank;
  private BankClient client;

  @BeforeEach
  void start() {
    bank = new RunningBank(directory.resolve("books.ndjson"));
    client = bank.client();
  }

  @AfterEach
  void stop() {
    bank.close();
  }

  @Test
  void aPutReplacesTheWholeSet() {
    client.faults("hangRate", 0.25, "down", true, "slowAccount", "5678", "seed", -5);
    JsonObject first = new JsonObject(client.get("/faults").body());
    assertThat(first.getDouble("hangRate")).isEqualTo(0.25);
    assertThat(first.getBoolean("down")).isTrue();
    assertThat(first.getString("slowAccount")).isEqualTo("5678");
    assertThat(first.getLong("slowMs")).isEqualTo(30_000);
    assertThat(first.getLong("seed")).isEqualTo(-5);

    client.faults("latencyMs", 5);
    JsonObject second = new JsonObject(client.get("/faults").body());
    assertThat(second.getDouble("hangRate")).isZero();
    assertThat(second.getBoolean("down")).isFalse();
    assertThat(second.containsKey("slowAccount")).isFalse();
    assertThat(second.getLong("latencyMs")).isEqualTo(5);
    assertThat(second.getLong("seed")).isEqualTo(FaultSet.DEFAULT_SEED);
    client.put("/faults", second.encode());
    assertThat(new JsonObject(client.get("/faults").body())).isEqualTo(second);
  }

  @ParameterizedTest
  @CsvSource({
    "hangRat,1",
    "hangRate,1.01",
    "hangRate,-0.1",
    "hangRate,true",
    "hangRate,null",
    "latencyMs,60001",
    "latencyMs,-1",
    "latencyMs,1.5",
    "down,1",
    "slowAccount,5678",
    "slowAccount,'\"567\"'",
    "seed,99999999999999999999",
  })
  void aBadFaultIsRefusedByNameAndChangesNothing(String field, String value) {
    client.faults("hangRate", 0.5);

    assertRefused(client.put("/faults", "{\"" + field + "\":" + value + "}"), field);

    assertThat(new JsonObject(client.get("/faults").body()).getDouble("hangRate")).isEqualTo(0.5);
  }

  @ParameterizedTest
  @CsvSource({
    "url,nowhere,c2VjcmV0",
    "url,ftp://127.0.0.1/,c2VjcmV0",
    "secret,http://127.0.0.1:1/,whsec_%%%",
    "secret,http://127.0.0.1:1/,whsec_",
  })
  void aTargetThatCannotBeIsRefusedByItsField(String field, String url, String secret) {
    JsonObject target = new JsonObject().put("url", url).put("secret", secret);

    assertRefused(client.put("/notification-target", target.encode()), field);
  }

  @Test
  void everythingHasFiredZeroTimesAtTheStart() {
    JsonObject fired = new JsonObject(client.get("/faults/fired").body());

    assertThat(fired.fieldNames()).contains("hangRate", "notificationsSent", "down");
    assertThat(fired.stream()).allMatch(count -> count.getValue().equals(0));
  }

  private static void assertRefused(HttpResponse<String> response, String field) {
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(new JsonObject(response.body()).getString("field")).isEqualTo(field);
  }
}
