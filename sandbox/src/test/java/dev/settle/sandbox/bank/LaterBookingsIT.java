package dev.settle.sandbox.bank;

import static dev.settle.sandbox.bank.BankClient.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is promised for later happens, whatever happens to the bank in between. */
class LaterBookingsIT {
  private static final JsonObject LATER = transfer("later", "6222020000000009", 100);
  private static final JsonObject RETURNED = transfer("back", "6222020000000010", 200);
  private static final JsonObject PART = transfer("part", "6222020000000012", 301);

  @TempDir Path directory;
  private RunningBank bank;

  @BeforeEach
  void start() {
    Duration delay = Duration.ofSeconds(2);
    bank =
        new RunningBank(
            directory.resolve("books.ndjson"), options -> options.withDelays(delay, delay));
  }

  @AfterEach
  void stop() {
    bank.close();
  }

  @Test
  void aRestartInTheMiddleLosesNoCreditNoReturnAndNoPart() {
    JsonObject answer = bank.client().pay(LATER, RETURNED, PART);

    bank.restart();

    assertThat(bank.client().pay(LATER, RETURNED, PART)).isEqualTo(answer);
    assertThat(bank.client().summary())
        .isEqualTo(new JsonObject("{\"count\":2,\"amountMinor\":{\"CNY\":350}}"));
    Eventually.until("both", () -> bank.client().statement().size() == 4);
    assertThat(told())
        .containsExactlyInAnyOrder(
            "CREDIT back 200", "CREDIT part 150", "CREDIT later 100", "RETURN back 200");

    List<JsonObject> all = all();
    bank.restart();

    assertThat(all()).isEqualTo(all);
    assertThat(bank.client().summary())
        .isEqualTo(new JsonObject("{\"count\":3,\"amountMinor\":{\"CNY\":450}}"));
    assertThat(bank.client().pay(RETURNED, PART, LATER).encode())
        .contains("\"status\":\"ACCC\"")
        .doesNotContain("ACWP");
    assertThat(bank.client().statement()).hasSize(4);
  }

  @Test
  void whatFellDueWhileTheBankWasStoppedHappensAtTheStartOnce() throws InterruptedException {
    bank.client().pay(LATER, RETURNED);
    bank.stop();
    Thread.sleep(2_100);
    bank.startAgain();

    Eventually.until("both", () -> bank.client().statement().size() == 3);
    bank.restart();
    assertThat(bank.client().statement()).hasSize(3);
    assertThat(bank.client().books(""))
        .extracting(line -> line.getString("endToEndId"))
        .containsExactlyInAnyOrder("back", "later");
    try (BankBooks audit = BankBooks.read(directory.resolve("books.ndjson"))) {
      assertThat(audit.stream().mapToLong(Booking::amountMinor).sum()).isEqualTo(300);
    }
  }

  private List<String> told() {
    return bank.client().statement().stream()
        .map(
            e ->
                e.getString("kind")
                    + " "
                    + e.getString("endToEndId")
                    + " "
                    + e.getLong("amountMinor"))
        .toList();
  }

  private List<JsonObject> all() {
    BankClient client = bank.client();
    return Stream.of(
            client.statement().stream(),
            client.books("").stream(),
            client.enquireAll("later", "back", "part", "never").stream())
        .flatMap(lines -> lines)
        .toList();
  }
}
