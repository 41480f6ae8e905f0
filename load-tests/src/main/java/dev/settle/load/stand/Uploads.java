package dev.settle.load.stand;

import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Transactions in bulk: some uploads at once, made before the clock runs. */
public final class Uploads {

  private static final int AT_ONCE = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Batch numbers of uploads begin here, so that they meet nobody else's keys. */
  private static final int FIRST_BATCH_NO = 100_000;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Path folder;
  private final Stand stand;
  private final String token;
  private final int merchants;
  private int round;

  public Uploads(Path folder, Stand stand, String token, int merchants) {
    this.folder = folder;
    this.stand = stand;
    this.token = token;
    this.merchants = merchants;
  }

  /** Uploads so many lines; returns lines recorded durably per second. */
  public double perSecond(int lines) throws IOException {
    round++;
    List<Path> files = new ArrayList<>();
    for (int upload = 0; upload < AT_ONCE; upload++) {
      files.add(write(upload, lines / AT_ONCE));
    }
    long from = System.nanoTime();
    List<CompletableFuture<HttpResponse<Path>>> answers = new ArrayList<>();
    for (Path file : files) {
      answers.add(send(file));
    }
    long accepted = 0;
    for (CompletableFuture<HttpResponse<Path>> answer : answers) {
      answer.join();
    }
    double seconds = (System.nanoTime() - from) / 1e9;
    for (CompletableFuture<HttpResponse<Path>> answer : answers) {
      accepted += accepted(answer.join());
    }
    if (accepted != (long) lines / AT_ONCE * AT_ONCE) {
      throw new IOException("only " + accepted + " of " + lines + " lines were accepted");
    }
    return accepted / seconds;
  }

  private CompletableFuture<HttpResponse<Path>> send(Path file) throws IOException {
    return http.sendAsync(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + stand.port() + "/v1/transactions/bulk"))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/x-ndjson")
            .POST(HttpRequest.BodyPublishers.ofFile(file))
            .build(),
        HttpResponse.BodyHandlers.ofFile(file.resolveSibling(file.getFileName() + ".answer")));
  }

  private static long accepted(HttpResponse<Path> answer) throws IOException {
    try (Stream<String> lines = Files.lines(answer.body())) {
      return lines.filter(line -> line.contains("\"outcome\":\"ACCEPTED\"")).count();
    }
  }

  private Path write(int upload, int lines) throws IOException {
    Path file = folder.resolve("upload-" + upload + ".ndjson");
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < lines; i++) {
        int merchant = 1 + (i * AT_ONCE + upload) % merchants;
        out.write(
            String.format(
                "{\"acquirerId\":\"48201000\",\"merchantId\":\"M%06d\",\"terminalId\":\"T%07d\",\"batchNo\":\"%06d\","
                    + "\"stan\":\"%06d\",\"rrn\":\"%012d\",\"localDate\":\"%s\",\"type\":\"SALE\",\"amountMinor\":%d,"
                    + "\"currency\":\"CNY\",\"capturedAt\":\"%sT10:00:00Z\"}%n",
                merchant,
                merchant,
                FIRST_BATCH_NO + round * AT_ONCE + upload,
                i / (merchants / AT_ONCE),
                i,
                today,
                100 + i % 100_000,
                today));
      }
    }
    return file;
  }
}
