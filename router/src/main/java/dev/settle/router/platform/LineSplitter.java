package dev.settle.router.platform;

/**
 * Cuts a stream of bytes into lines, holding at most one piece of the stream and one unfinished
 * line. A line longer than the limit is not kept, only found to be too long. Ends of line are
 * {@code \n} or {@code \r\n}.
 */
public final class LineSplitter {

  private final int limit;
  private final byte[] unfinished;
  private int unfinishedLength;
  private boolean unfinishedTooLong;

  private byte[] piece = new byte[0];
  private int next;

  private byte[] bytes = piece;
  private int offset;
  private int length;
  private boolean tooLong;

  /**
   * @param limit of one line, in bytes, without its end
   */
  public LineSplitter(int limit) {
    this.limit = limit;
    // One more, for the \r that may end a line of the limit.
    this.unfinished = new byte[limit + 1];
  }

  /**
   * Goes on with a piece; all lines of the one before must have been taken. The bytes are not
   * copied.
   */
  public void feed(byte[] bytes) {
    if (next < piece.length) {
      throw new IllegalStateException("the piece before has lines left");
    }
    piece = bytes;
    next = 0;
  }

  /** Moves to the next line, if one is complete; at the end of the stream the unfinished one is. */
  public boolean next(boolean streamEnded) {
    int newline = indexOfNewline();
    if (newline >= 0) {
      cut(newline - next);
      next = newline + 1;
      return true;
    }
    keepRest();
    if (streamEnded && (unfinishedLength > 0 || unfinishedTooLong)) {
      cut(0);
      return true;
    }
    return false;
  }

  /** Makes {@link #next} give the same line again. */
  void putBack() {
    if (bytes != unfinished) {
      System.arraycopy(bytes, offset, unfinished, 0, length);
    }
    unfinishedLength = length;
    // The line's newline was consumed; stand before it again, so that it ends the line once more.
    if (next > 0 && piece[next - 1] == '\n') {
      next--;
    }
  }

  private int indexOfNewline() {
    for (int i = next; i < piece.length; i++) {
      if (piece[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** The line is what was unfinished and {@code count} bytes more of the piece. */
  private void cut(int count) {
    tooLong = unfinishedTooLong || unfinishedLength + count > unfinished.length;
    if (tooLong) {
      length = 0;
    } else if (unfinishedLength == 0) {
      bytes = piece;
      offset = next;
      length = count;
    } else {
      System.arraycopy(piece, next, unfinished, unfinishedLength, count);
      bytes = unfinished;
      offset = 0;
      length = unfinishedLength + count;
    }
    if (length > 0 && bytes[offset + length - 1] == '\r') {
      length--;
    }
    tooLong |= length > limit;
    unfinishedLength = 0;
    unfinishedTooLong = false;
  }

  private void keepRest() {
    int count = piece.length - next;
    if (unfinishedTooLong || unfinishedLength + count > unfinished.length) {
      unfinishedTooLong = true;
      unfinishedLength = 0;
    } else {
      System.arraycopy(piece, next, unfinished, unfinishedLength, count);
      unfinishedLength += count;
    }
    next = piece.length;
  }

  /** Whether a line has begun that has no end yet. */
  boolean hasUnfinished() {
    return unfinishedLength > 0 || unfinishedTooLong;
  }

  /** Whether the line was longer than the limit; then its bytes are not there. */
  public boolean isTooLong() {
    return tooLong;
  }

  /** Whether the line has nothing but spaces and tabs. */
  public boolean isBlank() {
    if (tooLong) {
      return false;
    }
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  /** The array that has the line, good until the next is asked for. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where the line begins in {@link #bytes}. */
  public int offset() {
    return offset;
  }

  /** How many bytes the line has. */
  public int length() {
    return length;
  }
}
