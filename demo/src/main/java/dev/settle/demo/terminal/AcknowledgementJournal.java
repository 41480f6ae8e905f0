package dev.settle.demo.terminal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The file of everything that terminals were told is owed: the evidence for "acknowledged is
 * durable". Lines are kept in memory for at most {@link #FLUSH_MILLIS} and written by a thread of
 * its own, so that no event loop waits for a disk. Whoever kills the demo loses that much evidence,
 * never a credit. Read back by {@link AcknowledgementReader}.
 */
public final class AcknowledgementJournal implements AutoCloseable {

  static final long FLUSH_MILLIS = 200;

  /** Characters that wait for the disk; at 100 for a line this is some minutes of a fast run. */
  private static final int PENDING_CHARS = 64 * 1024 * 1024;

  private final Path file;
  private final ScheduledExecutorService writer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "acknowledgements");
            thread.setDaemon(true);
            return thread;
          });
  private final Object lock = new Object();
  private StringBuilder pending = new StringBuilder();
  private @Nullable IOException failure;

  private AcknowledgementJournal(Path file) {
    this.file = file;
  }

  /** Opens the file to append to it; a last line that a kill cut short is dropped. Blocking. */
  public static AcknowledgementJournal open(Path file) throws IOException {
    if (Files.exists(file)) {
      dropTornLine(file);
    } else {
      Files.createFile(file);
    }
    var journal = new AcknowledgementJournal(file);
    journal.writer.scheduleWithFixedDelay(
        journal::writePending, FLUSH_MILLIS, FLUSH_MILLIS, TimeUnit.MILLISECONDS);
    return journal;
  }

  /**
   * Notes an acknowledgement; never waits for the disk. A disk that does not keep up leaves a gap
   * that {@link #close} reports.
   */
  public void add(Acknowledgement acknowledgement) {
    synchronized (lock) {
      if (pending.length() > PENDING_CHARS) {
        failure = new IOException("the disk does not keep up");
        return;
      }
      pending.append(acknowledgement.line()).append('\n');
    }
  }

  /**
   * Writes what is left. Throws what kept an earlier write from succeeding: the evidence has a gap
   * then.
   */
  @Override
  public void close() throws IOException {
    writer.shutdown();
    try {
      writer.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    writePending();
    synchronized (lock) {
      if (failure != null) {
        throw new IOException("cannot write " + file, failure);
      }
    }
  }

  private void writePending() {
    String text;
    synchronized (lock) {
      text = pending.toString();
      pending = new StringBuilder();
    }
    if (text.isEmpty()) {
      return;
    }
    try {
      Files.writeString(file, text, StandardOpenOption.APPEND);
    } catch (IOException e) {
      synchronized (lock) {
        failure = e;
      }
    }
  }

  private static void dropTornLine(Path file) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      long end = bytes.length();
      while (end > 0) {
        bytes.seek(end - 1);
        if (bytes.read() == '\n') {
          break;
        }
        end--;
      }
      bytes.setLength(end);
    }
  }
}
