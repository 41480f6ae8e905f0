package dev.settle.router.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.platform.Limits;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.RawConnection;
import dev.settle.router.testing.World;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class BulkStreamingIT {

  private static final String BULK = "/v1/transactions/bulk";
  private static final String NDJSON = "application/x-ndjson";
  private static final int LINES_OF_A_CHUNK = 100;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  /**
   * 300 MB go through a heap that must not grow by a fifth of that. The sales repeat after 20,000,
   * so that what grows is not the books that this JVM's bank keeps.
   */
  @Test
  void an_endless_upload_is_answered_in_constant_memory(World world) throws Exception {
    int lines = 300_000;
    int distinct = 20_000;
    Api api = world.startNode();
    world.onboard(api, 50);
    String padding = " ".repeat(700);
    try (RawConnection upload = new RawConnection(api.port())) {
      upload.head(BULK, api.token(Role.TERMINAL), NDJSON, -1);
      Future<?> sent =
          threads.submit(
              () ->
                  send(
                      upload,
                      lines,
                      n -> Documents.saleJson(1 + n % 50, n % distinct) + padding,
                      new AtomicLong()));
      assertThat(upload.readHead().status()).isEqualTo(200);
      String[] credits = new String[distinct];
      long heapBefore = 0;
      for (int n = 0; n < lines; n++) {
        if (n == lines / 3) {
          heapBefore = heapInUse();
        }
        JsonNode answer = Api.parse(upload.chunkedLine());
        assertThat(answer.path("line").asInt()).isEqualTo(n + 1);
        String credit = answer.path("creditId").asText();
        if (n < distinct) {
          assertThat(answer.path("outcome").asText()).isEqualTo("ACCEPTED");
          credits[n] = credit;
        } else {
          assertThat(credit).isEqualTo(credits[n % distinct]);
        }
      }
      assertThat(upload.chunkedLine()).isNull();
      sent.get(60, TimeUnit.SECONDS);
      assertThat(heapInUse() - heapBefore).isLessThan(60_000_000);
    }
  }

  @Test
  void answers_come_while_the_request_goes_on(World world) throws Exception {
    Api api = world.startNode();
    world.onboard(api, 1);
    try (RawConnection upload = new RawConnection(api.port())) {
      upload.head(BULK, api.token(Role.TERMINAL), NDJSON, -1);
      for (int n = 1; n <= 5; n++) {
        upload.chunk(Documents.saleJson(1, n) + "\n");
        if (n == 1) {
          assertThat(upload.readHead().status()).isEqualTo(200);
        }
        JsonNode answer = Api.parse(upload.chunkedLine());
        assertThat(answer.path("line").asInt()).isEqualTo(n);
        assertThat(answer.path("outcome").asText()).isEqualTo("ACCEPTED");
        assertThat(world.queryLong("SELECT count(*) FROM credit")).as("durable").isEqualTo(n);
      }
      upload.endOfChunks();
      assertThat(upload.chunkedLine()).isNull();
    }
  }

  /** Also that the first use of a token, which is verified first, opens no back door. */
  @Test
  void who_sends_but_does_not_read_is_stopped_and_later_gets_every_answer(World world)
      throws Exception {
    int lines = 400_000;
    Api api = world.startNode();
    world.onboard(api, 1);
    AtomicLong sent = new AtomicLong();
    try (RawConnection upload = new RawConnection(api.port(), 16 * 1024)) {
      upload.head(BULK, world.token(Role.TERMINAL), NDJSON, -1);
      IntFunction<String> line = n -> Documents.saleJson(1, n % 100);
      Future<?> sender = threads.submit(() -> send(upload, lines, line, sent));
      awaitStandstill(sent);
      assertThat(sent.get()).as("lines sent before the server stopped reading").isLessThan(lines);
      assertThat(sender.isDone()).isFalse();
      assertThat(api.sell(Documents.saleJson(1, 1_000)).status()).as("others go on").isEqualTo(201);

      assertThat(upload.readHead().status()).isEqualTo(200);
      for (int n = 1; n <= lines; n++) {
        assertThat(upload.chunkedLine()).startsWith("{\"line\":" + n + ",\"creditId\"");
      }
      assertThat(upload.chunkedLine()).isNull();
      sender.get(60, TimeUnit.SECONDS);
    }
  }

  private static void awaitStandstill(AtomicLong counter) {
    AtomicLong before = new AtomicLong(-1);
    Awaitility.await("the sender is stopped")
        .pollInterval(1, TimeUnit.SECONDS)
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> before.getAndSet(counter.get()) == counter.get());
  }

  @Test
  void many_uploads_at_once_are_each_answered_in_order(World world) throws Exception {
    int lines = 500;
    // As many as find room or may wait for it: the next one would be asked to come again.
    int uploads = Limits.BULK_LINES / lines + Limits.BULK_WAITING;
    Api api = world.startNode();
    world.onboard(api, uploads);
    List<Future<List<JsonNode>>> all = new ArrayList<>();
    for (int u = 1; u <= uploads; u++) {
      int merchant = u;
      Callable<List<JsonNode>> upload =
          () -> {
            List<String> sales = new ArrayList<>();
            for (int n = 0; n < lines; n++) {
              sales.add(n % 10 == 9 ? "bad" : Documents.saleJson(merchant, n));
            }
            return api.sellBulk(sales);
          };
      all.add(threads.submit(upload));
    }
    for (Future<List<JsonNode>> upload : all) {
      List<JsonNode> answers = upload.get(60, TimeUnit.SECONDS);
      assertThat(answers).hasSize(lines);
      for (int n = 0; n < lines; n++) {
        assertThat(answers.get(n).path("line").asInt()).isEqualTo(n + 1);
        assertThat(answers.get(n).path("outcome").asText())
            .isEqualTo(n % 10 == 9 ? "REFUSED" : "ACCEPTED");
      }
    }
    assertThat(world.queryLong("SELECT count(*) FROM credit")).isEqualTo(uploads * lines * 9 / 10);
  }

  @Test
  void a_client_that_vanishes_loses_nothing_that_was_acknowledged(World world) throws Exception {
    Api api = world.startNode();
    world.onboard(api, 1);
    try (RawConnection upload = new RawConnection(api.port())) {
      upload.head(BULK, api.token(Role.TERMINAL), NDJSON, -1);
      Future<?> sender =
          threads.submit(
              () -> send(upload, 50_000, n -> Documents.saleJson(1, n), new AtomicLong()));
      upload.readHead();
      for (int n = 0; n < 2_000; n++) {
        JsonNode answer = Api.parse(upload.chunkedLine());
        world
            .acknowledged()
            .add(Api.parse(Documents.saleJson(1, n)), answer.path("creditId").asText());
      }
      upload.vanish();
      Awaitility.await().atMost(60, TimeUnit.SECONDS).until(sender::isDone);
    }
    assertThat(world.acknowledged().size()).isEqualTo(2_000);
    assertThat(api.sell(Documents.saleJson(1, 60_000)).status()).isEqualTo(201);
    world.settle();
    assertThat(world.verify().allHold()).isTrue();
  }

  @Test
  void it_is_the_same_over_http2_without_tls(World world) throws Exception {
    Api api = world.startNode();
    world.onboard(api, 1);
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    StringBuilder body = new StringBuilder();
    for (int n = 0; n < 5_000; n++) {
      body.append(Documents.saleJson(1, n)).append('\n');
    }
    for (int round = 0; round < 2; round++) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + BULK))
                  .header("Authorization", "Bearer " + api.token(Role.TERMINAL))
                  .header("Content-Type", NDJSON)
                  .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.body().lines()).hasSize(5_000);
      HttpResponse<String> refused =
          client.send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + api.port() + "/v1/transactions"))
                  .header("Authorization", "Bearer garbage")
                  .POST(HttpRequest.BodyPublishers.ofString(" ".repeat(1_000_000)))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(refused.statusCode()).isEqualTo(401);
    }
  }

  private static Void send(
      RawConnection upload, int lines, IntFunction<String> line, AtomicLong sent) throws Exception {
    StringBuilder chunk = new StringBuilder();
    for (int n = 0; n < lines; n++) {
      chunk.append(line.apply(n)).append('\n');
      if (n % LINES_OF_A_CHUNK == LINES_OF_A_CHUNK - 1) {
        upload.chunk(chunk.toString().getBytes(UTF_8));
        chunk.setLength(0);
        sent.addAndGet(LINES_OF_A_CHUNK);
      }
    }
    upload.endOfChunks();
    return null;
  }

  private static long heapInUse() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
