package dev.settle.demo.terminal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an {@link AcknowledgementJournal} wrote, oldest first, in constant memory. The journal
 * may be one that is being written: an unfinished last line is left out. Blocking.
 */
public final class AcknowledgementReader implements Iterator<Acknowledgement> {

  private final BufferedReader lines;
  private @Nullable String line;

  private AcknowledgementReader(BufferedReader lines) {
    this.lines = lines;
    this.line = readLine();
  }

  /**
   * Everything in the file, to be closed by who asks; an absent file holds nothing. A damaged line
   * ends the stream with an {@link IllegalArgumentException} that shows it.
   */
  public static Stream<Acknowledgement> stream(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Stream.empty();
    }
    BufferedReader lines = Files.newBufferedReader(file);
    var reader = new AcknowledgementReader(lines);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(reader, Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .onClose(reader::close);
  }

  @Override
  public boolean hasNext() {
    return line != null;
  }

  @Override
  public Acknowledgement next() {
    String now = line;
    if (now == null) {
      throw new NoSuchElementException();
    }
    Acknowledgement acknowledgement = Acknowledgement.parse(now);
    line = readLine();
    return acknowledgement;
  }

  /**
   * The next whole line; one that is cut short counts only when something follows it, and is
   * refused then.
   */
  private @Nullable String readLine() {
    try {
      String read = lines.readLine();
      if (read == null || Acknowledgement.isWhole(read)) {
        return read;
      }
      return lines.ready() ? read : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
