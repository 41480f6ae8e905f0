package dev.settle.sandbox.bank;

import static dev.settle.sandbox.bank.BankClient.only;
import static dev.settle.sandbox.bank.BankClient.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndingsIT {
  private static final String GOOD = "6222020000001234";
  private static final String SILENT = "6222020000000008";
  private static final String LATER = "6222020000000009";
  private static final String RETURNED = "6222020000000010";
  private static final String PART = "6222020000000012";

  @TempDir Path directory;
  private RunningBank bank;
  private BankClient client;

  @BeforeEach
  void start() {
    Duration delay = Duration.ofMillis(600);
    bank =
        new RunningBank(
            directory.resolve("books.ndjson"), options -> options.withDelays(delay, delay));
    client = bank.client();
  }

  @AfterEach
  void stop() {
    bank.close();
  }

  @Test
  void aSilentAccountIsCreditedAndItsRequestNeverAnswered() throws IOException {
    JsonObject silent = transfer("e1", SILENT, 100);

    assertThat(client.payWithin(Duration.ofMillis(700), transfer("e0", GOOD, 1), silent)).isNull();
    assertThat(client.payWithin(Duration.ofMillis(300), silent)).isNull();

    assertThat(client.enquire("e1").getString("status")).isEqualTo("ACCC");
    assertThat(client.books("")).hasSize(2);
  }

  @Test
  void anAcceptedTransferIsInTheBooksOnlyOnceItIsCredited() {
    JsonObject answer = only(client.pay(transfer("e1", LATER, 100)));

    assertThat(answer).isEqualTo(new JsonObject().put("endToEndId", "e1").put("status", "ACWP"));
    Eventually.until(
        "the credit",
        () -> {
          int booked = client.books("").size();
          int counted = client.summary().getInteger("count");
          boolean credited = status("e1").equals("ACCC");
          assertThat(credited || booked + counted == 0).isTrue();
          return credited;
        });
    assertThat(client.books("")).hasSize(1);
    assertThat(client.books("").get(0).getString("kind")).isEqualTo("CREDIT");
    assertThat(client.summary().getInteger("count")).isEqualTo(1);
    assertThat(only(client.pay(transfer("e1", LATER, 100))).getString("status")).isEqualTo("ACCC");
    assertThat(only(client.pay(transfer("e1", LATER, 101))).getString("reason")).isEqualTo("DUPL");
    assertThat(client.books("")).hasSize(1);
  }

  @Test
  void aReturnedCreditStaysInTheBooksAndShowsInTheStatement() {
    assertThat(only(client.pay(transfer("e1", RETURNED, 100))).getString("status"))
        .isEqualTo("ACCC");
    assertThat(client.enquire("e1").containsKey("returned")).isFalse();
    List<JsonObject> books = client.books("");

    Eventually.until("the return", () -> client.statement().size() == 2);

    JsonObject returned = client.enquire("e1").getJsonObject("returned");
    assertThat(returned.getLong("amountMinor")).isEqualTo(100);
    assertThat(returned.getString("reason")).isEqualTo("AC04");
    assertThat(client.enquire("e1").getString("status")).isEqualTo("ACCC");
    assertThat(client.books("")).isEqualTo(books).hasSize(1);
    assertThat(client.summary().getInteger("count")).isEqualTo(1);
    JsonObject entry = client.statement().get(1);
    assertThat(entry.fieldNames())
        .containsExactly(
            "entryId",
            "endToEndId",
            "kind",
            "amountMinor",
            "currency",
            "account",
            "bookedAt",
            "reason");
    assertThat(entry.getString("kind")).isEqualTo("RETURN");
    assertThat(entry.getString("bookedAt")).isEqualTo(returned.getString("bookedAt"));
    assertThat(entry.getString("entryId"))
        .isNotEqualTo(client.statement().get(0).getString("entryId"));
  }

  @ParameterizedTest
  @CsvSource({"100,50", "101,50", "3,1", "2,1"})
  void aPartIsHalfRoundedDown(long asked, int booked) {
    JsonObject answer = only(client.pay(transfer("e1", PART, asked)));

    assertThat(answer.getString("status")).isEqualTo("ACCC");
    assertThat(answer.getInteger("bookedMinor")).isEqualTo(booked);
    assertThat(only(client.pay(transfer("e1", PART, asked)))).isEqualTo(answer);
    JsonObject enquired = client.enquire("e1");
    assertThat(enquired.getInteger("bookedMinor")).isEqualTo(booked);
    assertThat(enquired.getLong("amountMinor")).isEqualTo(asked);
    assertThat(client.books("").get(0).getInteger("amountMinor")).isEqualTo(booked);
    assertThat(client.statement().get(0).getInteger("amountMinor")).isEqualTo(booked);
    assertThat(client.summary().getJsonObject("amountMinor").getInteger("CNY")).isEqualTo(booked);
  }

  @Test
  void ofOneMinorUnitThereIsNoPart() {
    assertThat(only(client.pay(transfer("e1", PART, 1))))
        .isEqualTo(new JsonObject().put("endToEndId", "e1").put("status", "ACCC"));
  }

  @Test
  void manyEnquiriesAreAnsweredInTheirOrderAndNameWhatWasNeverReceived() {
    client.pay(transfer("e1", GOOD, 100), transfer("e2", "6222020000000004", 5));

    assertThat(client.enquireAll("never", "e2", "e1", "e2"))
        .containsExactly(
            new JsonObject().put("endToEndId", "never").put("status", "NOTFOUND"),
            client.enquire("e2"),
            client.enquire("e1"),
            client.enquire("e2"));
    assertThat(client.post("/credit-transfers/enquiries", "{\"endToEndIds\":[\"a\",7]}").body())
        .contains("\"field\":\"endToEndIds[1]\"");
    String[] tooMany =
        IntStream.rangeClosed(0, CreditTransferParser.MAX_TRANSFERS)
            .mapToObj(i -> "e" + i)
            .toArray(String[]::new);
    String body = new JsonObject().put("endToEndIds", List.of(tooMany)).encode();
    assertThat(client.post("/credit-transfers/enquiries", body).statusCode()).isEqualTo(413);
  }

  @ParameterizedTest
  @CsvSource({"rejectRate,MS03", "unmappedRate,ZZ99"})
  void aTransferIsRejectedByFault(String fault, String reason) {
    client.faults(fault, 1);

    assertThat(only(client.pay(transfer("e1", GOOD, 100))).getString("reason")).isEqualTo(reason);
    client.faults();
    assertThat(only(client.pay(transfer("e1", GOOD, 100))).getString("reason")).isEqualTo(reason);
    assertThat(client.books("")).isEmpty();
    assertThat(client.fired(fault)).isEqualTo(1);
  }

  @Test
  void aPartIsBookedByFault() {
    client.faults("partialRate", 1);

    assertThat(only(client.pay(transfer("e1", GOOD, 100))).getInteger("bookedMinor")).isEqualTo(50);
    assertThat(client.fired("partialRate")).isEqualTo(1);
  }

  @Test
  void aTransferIsAcceptedThenCreditedThenReturnedByFaults() {
    client.faults("acceptedOnlyRate", 1, "returnRate", 1);

    assertThat(only(client.pay(transfer("e1", GOOD, 100))).getString("status")).isEqualTo("ACWP");

    Eventually.until("the return", () -> client.statement().size() == 2);
    assertThat(client.statement())
        .extracting(entry -> entry.getString("kind"))
        .containsExactly("CREDIT", "RETURN");
    assertThat(client.enquire("e1").getJsonObject("returned").getString("reason"))
        .isEqualTo("MS03");
    assertThat(client.fired("acceptedOnlyRate")).isEqualTo(1);
    assertThat(client.fired("returnRate")).isEqualTo(1);
  }

  @Test
  void aRateHitsAboutThatShareAndTheSameTransfersUnderTheSameSeed() {
    client.faults("rejectRate", 0.3);
    JsonObject[] transfers =
        IntStream.range(0, 2_000)
            .mapToObj(i -> transfer("e" + i, GOOD, 10))
            .toArray(JsonObject[]::new);
    client.pay(transfers);

    assertThat(client.fired("rejectRate")).isBetween(500L, 700L);
    assertThat(client.summary().getLong("count")).isEqualTo(2_000 - client.fired("rejectRate"));
    FaultSet same = faults("{\"rejectRate\":0.3}");
    assertThat(same.hits(Fault.REJECT, "e7"))
        .isEqualTo(client.enquire("e7").getString("status").equals("RJCT"));
  }

  private static FaultSet faults(String json) {
    try {
      return FaultSet.parse(json.getBytes(StandardCharsets.UTF_8));
    } catch (MalformedRequest e) {
      throw new AssertionError(e);
    }
  }

  private String status(String id) {
    return client.enquire(id).getString("status");
  }
}
