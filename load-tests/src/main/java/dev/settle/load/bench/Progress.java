package dev.settle.load.bench;

import java.io.PrintStream;
import java.util.Locale;

/** Lines for whoever waits, each with the seconds since the start. */
final class Progress {

  private final PrintStream out;
  private final long start = System.nanoTime();

  Progress(PrintStream out) {
    this.out = out;
  }

  void say(String format, Object... values) {
    out.printf("%5.1f s  %s%n", seconds(), String.format(Locale.ROOT, format, values));
  }

  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }
}
