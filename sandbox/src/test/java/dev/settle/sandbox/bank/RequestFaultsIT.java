package dev.settle.sandbox.bank;

import static dev.settle.sandbox.bank.BankClient.only;
import static dev.settle.sandbox.bank.BankClient.transfer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestFaultsIT {
  private static final String GOOD = "6222020000001234";
  private static final Duration SHORT = Duration.ofMillis(700);

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

  @ParameterizedTest
  @CsvSource({
    "hangRate,ACCC",
    "slowDripRate,ACCC",
    "hangBeforeBookingRate,NOTFOUND",
  })
  void aHangIsNoAnswerAndTheBooksSayWhatWasBooked(String fault, String booked) throws IOException {
    client.faults(fault, 1);

    assertThat(client.payWithin(SHORT, transfer("e1", GOOD, 100))).isNull();

    assertThat(client.enquireAll("e1").get(0).getString("status")).isEqualTo(booked);
    assertThat(client.fired(fault)).isEqualTo(1);
    client.faults();
    assertThat(only(client.pay(transfer("e1", GOOD, 100))).getString("status")).isEqualTo("ACCC");
    assertThat(client.books("")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"dropAfterBookingRate,ACCC", "dropBeforeBookingRate,NOTFOUND"})
  void aCutConnectionTellsNothingAndTheBooksDo(String fault, String booked) {
    client.faults(fault, 1.0);

    assertThatThrownBy(() -> client.payWithin(Duration.ofSeconds(20), transfer("e1", GOOD, 100)))
        .isInstanceOf(IOException.class);

    assertThat(client.enquireAll("e1").get(0).getString("status")).isEqualTo(booked);
    // The client that was cut off may have sent it once more by itself.
    assertThat(client.fired(fault)).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"error5xxAfterBookingRate,ACCC", "error5xxRate,NOTFOUND"})
  void aFiveHundredTellsNothingAndTheBooksDo(String fault, String booked) {
    client.faults(fault, 1);

    assertThat(post(transfer("e1", GOOD, 100)).statusCode()).isEqualTo(500);

    assertThat(client.enquireAll("e1").get(0).getString("status")).isEqualTo(booked);
    assertThat(client.fired(fault)).isEqualTo(1);
  }

  @Test
  void aWrongBodyIsWrongInEveryWayAndTheTransfersAreBooked() {
    client.faults("wrongBodyRate", 1, "seed", 7);
    Set<String> ways = new TreeSet<>();
    int requests = 40;
    for (int i = 0; i < requests; i++) {
      HttpResponse<String> answer =
          post(transfer("a" + i, GOOD, 100), transfer("b" + i, GOOD, 100));
      assertThat(answer.statusCode()).isEqualTo(200);
      ways.add(wrongness(answer.body()));
    }
    assertThat(ways).containsExactly("ids of others", "not JSON", "one too few", "truncated");
    assertThat(client.summary().getInteger("count")).isEqualTo(2 * requests);
    assertThat(client.fired("wrongBodyRate")).isEqualTo(requests);
  }

  private static String wrongness(String body) {
    if (body.startsWith("<")) {
      return "not JSON";
    }
    try {
      var results = new JsonObject(body).getJsonArray("results");
      assertThat(results.getJsonObject(0).getString("status")).isEqualTo("ACCC");
      return results.size() == 1 ? "one too few" : others(results.getJsonObject(0));
    } catch (DecodeException e) {
      return "truncated";
    }
  }

  private static String others(JsonObject result) {
    return result.getString("endToEndId").startsWith("OTHER-") ? "ids of others" : "right";
  }

  @Test
  void latencyDelaysTransfersAndEnquiriesAndNothingElse() {
    client.pay(transfer("e0", GOOD, 1));
    client.faults("latencyMs", 400);

    assertThat(took(() -> client.pay(transfer("e1", GOOD, 100)))).isGreaterThanOrEqualTo(400);
    assertThat(took(() -> client.enquire("e0"))).isGreaterThanOrEqualTo(400);
    assertThat(took(() -> client.enquireAll("e0", "e1"))).isGreaterThanOrEqualTo(400);
    assertThat(client.fired("latencyMs")).isEqualTo(3);
    client.verify(GOOD, false);
    client.books("");
    assertThat(client.fired("latencyMs")).isEqualTo(3);
  }

  @Test
  void anEnquiryWaitsForTheDelayedRequestsBeforeIt() {
    client.faults("latencyMs", 1_500);
    CompletableFuture<JsonObject> delayed =
        CompletableFuture.supplyAsync(() -> client.pay(transfer("e1", GOOD, 100)));
    Eventually.until("the request", () -> client.fired("latencyMs") == 1);
    client.faults();

    // Without latency it overtakes; NOTFOUND would be a lie about a request that is here.
    assertThat(client.enquireAll("e1").get(0).getString("status")).isEqualTo("ACCC");
    assertThat(only(delayed.join()).getString("status")).isEqualTo("ACCC");
  }

  @Test
  void anEnquiryFailsWhenToldTo() {
    client.pay(transfer("e1", GOOD, 100));
    client.faults("enquiryErrorRate", 1);

    assertThat(client.get("/credit-transfers/e1").statusCode()).isEqualTo(500);
    assertThat(client.fired("enquiryErrorRate")).isEqualTo(1);
    assertThat(only(client.pay(transfer("e1", GOOD, 100))).getString("status")).isEqualTo("ACCC");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/credit-transfers/e1", "/nothing"})
  void aBankThatIsDownCutsEveryConnectionButTheOnesThatSteerIt(String path) {
    client.pay(transfer("e0", GOOD, 1));
    client.faults("down", true);

    assertThatThrownBy(() -> client.get(path)).hasCauseInstanceOf(IOException.class);
    assertThatThrownBy(() -> client.pay(transfer("e1", GOOD, 1)))
        .hasCauseInstanceOf(IOException.class);
    assertThatThrownBy(() -> client.verify(GOOD, true)).hasCauseInstanceOf(IOException.class);
    assertThat(client.fired("down")).isGreaterThanOrEqualTo(3);
    assertThat(client.books("")).hasSize(1);
    assertThat(client.statement()).hasSize(1);
    assertThat(client.summary().getInteger("count")).isEqualTo(1);

    client.faults();
    assertThat(client.enquireAll("e1").get(0).getString("status")).isEqualTo("NOTFOUND");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5678", "6222020000005678"})
  void aSlowAccountHoldsUpItsOwnRequestsOnly(String slow) {
    client.faults("slowAccount", slow, "slowMs", 600);

    CompletableFuture<Long> slowOne =
        CompletableFuture.supplyAsync(
            () ->
                took(
                    () ->
                        client.pay(
                            transfer("e1", GOOD, 1), transfer("e2", "6222020000005678", 1))));
    Eventually.until("the booking", () -> client.summary().getInteger("count") == 2);
    client.pay(transfer("e3", GOOD, 1));

    assertThat(client.fired("slowAccount")).isEqualTo(1);
    assertThat(slowOne.join()).isGreaterThanOrEqualTo(600);
  }

  @Test
  void requestsThatHangDoNotKeepOthersOut() throws IOException {
    client.faults("hangRate", 1);
    List<CompletableFuture<?>> hanging = new ArrayList<>();
    // More in all than may be worked on at once, but not at once: those are answered that it is
    // busy.
    for (int each = 0; each < 2; each++) {
      int from = hanging.size();
      IntStream.range(from, from + 150)
          .forEach(i -> hanging.add(client.payAsync(transfer("e" + i, GOOD, 1))));
      Eventually.until("every hang", () -> client.fired("hangRate") == hanging.size());
    }

    assertThat(client.summary().getInteger("count")).isEqualTo(300);
    client.faults();
    assertThat(client.payWithin(Duration.ofSeconds(20), transfer("x", GOOD, 1))).isNotNull();
    hanging.forEach(request -> request.cancel(true));
  }

  private HttpResponse<String> post(JsonObject... transfers) {
    return client.post("/credit-transfers", BankClient.request(transfers));
  }

  private static long took(Runnable call) {
    long start = System.nanoTime();
    call.run();
    return (System.nanoTime() - start) / 1_000_000;
  }
}
