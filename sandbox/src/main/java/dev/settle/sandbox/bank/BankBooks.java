package dev.settle.sandbox.bank;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The bank's books for an auditor, straight from the file, in the order of booking, in constant
 * memory. It works whether the bank runs or not; of a running bank it sees what was booked when the
 * file's end is reached. Blocking: not for an event loop.
 */
public final class BankBooks implements AutoCloseable {
  private final BookLines lines;

  private BankBooks(BookLines lines) {
    this.lines = lines;
  }

  /**
   * Opens the books that a {@link SandboxBank} keeps in {@code books}.
   *
   * @throws UncheckedIOException when the file cannot be opened
   */
  public static BankBooks read(Path books) {
    try {
      return new BankBooks(new BookLines(books));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the bank's books " + books, e);
    }
  }

  /**
   * The bookings from the first to the last, readable once. A line that is damaged, other than a
   * torn last one, ends the stream with an {@link UncheckedIOException} that names it.
   */
  public Stream<Booking> stream() {
    return StreamSupport.stream(new Bookings(), false);
  }

  private @Nullable Booking next() {
    try {
      for (FileLine line = lines.next(); line != null; line = lines.next()) {
        Booking booking = line instanceof BookLine book ? book.booking() : null;
        if (booking != null) {
          return booking;
        }
      }
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes the file. */
  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Bookings extends AbstractSpliterator<Booking> {
    Bookings() {
      super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
    }

    @Override
    public boolean tryAdvance(Consumer<? super Booking> action) {
      Booking booking = next();
      if (booking == null) {
        return false;
      }
      action.accept(booking);
      return true;
    }
  }
}
