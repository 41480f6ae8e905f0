package dev.settle.router.rail.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.binding.AccountNumber;
import dev.settle.router.binding.Payee;
import dev.settle.router.explanation.Reason;
import dev.settle.router.rail.Enquiry;
import dev.settle.router.rail.Retry;
import dev.settle.router.rail.SendBy;
import dev.settle.router.rail.Transfer;
import dev.settle.router.rail.TransferOutcome;
import dev.settle.router.testing.World;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxConnectorIT {

  private static final List<Transfer> TWO =
      List.of(transfer("C0000000000001-1"), transfer("C0000000000002-1"));

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger unmapped = new AtomicInteger();

  @AfterEach
  void close() throws Exception {
    World.await(vertx.close());
  }

  private static Transfer transfer(String id) {
    return new Transfer(
        id, new Payee(new AccountNumber("6222021000000019001"), "102", "李 1"), 100, "CNY");
  }

  private SandboxConnector connectorTo(Handler<HttpServerRequest> bank) throws Exception {
    HttpServer server =
        World.await(vertx.createHttpServer().requestHandler(bank).listen(0, "127.0.0.1"));
    return new SandboxConnector(
        SandboxConnector.NAME,
        SandboxConnector.CAPABILITIES,
        vertx,
        URI.create("http://127.0.0.1:" + server.actualPort()),
        rail -> unmapped.incrementAndGet(),
        Duration.ofSeconds(2));
  }

  private List<TransferOutcome> sendTo(Handler<HttpServerRequest> bank) throws Exception {
    return World.await(
        connectorTo(bank)
            .send(TWO, SendBy.within(Duration.ofHours(1), Promise.<Void>promise().future())));
  }

  private List<TransferOutcome> askAbout(Handler<HttpServerRequest> bank) throws Exception {
    return World.await(
        connectorTo(bank)
            .enquire(TWO.stream().map(t -> new Enquiry(t.endToEndId(), 100)).toList()));
  }

  private static Handler<HttpServerRequest> answering(String results) {
    return request -> request.response().end("{\"messageId\":\"x\",\"results\":[" + results + "]}");
  }

  @Test
  void each_transfer_has_its_own_outcome() throws Exception {
    List<TransferOutcome> outcomes =
        sendTo(
            answering(
                "{\"endToEndId\":\"C0000000000001-1\",\"status\":\"ACCC\"},"
                    + "{\"endToEndId\":\"C0000000000002-1\",\"status\":\"RJCT\",\"reason\":\"AC04\"}"));

    assertThat(outcomes)
        .containsExactly(
            TransferOutcome.CREDITED,
            new TransferOutcome.Rejected(Reason.ACCOUNT_CLOSED, "AC04", Retry.NEVER));
  }

  @Test
  void a_reason_that_no_table_has_is_counted() throws Exception {
    List<TransferOutcome> outcomes =
        sendTo(
            answering(
                "{\"endToEndId\":\"C0000000000001-1\",\"status\":\"RJCT\",\"reason\":\"ZZ99\"},"
                    + "{\"endToEndId\":\"C0000000000002-1\",\"status\":\"ACCC\"}"));

    assertThat(outcomes.get(0))
        .isEqualTo(new TransferOutcome.Rejected(Reason.UNSPECIFIED, "ZZ99", Retry.NEVER));
    assertThat(unmapped).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"endToEndId\":\"C0000000000001-1\",\"status\":\"ACCC\"}",
        "{\"endToEndId\":\"C0000000000002-1\",\"status\":\"ACCC\"},{\"endToEndId\":\"C0000000000001-1\",\"status\":\"ACCC\"}",
        "{\"endToEndId\":{\"a\":1},\"status\":\"ACCC\"},{\"endToEndId\":\"C0000000000002-1\",\"status\":\"ACCC\"}",
        "1,2",
        "{\"endToEndId\":\"C0000000000001-1\",\"status\":\"ACCC\"},{\"endToEndId\":\"C0000000000002-1\",\"status\":\"ACCC\"},{\"endToEndId\":\"C0000000000003-1\",\"status\":\"ACCC\"}"
      })
  void an_answer_that_does_not_end_every_transfer_ends_none(String results) {
    assertThatThrownBy(() -> sendTo(answering(results)))
        .hasRootCauseInstanceOf(SandboxException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "7",
        "{\"endToEndId\":\"C0000000000001-1\"}",
        "{\"endToEndId\":\"C0000000000001-1\",\"status\":[\"ACCC\"]}",
        "{\"endToEndId\":\"C0000000000001-1\",\"status\":\"ACCC\",\"amountMinor\":\"100\"}",
        "{\"endToEndId\":\"C0000000000001-1\",\"status\":\"ACCC\",\"amountMinor\":1e400}",
        "{\"endToEndId\":\"C0000000000001-1\",\"status\":\"ACCC\",\"returned\":{}}",
        "{\"endToEndId\":\"C0000000000001-1\",\"status\":\"ACCC\",\"returned\":true}",
        "{\"endToEndId\":\"C0000000000001-1\",\"status\":\"ACCC\"},"
            + "{\"endToEndId\":\"C0000000000001-1\",\"status\":\"RJCT\"}",
        "{\"endToEndId\":\"C0000000000009-1\",\"status\":\"ACCC\"}"
      })
  void an_enquiry_that_is_answered_badly_for_one_is_answered_for_the_others(String first)
      throws Exception {
    String second = "{\"endToEndId\":\"C0000000000002-1\",\"status\":\"ACCC\"}";
    List<TransferOutcome> found =
        askAbout(answering(first.isEmpty() ? second : second + "," + first));

    assertThat(found).containsExactly(TransferOutcome.UNCLEAR, TransferOutcome.CREDITED);
  }

  @Test
  void a_return_says_what_had_been_credited() throws Exception {
    List<TransferOutcome> found =
        askAbout(
            answering(
                "{\"endToEndId\":\"C0000000000001-1\",\"status\":\"ACCC\",\"bookedMinor\":60,"
                    + "\"returned\":{\"amountMinor\":60,\"reason\":\"AC04\"}},"
                    + "{\"endToEndId\":\"C0000000000002-1\",\"status\":\"ACCC\","
                    + "\"returned\":{\"amountMinor\":60,\"reason\":\"AC04\"}}"));

    assertThat(found)
        .containsExactly(
            new TransferOutcome.Returned(60, 60L, Reason.ACCOUNT_CLOSED, "AC04", true),
            new TransferOutcome.Returned(60, 100L, Reason.ACCOUNT_CLOSED, "AC04", true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"status\":null", ",\"status\":\"XXXX\""})
  void what_the_bank_says_nothing_known_of_is_unclear_and_the_rest_stands(String nothing)
      throws Exception {
    List<TransferOutcome> outcomes =
        sendTo(
            answering(
                "{\"endToEndId\":\"C0000000000001-1\",\"status\":\"ACCC\"},"
                    + "{\"endToEndId\":\"C0000000000002-1\""
                    + nothing
                    + "}"));

    assertThat(outcomes).containsExactly(TransferOutcome.CREDITED, TransferOutcome.UNCLEAR);
    assertThat(unmapped).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ACSC", "ACWP", "ACSP", "PDNG", "BLCK"})
  void accepted_is_not_credited(String status) throws Exception {
    List<TransferOutcome> outcomes =
        sendTo(
            answering(
                "{\"endToEndId\":\"C0000000000001-1\",\"status\":\""
                    + status
                    + "\"},"
                    + "{\"endToEndId\":\"C0000000000002-1\",\"status\":\"ACCC\",\"bookedMinor\":40}"));

    assertThat(outcomes.get(0)).isInstanceOf(TransferOutcome.Accepted.class);
    assertThat(outcomes.get(1)).isEqualTo(new TransferOutcome.PartlyCredited(40));
  }

  @Test
  void a_bank_that_answers_byte_by_byte_for_ever_is_not_waited_for_for_ever() {
    assertThatThrownBy(
            () ->
                sendTo(
                    request -> {
                      request.response().setChunked(true).write("{");
                      vertx.setPeriodic(100, tick -> request.response().write(" "));
                    }))
        .hasRootCauseInstanceOf(java.util.concurrent.TimeoutException.class);
  }
}
