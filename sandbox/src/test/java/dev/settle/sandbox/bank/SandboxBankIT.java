package dev.settle.sandbox.bank;

import static dev.settle.sandbox.bank.BankClient.request;
import static dev.settle.sandbox.bank.BankClient.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxBankIT {
  private static final String GOOD = "6222020000001234";

  @TempDir Path directory;
  private RunningBank bank;
  private BankClient client;

  @BeforeEach
  void start() {
    bank = new RunningBank(directory.resolve("bank/books.ndjson"));
    client = bank.client();
  }

  @AfterEach
  void stop() {
    bank.close();
  }

  @Test
  void answersInTheOrderOfTheRequest() {
    JsonObject answer =
        client.pay(
            transfer("e1", GOOD, 100),
            transfer("e2", "6222020000000004", 200),
            transfer("e3", GOOD, 300));

    assertThat(answer)
        .isEqualTo(
            new JsonObject(
                """
                {"messageId":"message-1","results":[
                  {"endToEndId":"e1","status":"ACCC"},
                  {"endToEndId":"e2","status":"RJCT","reason":"AC04"},
                  {"endToEndId":"e3","status":"ACCC"}]}"""));
    assertThat(client.summary()).isEqualTo(totals(2, 400));
  }

  @ParameterizedTest
  @CsvSource({"0004,AC04", "0006,AC06", "0015,AC15", "0001,BE01", "0002,AM02"})
  void rejectsByTheLastFourDigitsAndBooksNothing(String ending, String reason) {
    JsonObject result = only(client.pay(transfer("e1", "622202000000" + ending, 100)));

    assertThat(result.getString("status")).isEqualTo("RJCT");
    assertThat(result.getString("reason")).isEqualTo(reason);
    assertThat(client.books("")).isEmpty();
    assertThat(client.summary()).isEqualTo(new JsonObject("{\"count\":0,\"amountMinor\":{}}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0000", "0003", "0100", "4444"})
  void creditsEveryOtherAccountAtOnce(String ending) {
    assertThat(only(client.pay(transfer("e1", "622202000000" + ending, 100))).getString("status"))
        .isEqualTo("ACCC");
  }

  @Test
  void answersTheSameIdAndContentAsTheFirstTimeAndBooksOnce() {
    JsonObject booked = transfer("e1", GOOD, 100);
    JsonObject rejected = transfer("e2", "6222020000000006", 100);
    JsonObject first = client.pay(booked, rejected);

    assertThat(client.pay(booked, rejected)).isEqualTo(first);
    assertThat(client.summary()).isEqualTo(totals(1, 100));
  }

  @Test
  void refusesTheSameIdWithOtherContentAndKeepsTheFirst() {
    client.pay(transfer("e1", GOOD, 100));

    Stream.of(
            transfer("e1", GOOD, 101),
            transfer("e1", "6222020000001235", 100),
            transfer("e1", GOOD, 100).put("currency", "USD"),
            transfer("e1", GOOD, 100).put("holder", "李四"),
            transfer("e1", GOOD, 100).put("bank", "103"))
        .map(other -> only(client.pay(other)))
        .forEach(
            result -> {
              assertThat(result.getString("status")).isEqualTo("RJCT");
              assertThat(result.getString("reason")).isEqualTo("DUPL");
            });
    assertThat(client.summary()).isEqualTo(totals(1, 100));
    assertThat(enquire("e1").getString("status")).isEqualTo("ACCC");
  }

  @Test
  void treatsAnIdTwiceInOneRequestLikeTwoRequests() {
    JsonArray results =
        client
            .pay(transfer("e1", GOOD, 100), transfer("e1", GOOD, 100), transfer("e1", GOOD, 7))
            .getJsonArray("results");

    assertThat(results.getJsonObject(1)).isEqualTo(results.getJsonObject(0));
    assertThat(results.getJsonObject(2).getString("reason")).isEqualTo("DUPL");
    assertThat(client.summary()).isEqualTo(totals(1, 100));
  }

  @Test
  void booksConcurrentDuplicatesOnce() {
    JsonObject[] transfers =
        IntStream.range(0, 200)
            .mapToObj(i -> transfer("e" + i, GOOD, 10))
            .toArray(JsonObject[]::new);

    List<CompletableFuture<JsonObject>> answers =
        IntStream.range(0, 16)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> client.pay(transfers)))
            .toList();

    assertThat(answers.stream().map(CompletableFuture::join).distinct()).hasSize(1);
    assertThat(client.summary()).isEqualTo(totals(200, 2_000));
    assertThat(client.books("")).hasSize(200);
  }

  @Test
  void enquiryTellsTheVerdictTheAmountAndTheCurrency() {
    client.pay(transfer("e1", GOOD, 100), transfer("e2", "6222020000000002", 200));

    assertThat(enquire("e1"))
        .isEqualTo(
            new JsonObject(
                """
                {"endToEndId":"e1","status":"ACCC","amountMinor":100,"currency":"CNY"}"""));
    assertThat(enquire("e2"))
        .isEqualTo(
            new JsonObject(
                """
                {"endToEndId":"e2","status":"RJCT","reason":"AM02","amountMinor":200,"currency":"CNY"}"""));
    assertProblem(client.get("/credit-transfers/never"), 404, "not-found");
  }

  @Test
  void showsEveryBookingWithItsFullAccountSinceATime() {
    client.pay(transfer("e1", GOOD, 100), transfer("e2", "6222020000000004", 200));
    client.pay(transfer("e3", "6222020000005678", 300));

    List<JsonObject> books = client.books("");
    assertThat(books).extracting(line -> line.getString("endToEndId")).containsExactly("e1", "e3");
    assertThat(books.get(0).fieldNames())
        .containsExactly("endToEndId", "account", "amountMinor", "currency", "bookedAt", "kind");
    assertThat(books.get(0).getString("account")).isEqualTo(GOOD);
    assertThat(books.get(0).getString("kind")).isEqualTo("CREDIT");
    assertThat(books.get(1).getLong("amountMinor")).isEqualTo(300);

    String second = books.get(1).getString("bookedAt");
    assertThat(client.books(second)).containsExactly(books.get(1));
    assertThat(client.books("2999-01-01T00:00:00+08:00")).isEmpty();
    assertThat(Instant.parse(second)).isBeforeOrEqualTo(Instant.now());
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "2026-11-22", "2026-11-22T10:00:00", ""})
  void refusesASinceThatIsNoTime(String since) {
    assertProblem(client.get("/books?since=" + since), 400, "malformed", "since");
  }

  @ParameterizedTest
  @CsvSource({"1234,MATCH", "0004,MATCH", "0001,NO_MATCH", "0100,NOT_CHECKED", "0101,CLOSE"})
  void verifiesTheNameByTheLastFourDigits(String ending, String match) {
    assertThat(client.verify("622202000000" + ending, false))
        .isEqualTo(new JsonObject().put("nameMatch", match));
    assertThat(client.books("")).isEmpty();
  }

  @Test
  void booksATestCreditApartFromTheCredits() {
    JsonObject answer = client.verify(GOOD, true);

    assertThat(answer.getString("nameMatch")).isEqualTo("MATCH");
    assertThat(answer.getJsonObject("testCredit").getString("status")).isEqualTo("ACCC");
    JsonObject booking = client.books("").get(0);
    assertThat(booking.getString("kind")).isEqualTo("TEST_CREDIT");
    assertThat(booking.getLong("amountMinor")).isEqualTo(1);
    assertThat(booking.getString("currency")).isEqualTo("CNY");
    assertThat(client.summary().getLong("count")).isZero();
  }

  @Test
  void aVerificationAskedAgainBooksNoSecondTestCredit() {
    JsonObject first = client.verify(GOOD, "change-1");

    assertThat(first.getJsonObject("testCredit").getString("status")).isEqualTo("ACCC");
    assertThat(client.verify(GOOD, "change-1")).isEqualTo(first);
    assertThat(client.books("")).hasSize(1);
    client.verify(GOOD, "change-2");
    client.verify(GOOD, "1");
    client.verify(GOOD, true);
    assertThat(client.books(""))
        .hasSize(4)
        .extracting(line -> line.getString("endToEndId"))
        .doesNotHaveDuplicates();
  }

  @Test
  void concurrentVerificationsUnderOneIdBookOnce() {
    List<CompletableFuture<JsonObject>> answers =
        IntStream.range(0, 16)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> client.verify(GOOD, "change-1")))
            .toList();

    assertThat(answers.stream().map(CompletableFuture::join).distinct()).hasSize(1);
    assertThat(client.books("")).hasSize(1);
  }

  @Test
  void aVerificationsIdIsNotForAnotherAccount() {
    client.verify(GOOD, "change-1");

    assertThat(client.verify("6222020000001235", "change-1").getJsonObject("testCredit"))
        .isEqualTo(new JsonObject("{\"status\":\"RJCT\",\"reason\":\"DUPL\"}"));
    assertThat(client.books("")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"0004,AC04", "0006,AC06", "0015,AC15", "0001,BE01", "0002,AM02"})
  void aTestCreditIsRefusedAsACreditWouldBe(String ending, String reason) {
    JsonObject refused =
        client.verify("622202000000" + ending, "change-1").getJsonObject("testCredit");

    assertThat(refused).isEqualTo(new JsonObject().put("status", "RJCT").put("reason", reason));
    assertThat(client.books("")).isEmpty();
  }

  @Test
  void booksNoTestCreditToAnAccountThatRejectsCredits() {
    JsonObject answer = client.verify("6222020000000004", true);

    assertThat(answer.getJsonObject("testCredit"))
        .isEqualTo(new JsonObject("{\"status\":\"RJCT\",\"reason\":\"AC04\"}"));
    assertThat(client.books("")).isEmpty();
  }

  @Test
  void namesTheFieldThatIsMalformedAndBooksNothing() {
    JsonObject good = transfer("e1", GOOD, 100);
    refusedAt("body", "not json");
    refusedAt("body", "[]");
    refusedAt("body", "");
    refusedAt("body", request(good) + "{}");
    refusedAt("messageId", "{\"transfers\":[" + good.encode() + "]}");
    refusedAt("transfers", "{\"messageId\":\"m\",\"transfers\":[]}");
    refusedAt("transfers", "{\"messageId\":\"m\",\"transfers\":{}}");
    refusedAt("surprise", "{\"messageId\":\"m\",\"surprise\":1}");
    refusedAt("messageId", "{\"messageId\":\"m\",\"messageId\":\"m\"}");
    refusedAt("transfers[0]", "{\"messageId\":\"m\",\"transfers\":[7]}");
    refusedAt("transfers[1].amountMinor", request(good, transfer("e2", GOOD, 0)));
    refusedAt("transfers[1].amountMinor", request(good, transfer("e2", GOOD, -5)));
    refusedAt("transfers[0].holder", request(without(good, "holder")));
    refusedAt("transfers[0].colour", request(good.copy().put("colour", "red")));
    refusedAt("transfers[0].account", request(good.copy().put("account", 6222)));
    refusedAt("transfers[0].account", request(good.copy().put("account", "123")));
    refusedAt("transfers[0].currency", request(good.copy().put("currency", "yuan")));
    refusedAt("transfers[0].endToEndId", request(good.copy().put("endToEndId", "a/b")));
    refusedAt("transfers[0].holder", request(good.copy().put("holder", "a\u0000b")));
    for (String amount : List.of("1.5", "1e2", "9223372036854775808", "\"100\"", "null", "true")) {
      refusedAt("transfers[0].amountMinor", request(good).replace(":100,", ":" + amount + ","));
    }
    assertThat(client.books("")).isEmpty();
    assertThat(client.get("/credit-transfers/e1").statusCode()).isEqualTo(404);
  }

  @Test
  void namesTheFieldOfAVerificationThatIsMalformed() {
    String body =
        "{\"account\":\"6222020000001234\",\"bank\":\"102\",\"holder\":\"x\",\"testCredit\":1}";
    assertProblem(client.post("/accounts/verify", body), 400, "malformed", "testCredit");
    String idOfAnotherShape = body.replace("\"testCredit\":1", "\"requestId\":\"TEST/REQUEST/1\"");
    assertProblem(client.post("/accounts/verify", idOfAnotherShape), 400, "malformed", "requestId");
  }

  @Test
  void refusesMoreThanItsLimits() {
    JsonObject[] tooMany =
        IntStream.rangeClosed(0, CreditTransferParser.MAX_TRANSFERS)
            .mapToObj(i -> transfer("e" + i, GOOD, 1))
            .toArray(JsonObject[]::new);
    assertProblem(
        client.post("/credit-transfers", request(tooMany)), 413, "too-large", "transfers");
    String spaces = " ".repeat(BankEndpoint.MAX_BODY_BYTES);
    assertProblem(
        client.post("/credit-transfers", spaces + request(tooMany)), 413, "too-large", "body");
    assertThat(client.books("")).isEmpty();
  }

  @Test
  void takesExactlyItsLimit() {
    JsonObject[] most =
        IntStream.range(0, CreditTransferParser.MAX_TRANSFERS)
            .mapToObj(i -> transfer("e" + i, GOOD, 1))
            .toArray(JsonObject[]::new);

    assertThat(client.pay(most).getJsonArray("results")).hasSize(most.length);
    assertThat(client.summary()).isEqualTo(totals(most.length, most.length));
  }

  @Test
  void countsBeyondALongWithoutLosingACent() {
    client.pay(transfer("e1", GOOD, Long.MAX_VALUE), transfer("e2", GOOD, Long.MAX_VALUE));

    assertThat(client.get("/books/summary").body()).contains("18446744073709551614");
  }

  private void refusedAt(String field, String body) {
    assertProblem(client.post("/credit-transfers", body), 400, "malformed", field);
  }

  private JsonObject enquire(String id) {
    return new JsonObject(client.get("/credit-transfers/" + id).body());
  }

  private static JsonObject only(JsonObject answer) {
    return answer.getJsonArray("results").getJsonObject(0);
  }

  private static JsonObject without(JsonObject transfer, String field) {
    JsonObject copy = transfer.copy();
    copy.remove(field);
    return copy;
  }

  private static JsonObject totals(long count, long amountMinor) {
    return new JsonObject()
        .put("count", (int) count)
        .put("amountMinor", new JsonObject().put("CNY", (int) amountMinor));
  }

  private static void assertProblem(HttpResponse<String> response, int status, String code) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    JsonObject problem = new JsonObject(response.body());
    assertThat(problem.getString("code")).isEqualTo(code);
    assertThat(problem.getInteger("status")).isEqualTo(status);
  }

  private static void assertProblem(
      HttpResponse<String> response, int status, String code, String field) {
    assertProblem(response, status, code);
    assertThat(new JsonObject(response.body()).getString("field")).isEqualTo(field);
  }
}
