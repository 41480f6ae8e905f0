package dev.settle.sandbox.bank;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads the books file line by line from its start. Bytes after the last end of line are a write
 * that is still going on or was cut off by a crash: no line yet. The last complete line may still
 * be told apart from them by {@link #consumed}.
 */
final class BookLines implements Closeable {
  /** Far above the longest line that the field limits allow (below 1 KiB). */
  private static final int MAX_LINE_BYTES = 64 * 1024;

  private final Path file;
  private final InputStream input;
  private final byte[] buffer = new byte[MAX_LINE_BYTES];
  private int start;
  private int end;
  private long consumed;
  private long lines;

  BookLines(Path file) throws IOException {
    this.file = file;
    this.input = Files.newInputStream(file);
  }

  /** The next line, null when no complete one is left. */
  @Nullable FileLine next() throws IOException {
    int scanned = start;
    while (true) {
      for (int i = scanned; i < end; i++) {
        if (buffer[i] == '\n') {
          return take(i);
        }
      }
      int pending = end - start;
      if (!fill()) {
        return null;
      }
      scanned = start + pending;
    }
  }

  /** How many bytes the lines read so far took, ends of line included. */
  long consumed() {
    return consumed;
  }

  private FileLine take(int newline) throws IOException {
    int from = start;
    lines++;
    consumed += newline + 1 - from;
    start = newline + 1;
    try {
      return FileLine.parse(buffer, from, newline - from);
    } catch (IOException e) {
      throw new IOException("line " + lines + " of the bank's books " + file + " is damaged", e);
    }
  }

  private boolean fill() throws IOException {
    System.arraycopy(buffer, start, buffer, 0, end - start);
    end -= start;
    start = 0;
    if (end == buffer.length) {
      throw new IOException(
          "line " + (lines + 1) + " of the bank's books " + file + " is too long");
    }
    int read = input.read(buffer, end, buffer.length - end);
    end += Math.max(read, 0);
    return read > 0;
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
