package dev.settle.load.bench;

import dev.settle.load.bench.Programs.Running;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Uploads of NDJSON lines, several at once, by {@code curl}. The files are written before any clock
 * runs, and the answers are counted after it has stopped: while it runs, the client copies bytes.
 */
final class Uploads {

  /** Files that are uploaded at once. */
  static final int AT_ONCE = 4;

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String ACCEPTED = "\"outcome\":\"ACCEPTED\"";

  private final Arena arena;
  private final String name;
  private final int lines;

  Uploads(Arena arena, int lines) {
    this(arena, lines, "upload");
  }

  /**
   * @param name of its files
   */
  Uploads(Arena arena, int lines, String name) {
    this.arena = arena;
    this.name = name;
    this.lines = lines - lines % AT_ONCE;
  }

  int lines() {
    return lines;
  }

  /** Writes the files of the next upload. */
  void prepare() throws IOException {
    String date = LocalDate.now(ZoneOffset.UTC).toString();
    for (int file = 0; file < AT_ONCE; file++) {
      int batch = arena.nextBatch();
      try (OutputStream out =
          new BufferedOutputStream(Files.newOutputStream(file(file)), 1 << 16)) {
        for (int line = 0; line < lines / AT_ONCE; line++) {
          out.write(line(line, batch, date).getBytes(StandardCharsets.US_ASCII));
        }
      }
    }
  }

  /** Merchant after merchant, as acquirers collect them; each terminal's numbers ascend. */
  private static String line(int number, int batch, String date) {
    int merchant = 1 + number % Arena.MERCHANTS;
    return "{\"acquirerId\":\"48201000\",\"merchantId\":\"M"
        + digits(merchant, 6)
        + "\",\"terminalId\":\"T"
        + digits(merchant, 7)
        + "\",\"batchNo\":\""
        + digits(batch, 6)
        + "\",\"stan\":\""
        + digits(number / Arena.MERCHANTS, 6)
        + "\",\"rrn\":\""
        + digits(number, 12)
        + "\",\"localDate\":\""
        + date
        + "\",\"type\":\"SALE\",\"amountMinor\":"
        + (100 + number % 100_000)
        + ",\"currency\":\"CNY\",\"capturedAt\":\""
        + date
        + "T10:00:00Z\"}\n";
  }

  private static String digits(int number, int places) {
    String digits = String.valueOf(number);
    return "0".repeat(places - digits.length()) + digits;
  }

  /** Sends what was prepared; returns when every line has its answer. */
  void send() throws RefusedSlice, IOException, InterruptedException {
    List<Running> uploads = new ArrayList<>();
    for (int file = 0; file < AT_ONCE; file++) {
      uploads.add(arena.programs().start(curl(file), Map.of()));
    }
    for (Running upload : uploads) {
      upload.end(PATIENCE);
    }
  }

  private List<String> curl(int file) {
    return List.of(
        "curl",
        "-sSf",
        "-X",
        "POST",
        "-T",
        file(file).toString(),
        "-H",
        "Authorization: Bearer " + arena.demo().token(),
        "-H",
        "Content-Type: application/x-ndjson",
        "-o",
        answers(file).toString(),
        arena.demo().api() + "/v1/transactions/bulk");
  }

  /** Refuses answers that are not all {@code ACCEPTED}. */
  void check() throws RefusedSlice, IOException {
    long accepted = 0;
    for (int file = 0; file < AT_ONCE; file++) {
      try (Stream<String> answers = Files.lines(answers(file))) {
        accepted += answers.filter(answer -> answer.contains(ACCEPTED)).count();
      }
    }
    if (accepted != lines) {
      throw new RefusedSlice("only " + accepted + " of " + lines + " lines were accepted");
    }
  }

  private Path file(int file) {
    return arena.work().resolve(name + "-" + file + ".ndjson");
  }

  private Path answers(int file) {
    return arena.work().resolve(name + "-answers-" + file + ".ndjson");
  }
}
