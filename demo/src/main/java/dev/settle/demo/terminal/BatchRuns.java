package dev.settle.demo.terminal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Gives each run on a data directory batch numbers that no earlier run had, so that a terminal that
 * is started again does not re-use the key of a sale it made before. The number of runs is on disk
 * before the first sale is made.
 */
public final class BatchRuns {

  /** Batches of a terminal in one run; each holds 999,999 sales. */
  static final int PER_RUN = 100;

  /** Lower batch numbers are left to whoever drives the demo from outside. */
  static final int FIRST = 1_000;

  private static final int MOST_RUNS = (999_999 - FIRST) / PER_RUN;

  private BatchRuns() {}

  /** Opens the next run and returns the first of its batch numbers. Blocking. */
  public static int open(Path file) throws IOException {
    int run = Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : 0;
    if (run >= MOST_RUNS) {
      throw new IOException(
          file + ": the terminals have used up their batch numbers; use another --data-dir");
    }
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (FileChannel channel =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      channel.write(ByteBuffer.wrap((run + 1 + "\n").getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return FIRST + run * PER_RUN;
  }
}
