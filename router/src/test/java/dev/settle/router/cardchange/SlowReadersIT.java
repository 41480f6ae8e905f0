package dev.settle.router.cardchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.binding.AccountId;
import dev.settle.router.platform.Limits;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** People read what takes the database long; others have to act meanwhile. */
@ExtendWith(InvariantsHold.class)
class SlowReadersIT {

  private static final String WAITING =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

  @Test
  void freezes_holds_approvals_and_probes_are_answered_while_every_reader_waits(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 2);
    String id = Applications.verified(api, 2, Applications.of(2, Applications.card(2)));
    AtomicBoolean reading = new AtomicBoolean(true);
    List<Thread> readers = new ArrayList<>();
    try (Connection blocker = world.connect()) {
      block(blocker);
      for (int n = 0; n < 2 * Limits.QUERY_CONNECTIONS; n++) {
        readers.add(reader(api, reading));
      }
      Awaitility.await("every connection for reading waits").until(() -> saturated(world));

      Api.Answer frozen =
          api.put(
              "/v1/accounts/" + AccountId.text(world.accountOf(1)) + "/status",
              Role.OPERATOR,
              "{\"status\":\"FROZEN\",\"reason\":\"court order 77\"}");
      Api.Answer held =
          api.put(
              "/v1/merchants/M000001/hold",
              Role.OPERATOR,
              "{\"onHold\":true,\"reason\":\"court order 77\"}");
      Api.Answer approved = Applications.approve(api, id);

      assertThat(saturated(world)).isTrue();
      assertDone(frozen);
      assertThat(held.status()).as(held.body()).isEqualTo(200);
      assertDone(approved);
      assertThat(approved.json().path("state").asText()).isEqualTo("EFFECTIVE");
      Api.Answer ready = api.getManagement("/health/ready");
      assertThat(ready.status()).as(ready.body()).isEqualTo(200);
    } finally {
      reading.set(false);
    }
    for (Thread reader : readers) {
      reader.join();
    }
    assertThat(world.queryText("SELECT status FROM account WHERE merchant_id = 'M000001'"))
        .isEqualTo("FROZEN");
  }

  /** It is done, and says so, though nobody can say now what had left before. */
  private static void assertDone(Api.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    JsonNode inFlight = answer.json().path("inFlight");
    assertThat(inFlight.path("complete").asBoolean(true)).isFalse();
    assertThat(inFlight.path("count").asInt(-1)).isZero();
    assertThat(inFlight.path("amountMinor")).isEmpty();
  }

  @Test
  void who_reads_what_takes_too_long_is_told_to_come_again(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    try (Connection blocker = world.connect()) {
      block(blocker);
      for (String path : List.of("/v1/unposted", "/v1/merchants/M000001/unposted")) {
        Api.Answer answer = api.get(path, Role.AUDITOR);

        assertThat(answer.status()).as(answer.body()).isEqualTo(503);
        assertThat(answer.json().path("code").asText()).isEqualTo("read-too-slow");
        assertThat(answer.json().path("detail").asText()).contains("again");
        assertThat(answer.headers()).containsKey("retry-after");
      }
      blocker.rollback();
    }
    assertThat(api.get("/v1/unposted", Role.AUDITOR).status()).isEqualTo(200);
  }

  /** What is unposted cannot be read any more. */
  private static void block(Connection blocker) throws SQLException {
    blocker.setAutoCommit(false);
    try (Statement lock = blocker.createStatement()) {
      lock.execute("LOCK TABLE standing_rule IN ACCESS EXCLUSIVE MODE");
    }
  }

  private static boolean saturated(World world) throws SQLException {
    return world.queryLong(WAITING) >= Limits.QUERY_CONNECTIONS;
  }

  private static Thread reader(Api api, AtomicBoolean reading) {
    Thread reader =
        new Thread(
            () -> {
              while (reading.get()) {
                api.get("/v1/merchants/M000001/unposted", Role.AUDITOR);
              }
            });
    reader.start();
    return reader;
  }
}
