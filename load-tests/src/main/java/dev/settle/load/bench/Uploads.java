package dev.settle.load.bench;

import dev.settle.load.bench.Programs.Running;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Uploads of NDJSON lines, several at once, by {@code curl}. The files are written before any clock
 * runs, and the answers are counted after it has stopped: while it runs, the client copies bytes.
 */
final class Uploads {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Arena arena;
  private final UploadFiles files;

  Uploads(Arena arena, int lines) {
    this(arena, lines, "upload");
  }

  Uploads(Arena arena, int lines, String name) {
    this.arena = arena;
    this.files = new UploadFiles(arena.work(), name, lines);
  }

  int lines() {
    return files.lines();
  }

  /** Writes the files of the next upload. */
  void prepare() throws IOException {
    files.write(arena.batches());
  }

  /** Sends what was prepared; returns when every line has its answer. */
  void send() throws RefusedSlice, IOException, InterruptedException {
    List<Running> uploads = new ArrayList<>();
    for (int file = 0; file < UploadFiles.AT_ONCE; file++) {
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
        files.upload(file).toString(),
        "-H",
        "Authorization: Bearer " + arena.demo().token(),
        "-H",
        "Content-Type: application/x-ndjson",
        "-o",
        files.answers(file).toString(),
        arena.demo().api() + "/v1/transactions/bulk");
  }

  /** Refuses answers that are not all {@code ACCEPTED}. */
  void check() throws RefusedSlice, IOException {
    long accepted = files.accepted();
    if (accepted != lines()) {
      throw new RefusedSlice("only " + accepted + " of " + lines() + " lines were accepted");
    }
  }
}
