package dev.settle.load.client;

import dev.settle.load.client.Programs.Running;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Uploads of NDJSON lines, several at once, by {@code curl}. The files are written before any clock
 * runs, and the answers are counted after it has stopped: while it runs, the client copies bytes.
 */
public final class Uploads {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Programs programs;
  private final Terminals terminals;
  private final UploadFiles files;

  public Uploads(Programs programs, Terminals terminals, UploadFiles files) {
    this.programs = programs;
    this.terminals = terminals;
    this.files = files;
  }

  public int lines() {
    return files.lines();
  }

  /** Writes the files of the next upload. */
  public void prepare() throws IOException {
    files.write(terminals.merchants(), terminals.batches());
  }

  /**
   * Sends what was prepared; returns when every line has its answer. When one upload fails the
   * others are ended before it is said: whoever measures again writes these files anew, and no line
   * may land in a slice that is not its own.
   */
  public void send() throws RefusedSlice, IOException, InterruptedException {
    List<Running> uploads = new ArrayList<>();
    try {
      for (int file = 0; file < UploadFiles.AT_ONCE; file++) {
        uploads.add(programs.start(curl(file), Map.of()));
      }
      for (Running upload : uploads) {
        upload.end(PATIENCE);
      }
    } finally {
      uploads.forEach(upload -> upload.process().destroy());
      for (Running upload : uploads) {
        upload.stop();
      }
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
        "Authorization: Bearer " + terminals.token(),
        "-H",
        "Content-Type: application/x-ndjson",
        "-o",
        files.answers(file).toString(),
        terminals.api() + "/v1/transactions/bulk");
  }

  /** Refuses answers that are not all {@code ACCEPTED}. */
  public void check() throws RefusedSlice, IOException {
    long accepted = files.accepted();
    if (accepted != lines()) {
      throw new RefusedSlice("only " + accepted + " of " + lines() + " lines were accepted");
    }
  }
}
