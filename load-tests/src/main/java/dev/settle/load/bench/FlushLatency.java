package dev.settle.load.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;

/**
 * How long the disk takes to make one page durable: 8 kB written at the same place and flushed with
 * fdatasync, one after the other, as {@code pg_test_fsync} does.
 *
 * @param p50 microseconds
 * @param p99 microseconds
 */
record FlushLatency(long p50, long p99) {

  private static final int PAGE = 8_192;
  private static final int MOST = 5_000;

  /** Measures where {@code folder} is, for about so long. */
  static FlushLatency measure(Path folder, Duration length) throws IOException {
    Path file = Files.createTempFile(folder, "flush", ".tmp");
    long[] nanos = new long[MOST];
    int taken = 0;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer page = ByteBuffer.allocateDirect(PAGE);
      channel.write(page, 0);
      channel.force(true);
      long end = System.nanoTime() + length.toNanos();
      for (long from = System.nanoTime(); taken < MOST && from < end; taken++) {
        page.clear();
        channel.write(page, 0);
        channel.force(false);
        long now = System.nanoTime();
        nanos[taken] = now - from;
        from = now;
      }
    } finally {
      Files.delete(file);
    }
    Arrays.sort(nanos, 0, taken);
    return new FlushLatency(nanos[taken / 2] / 1_000, nanos[taken * 99 / 100] / 1_000);
  }
}
