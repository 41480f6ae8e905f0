package dev.settle.load.stand;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The processors' time since the machine started, from the first line of {@code /proc/stat}, in
 * ticks.
 *
 * @param all of any kind
 * @param stolen taken away by the host of this virtual machine
 */
public record ProcessorTime(long all, long stolen) {

  private static final int STEAL = 8;

  /** Guest time, which comes after, is part of user time already. */
  private static final int KINDS = 8;

  /** Now. */
  public static ProcessorTime now() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/stat"))) {
      return parse(lines.findFirst().orElseThrow());
    }
  }

  /** Of that line. */
  public static ProcessorTime parse(String line) {
    String[] fields = line.trim().split("\\s+");
    long all = 0;
    for (int kind = 1; kind <= KINDS && kind < fields.length; kind++) {
      all += Long.parseLong(fields[kind]);
    }
    return new ProcessorTime(all, fields.length > STEAL ? Long.parseLong(fields[STEAL]) : 0);
  }

  /** The share of the time since then that was stolen, 0 to 1. */
  public double stolenSince(ProcessorTime then) {
    long passed = all - then.all;
    return passed == 0 ? 0 : (double) (stolen - then.stolen) / passed;
  }
}
