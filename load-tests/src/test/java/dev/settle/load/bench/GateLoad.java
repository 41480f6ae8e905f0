package dev.settle.load.bench;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.settle.load.client.Batches;
import dev.settle.load.client.Sale;
import dev.settle.load.client.UploadFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The gate's traffic: always the same sales in the same order. Fails on any that is not accepted.
 */
final class GateLoad {

  private static final int CONNECTIONS = 64;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final DemoProcess demo;
  private final Path work;
  private final Batches batches = new Batches();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  GateLoad(DemoProcess demo, Path work) {
    this.demo = demo;
    this.work = work;
  }

  /**
   * So many sales, each in a request of its own that is sent when the one before is posted: no two
   * share a commit, a claim or a settlement, however fast the machine is.
   */
  void alone(int sales, Book book) throws IOException, SQLException, InterruptedException {
    String date = LocalDate.now(ZoneOffset.UTC).toString();
    int batch = batches.next();
    for (int number = 0; number < sales; number++) {
      requireAccepted(
          http.send(
              single(Sale.json(number, Arena.MERCHANTS, batch, date)), BodyHandlers.ofString()));
      book.awaitPosted();
    }
  }

  /** So many sales, each in a request of its own, over several connections at once. */
  void atOnce(int sales) {
    String date = LocalDate.now(ZoneOffset.UTC).toString();
    int batch = batches.next();
    AtomicInteger next = new AtomicInteger();
    List<CompletableFuture<Void>> connections = new ArrayList<>();
    for (int connection = 0; connection < CONNECTIONS; connection++) {
      connections.add(sellOn(next, sales, batch, date));
    }
    CompletableFuture.allOf(connections.toArray(CompletableFuture[]::new)).join();
  }

  private CompletableFuture<Void> sellOn(AtomicInteger next, int sales, int batch, String date) {
    int number = next.getAndIncrement();
    if (number >= sales) {
      return CompletableFuture.completedFuture(null);
    }
    return http.sendAsync(
            single(Sale.json(number, Arena.MERCHANTS, batch, date)), BodyHandlers.ofString())
        .thenAccept(GateLoad::requireAccepted)
        .thenCompose(sold -> sellOn(next, sales, batch, date));
  }

  private HttpRequest single(String sale) {
    return request("/v1/transactions", "application/json")
        .POST(BodyPublishers.ofString(sale))
        .build();
  }

  private static void requireAccepted(HttpResponse<String> answer) {
    if (answer.statusCode() != 201) {
      throw new IllegalStateException("a sale was answered " + answer.body());
    }
  }

  /** So many lines, in several uploads at once. */
  void inBulk(int lines) throws IOException {
    UploadFiles files = new UploadFiles(work, "gate", lines);
    files.write(Arena.MERCHANTS, batches);
    List<CompletableFuture<HttpResponse<Path>>> answers = new ArrayList<>();
    for (int file = 0; file < UploadFiles.AT_ONCE; file++) {
      HttpRequest upload =
          request("/v1/transactions/bulk", "application/x-ndjson")
              .POST(BodyPublishers.ofFile(files.upload(file)))
              .build();
      answers.add(
          http.sendAsync(
              upload, BodyHandlers.ofFile(files.answers(file), CREATE, WRITE, TRUNCATE_EXISTING)));
    }
    answers.forEach(CompletableFuture::join);
    long accepted = files.accepted();
    if (accepted != files.lines()) {
      throw new IllegalStateException(
          "only " + accepted + " of " + files.lines() + " lines were accepted");
    }
  }

  private HttpRequest.Builder request(String path, String contentType) {
    return HttpRequest.newBuilder(URI.create(demo.api() + path))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + demo.token())
        .header("Content-Type", contentType);
  }
}
