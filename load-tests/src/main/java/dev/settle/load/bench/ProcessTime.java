package dev.settle.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Processor time of processes, from {@code /proc/PID/stat}. */
final class ProcessTime {

  /** Ticks of {@code /proc} are of 10 ms on every Linux. */
  private static final long MICROS_OF_TICK = 10_000;

  private static final Pattern COMPILER = Pattern.compile("C[12] Compiler");

  private static final int UTIME = 11;
  private static final int STIME = 12;
  private static final int CUTIME = 13;
  private static final int CSTIME = 14;

  private ProcessTime() {}

  /** Microseconds that a process has used, in user and system mode. */
  static long own(ProcessHandle process) throws IOException {
    return own(fields(process));
  }

  /** The same of a process and all its children, living and ended. */
  static long withChildren(ProcessHandle process) throws IOException {
    String[] fields = fields(process);
    long micros = own(fields) + ended(fields);
    try (Stream<ProcessHandle> children = process.children()) {
      for (ProcessHandle child : children.toList()) {
        try {
          micros += own(child);
        } catch (NoSuchFileException ended) {
          // Between the two looks; it is in the next sum of the ended.
        }
      }
    }
    return micros;
  }

  /**
   * The same of a JVM's threads, without those that compile: they work when a JVM is young, not for
   * what it does.
   */
  static long withoutCompilers(ProcessHandle jvm) throws IOException {
    long micros = 0;
    try (Stream<Path> threads = Files.list(folder(jvm).resolve("task"))) {
      for (Path thread : threads.toList()) {
        try {
          if (!COMPILER.matcher(Files.readString(thread.resolve("comm"))).lookingAt()) {
            micros += own(parse(Files.readString(thread.resolve("stat"))));
          }
        } catch (NoSuchFileException ended) {
          // Threads that end are none that carry load.
        }
      }
    }
    return micros;
  }

  private static String[] fields(ProcessHandle process) throws IOException {
    return parse(Files.readString(folder(process).resolve("stat")));
  }

  private static Path folder(ProcessHandle process) {
    return Path.of("/proc", String.valueOf(process.pid()));
  }

  /** The fields after the program's name, which may hold spaces and brackets of its own. */
  static String[] parse(String stat) {
    return stat.substring(stat.lastIndexOf(')') + 2).trim().split(" ");
  }

  static long own(String[] fields) {
    return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) * MICROS_OF_TICK;
  }

  static long ended(String[] fields) {
    return (Long.parseLong(fields[CUTIME]) + Long.parseLong(fields[CSTIME])) * MICROS_OF_TICK;
  }
}
