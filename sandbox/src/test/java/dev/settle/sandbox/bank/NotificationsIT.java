package dev.settle.sandbox.bank;

import static dev.settle.sandbox.bank.BankClient.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotificationsIT {
  private static final String GOOD = "6222020000001234";
  private static final String LATER = "6222020000000009";
  private static final String RETURNED = "6222020000000010";
  private static final String PART = "6222020000000012";

  @TempDir Path directory;
  private Receiver receiver;
  private RunningBank bank;
  private BankClient client;

  @BeforeEach
  void start() {
    receiver = new Receiver(request -> 204);
    bank = start(options -> options.withTarget(receiver.target()));
    client = bank.client();
  }

  private RunningBank start(UnaryOperator<BankOptions> more) {
    return new RunningBank(
        directory.resolve("books.ndjson"),
        options ->
            more.apply(options.withDelays(Duration.ofMillis(200), Duration.ofMillis(1_200))));
  }

  @AfterEach
  void stop() {
    bank.close();
    receiver.close();
  }

  @Test
  void tellsSignedWhatTheAnswerDidNotTellWhole() {
    client.pay(
        transfer("plain", GOOD, 1),
        transfer("closed", "6222020000000004", 1),
        transfer("later", LATER, 100),
        transfer("back", RETURNED, 200),
        transfer("part", PART, 301));

    Eventually.until("all", () -> receiver.messages().size() == 4);
    assertThat(receiver.told())
        .containsExactlyInAnyOrder(
            "partial part BOOK", "posted later BOOK", "returned back PDNG", "returned back BOOK");
    assertThat(receiver.messages()).allMatch(Receiver.Message::signed);
    assertThat(receiver.messages()).extracting(Receiver.Message::id).doesNotHaveDuplicates();
    JsonObject part = body("partial part BOOK");
    assertThat(part.fieldNames())
        .containsExactly(
            "type", "occurredAt", "endToEndId", "amountMinor", "currency", "entryStatus");
    assertThat(part.getInteger("amountMinor")).isEqualTo(150);
    assertThat(part.getString("currency")).isEqualTo("CNY");
    assertThat(body("returned back BOOK").getString("reason")).isEqualTo("AC04");
    assertThat(body("returned back BOOK").getInteger("amountMinor")).isEqualTo(200);
    assertThat(receiver.told().indexOf("returned back PDNG"))
        .isLessThan(receiver.told().indexOf("returned back BOOK"));
    Eventually.until("the count", () -> client.fired("notificationsSent") == 4);
  }

  @Test
  void tellsTheNewAccountWhenTheDetailsHaveChanged() {
    String old = "6222020000000000015";
    client.pay(transfer("e1", old, 100));

    Eventually.until("it", () -> receiver.messages().size() == 1);
    JsonObject body = receiver.messages().get(0).body();
    assertThat(body.fieldNames()).containsExactly("type", "occurredAt", "endToEndId", "account");
    assertThat(body.getString("type")).isEqualTo("account-changed");
    assertThat(body.getJsonObject("account"))
        .isEqualTo(
            new JsonObject()
                .put("number", ChangedAccount.of(old))
                .put("bank", "102")
                .put("holder", "张三"));
  }

  @Test
  void tellsEverythingWhenAskedTo() {
    client.faults("notifyAll", true);

    client.pay(transfer("e1", GOOD, 100), transfer("e2", "6222020000000004", 200));
    client.pay(transfer("e1", GOOD, 100));

    Eventually.until("both", () -> receiver.messages().size() == 2);
    assertThat(receiver.told()).containsExactlyInAnyOrder("posted e1 BOOK", "rejected e2 BOOK");
    assertThat(body("rejected e2 BOOK").getString("reason")).isEqualTo("AC04");
    assertThat(body("rejected e2 BOOK").getInteger("amountMinor")).isEqualTo(200);
  }

  @Test
  void aDuplicateHasTheSameIdAndBody() {
    client.faults("duplicateNotificationRate", 1);
    client.pay(transfer("e1", PART, 100));

    Eventually.until("both", () -> receiver.messages().size() == 2);
    assertThat(receiver.messages().get(1)).isEqualTo(receiver.messages().get(0));
    assertThat(client.fired("duplicateNotificationRate")).isEqualTo(1);
  }

  @Test
  void aLateOneComesLateAndADroppedOneNever() {
    client.faults("dropNotificationRate", 1);
    client.pay(transfer("dropped", PART, 100));
    client.faults("lateNotificationMs", 500);
    long start = System.nanoTime();
    client.pay(transfer("late", PART, 100));

    Eventually.until("it", () -> receiver.messages().size() == 1);
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(500_000_000L);
    assertThat(receiver.told()).containsExactly("partial late BOOK");
    assertThat(client.fired("dropNotificationRate")).isEqualTo(1);
    assertThat(client.fired("lateNotificationMs")).isEqualTo(1);
  }

  @Test
  void shuffledOnesComeOutOfOrder() {
    client.faults("shuffleNotifications", true);
    List<String> ids = IntStream.range(0, 30).mapToObj(i -> "e" + i).toList();
    ids.forEach(id -> client.pay(transfer(id, PART, 100)));

    Eventually.until("all", () -> receiver.messages().size() == ids.size());
    assertThat(receiver.messages())
        .extracting(message -> message.body().getString("endToEndId"))
        .containsExactlyInAnyOrderElementsOf(ids)
        .isNotEqualTo(ids);
    assertThat(client.fired("shuffleNotifications")).isEqualTo(ids.size());
  }

  @Test
  void anUnknownOneNamesAnIdThatWasNeverReceived() {
    client.faults("unknownNotificationRate", 1);
    client.pay(transfer("e1", PART, 100));

    Eventually.until("both", () -> receiver.messages().size() == 2);
    String unknown =
        receiver.messages().stream()
            .map(message -> message.body().getString("endToEndId"))
            .filter(id -> !id.equals("e1"))
            .findAny()
            .orElseThrow();
    assertThat(CreditTransferParser.ID.matcher(unknown).matches()).isTrue();
    assertThat(client.enquireAll(unknown).get(0).getString("status")).isEqualTo("NOTFOUND");
    assertThat(client.fired("unknownNotificationRate")).isEqualTo(1);
  }

  @Test
  void aReturnComesBeforeItsConfirmationWhenToldTo() {
    client.faults("returnBeforeConfirmation", true, "acceptedOnlyRate", 1, "returnRate", 1);
    client.pay(transfer("e1", GOOD, 100));

    Eventually.until("all", () -> receiver.messages().size() == 3);
    assertThat(receiver.told())
        .containsExactly("returned e1 PDNG", "returned e1 BOOK", "posted e1 BOOK");
    assertThat(client.fired("returnBeforeConfirmation")).isEqualTo(1);
  }

  @Test
  void isTriedAgainUnderTheSameIdUntilItIsTaken() {
    try (Receiver slow = new Receiver(request -> request < 4 ? 503 : 200)) {
      direct(slow);
      client.pay(transfer("e1", PART, 100));

      Eventually.until("it", () -> client.fired("notificationsSent") == 1);
      assertThat(slow.messages())
          .hasSize(4)
          .extracting(Receiver.Message::id)
          .containsOnly(slow.messages().get(0).id());
      assertThat(client.fired("notificationsGivenUp")).isZero();
    }
  }

  @Test
  void isNotTriedAgainWhereTheReceiverIsGone() {
    try (Receiver gone = new Receiver(request -> 410)) {
      direct(gone);
      client.pay(transfer("e1", PART, 100));

      Eventually.until("it", () -> client.fired("notificationsGivenUp") == 1);
      assertThat(gone.messages()).hasSize(1);
    }
  }

  @Test
  void isGivenUpAfterABoundedNumberOfAttempts() {
    bank.close();
    try (Receiver broken = new Receiver(request -> 500)) {
      bank = start(options -> options.withTarget(broken.target()).withNotificationAttempts(3));
      client = bank.client();
      client.pay(transfer("e1", PART, 100));

      Eventually.until("it", () -> client.fired("notificationsGivenUp") == 1);
      assertThat(broken.messages()).hasSize(3);
    }
  }

  @Test
  void whatWasNotDeliveredIsSentAgainAfterARestart() {
    try (Receiver broken = new Receiver(request -> 500)) {
      direct(broken);
      client.pay(transfer("e1", PART, 100));
      Eventually.until("an attempt", () -> !broken.messages().isEmpty());
    }
    assertThat(receiver.messages()).isEmpty();

    bank.restart();

    Eventually.until("it", () -> receiver.messages().size() == 1);
    assertThat(receiver.told()).containsExactly("partial e1 BOOK");
    Eventually.until("its record", () -> bank.client().fired("notificationsSent") == 1);
    bank.restart();
    bank.client().pay(transfer("e2", PART, 100));
    Eventually.until("the next", () -> receiver.messages().size() == 2);
    assertThat(receiver.told().get(1)).isEqualTo("partial e2 BOOK");
  }

  private void direct(Receiver to) {
    JsonObject target = new JsonObject().put("url", to.url()).put("secret", Receiver.SECRET);
    assertThat(client.put("/notification-target", target.encode()).statusCode()).isEqualTo(204);
  }

  private JsonObject body(String told) {
    return receiver.messages().stream()
        .filter(message -> message.told().equals(told))
        .findFirst()
        .orElseThrow()
        .body();
  }
}
