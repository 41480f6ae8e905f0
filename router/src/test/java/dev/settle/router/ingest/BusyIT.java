package dev.settle.router.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Settings;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.CuttableLine;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.RawConnection;
import dev.settle.router.testing.World;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class BusyIT {

  private static final String SINGLE = "/v1/transactions";
  private static final String BULK = "/v1/transactions/bulk";
  private static final String NDJSON = "application/x-ndjson";

  /** One may have its whole window in the queue and need not wait for room. */
  private static final int MOST_TAKEN = Limits.BULK_WAITING + 1;

  private static final int UPLOADS = MOST_TAKEN + 5;
  private static final int LINES = 5_000;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void a_full_queue_says_so_before_it_reads_and_no_commit_is_given_up(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 2);
    try (CrowdOfTerminals crowd = new CrowdOfTerminals(api);
        Connection blocker = world.connect()) {
      blockRecording(blocker);
      crowd.sell(1, Limits.RECORD_QUEUE + Limits.RECORD_ROWS);
      Awaitility.await("the queue is full")
          .atMost(Duration.ofSeconds(60))
          .until(() -> queueDepth(api) == Limits.RECORD_QUEUE);

      assertBusy(
          api.post(SINGLE, Role.TERMINAL, "application/json", "not even JSON".getBytes(UTF_8)));
      assertBusy(api.sell(Documents.saleJson(2, 1)));
      try (RawConnection silent = new RawConnection(api.port())) {
        silent.head(SINGLE, api.token(Role.TERMINAL), "application/json", 100);
        assertBusy(silent.read());
      }
      try (RawConnection silent = new RawConnection(api.port())) {
        silent.head(BULK, api.token(Role.TERMINAL), NDJSON, 100);
        assertBusy(silent.read());
      }
      assertThat(api.getManagement("/health/live").status()).isEqualTo(200);
      blocker.rollback();

      assertThat(crowd.answers().keySet()).isSubsetOf(201, 503);
      assertThat(crowd.answers().get(201)).isGreaterThanOrEqualTo(Limits.RECORD_QUEUE);
    }
    assertThat(api.sell(Documents.saleJson(2, 1)).status()).isEqualTo(201);
  }

  @Test
  void uploads_leave_room_to_single_sales_and_too_many_of_them_are_refused_before_they_begin(
      World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, UPLOADS + 1);
    List<Future<Api.Answer>> uploads = new ArrayList<>();
    Future<Api.Answer> single;
    try (Connection blocker = world.connect()) {
      blockRecording(blocker);
      for (int u = 1; u <= UPLOADS; u++) {
        byte[] lines = String.join("\n", sales(u)).getBytes(UTF_8);
        uploads.add(threads.submit(() -> api.post(BULK, Role.TERMINAL, NDJSON, lines)));
      }
      Awaitility.await("what is too much is refused")
          .atMost(Duration.ofSeconds(60))
          .until(() -> uploads.stream().filter(Future::isDone).count() >= UPLOADS - MOST_TAKEN);
      assertThat(queueDepth(api)).isLessThanOrEqualTo(Limits.BULK_LINES);

      single = threads.submit(() -> api.sell(Documents.saleJson(UPLOADS + 1, 1)));
      Awaitility.await("the single sale waits with what is taken")
          .during(Duration.ofMillis(500))
          .atMost(Duration.ofSeconds(10))
          .until(() -> !single.isDone());
      blocker.rollback();
    }
    assertThat(single.get(60, TimeUnit.SECONDS).status()).isEqualTo(201);
    int taken = 0;
    for (Future<Api.Answer> upload : uploads) {
      Api.Answer answer = upload.get(60, TimeUnit.SECONDS);
      if (answer.status() == 200) {
        taken++;
        assertThat(answer.body().lines())
            .hasSize(LINES)
            .allMatch(line -> line.contains("\"outcome\":\"ACCEPTED\""));
      } else {
        assertBusy(answer);
      }
    }
    assertThat(taken).isBetween(Limits.BULK_WAITING, MOST_TAKEN);
  }

  private static void blockRecording(Connection blocker) throws SQLException {
    blocker.setAutoCommit(false);
    try (Statement block = blocker.createStatement()) {
      block.execute("LOCK TABLE credit_batch IN ACCESS EXCLUSIVE MODE");
    }
  }

  private static void assertBusy(Api.Answer answer) {
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.headers().get("retry-after")).containsExactly("1");
    assertThat(answer.json().path("code").asText()).isEqualTo("busy");
  }

  private static List<String> sales(int merchant) {
    List<String> sales = new ArrayList<>();
    for (int n = 0; n < LINES; n++) {
      sales.add(Documents.saleJson(merchant, n));
    }
    return sales;
  }

  private static int queueDepth(Api api) {
    return api.getManagement("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("settlement_recorder_queue_depth "))
        .mapToInt(line -> (int) Double.parseDouble(line.split(" ")[1]))
        .findFirst()
        .orElse(-1);
  }

  @Test
  void while_the_database_is_gone_nothing_is_acknowledged_and_nothing_is_lost(World world)
      throws Exception {
    try (CuttableLine line = lineToDatabase(world)) {
      Api api = world.startNode(1, over(line, world));
      world.onboard(api, 1);
      String before = sellOnce(api, 1, 201);

      line.cut();
      assertNotConfirmed(api.sell(Documents.saleJson(1, 1)));
      assertNotConfirmed(api.sell(Documents.saleJson(1, 2)));
      List<JsonNode> bulk =
          api.sellBulk(List.of(Documents.saleJson(1, 1), "bad", Documents.saleJson(1, 3)));
      assertThat(bulk.stream().map(answer -> answer.path("outcome").asText()))
          .containsExactly("UNCERTAIN", "REFUSED", "UNCERTAIN");
      assertThat(bulk.get(0).path("code").asText()).isEqualTo("not-confirmed");
      assertNotConfirmed(api.get("/v1/unposted", Role.AUDITOR));
      assertThat(api.getManagement("/health/ready").status()).isEqualTo(503);
      assertThat(api.getManagement("/health/live").status()).isEqualTo(200);

      line.restore();
      awaitReady(api);
      assertThat(sellOnce(api, 1, 200)).isEqualTo(before);
      sellOnce(api, 2, 201);
      sellOnce(api, 3, 201);
      world.settle();
    }
  }

  @Test
  void a_commit_whose_confirmation_was_lost_is_answered_again_as_it_is(World world)
      throws Exception {
    try (CuttableLine line = lineToDatabase(world)) {
      Api api = world.startNode(1, over(line, world));
      world.onboard(api, 1);
      sellOnce(api, 1, 201);

      line.goDeaf();
      Future<Api.Answer> unsure = threads.submit(() -> api.sell(Documents.saleJson(1, 2)));
      Awaitility.await("it is committed")
          .atMost(Duration.ofSeconds(30))
          .until(() -> world.queryLong("SELECT count(*) FROM credit WHERE stan = 2") == 1);
      assertThat(unsure.isDone()).as("nothing is said before the confirmation").isFalse();
      line.cut();
      assertNotConfirmed(unsure.get(60, TimeUnit.SECONDS));

      line.restore();
      awaitReady(api);
      Api.Answer again = api.sell(Documents.saleJson(1, 2));
      assertThat(again.status()).isEqualTo(200);
      assertThat(again.json().path("outcome").asText()).isEqualTo("REPLAYED");
      assertThat(world.queryLong("SELECT count(*) FROM credit WHERE stan = 2")).isEqualTo(1);
      world.settle();
    }
  }

  private static String sellOnce(Api api, int stan, int status) {
    Api.Answer answer = api.sell(Documents.saleJson(1, stan));
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    return answer.json().path("creditId").asText();
  }

  private static void assertNotConfirmed(Api.Answer answer) {
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.headers().get("retry-after")).containsExactly("1");
    assertThat(answer.json().path("code").asText()).isEqualTo("not-confirmed");
    assertThat(answer.body()).doesNotContain("Exception").doesNotContain("onnection");
  }

  private static void awaitReady(Api api) {
    Awaitility.await("the node finds its database again")
        .atMost(Duration.ofSeconds(60))
        .until(() -> api.getManagement("/health/ready").status() == 200);
  }

  private static CuttableLine lineToDatabase(World world) throws Exception {
    URI address = URI.create(world.databaseSettings().url());
    return new CuttableLine(address.getHost(), address.getPort());
  }

  private static Settings.Database over(CuttableLine line, World world) {
    Settings.Database direct = world.databaseSettings();
    return new Settings.Database(
        direct.url().replaceFirst("//[^/]+/", "//127.0.0.1:" + line.port() + "/"),
        direct.user(),
        direct.password());
  }
}
