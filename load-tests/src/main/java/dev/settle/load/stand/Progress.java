package dev.settle.load.stand;

import java.io.PrintStream;
import java.util.Locale;

/** Lines for whoever waits, each with the seconds since the start. */
public final class Progress {

  private final PrintStream out;
  private final long start = System.nanoTime();

  /** The clock begins now. */
  public Progress(PrintStream out) {
    this.out = out;
  }

  /** Says a line, formatted as {@link String#format} does, in no country's language. */
  public void say(String format, Object... values) {
    out.printf(
        Locale.ROOT,
        "%6.1f s  %s%n",
        (System.nanoTime() - start) / 1e9,
        String.format(Locale.ROOT, format, values));
  }
}
