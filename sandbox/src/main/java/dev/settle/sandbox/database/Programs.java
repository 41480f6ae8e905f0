package dev.settle.sandbox.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs the PostgreSQL programs of one cluster, as an unprivileged user where we are root. */
final class Programs {
  private static final long PROGRAM_SECONDS = 180;
  private static final int ROOT = 0;

  private final Path binaries;
  private final Path log;
  private final List<String> prefix;

  /** Programs that write what they say to {@code log}. */
  Programs(Path binaries, Path log) {
    this.binaries = binaries;
    this.log = log;
    this.prefix = prefix(binaries);
  }

  /**
   * PostgreSQL refuses to run as root; a user namespace in which we are nobody is enough for it.
   */
  private static List<String> prefix(Path ownDirectory) {
    try {
      if (!Integer.valueOf(ROOT).equals(Files.getAttribute(ownDirectory, "unix:uid"))) {
        return List.of();
      }
    } catch (IOException e) {
      throw new DatabaseRefusal("cannot tell who owns " + ownDirectory, e);
    }
    List<String> unshare = List.of("unshare", "-U");
    List<String> trial = new ArrayList<>(unshare);
    trial.add("true");
    try {
      if (waitFor(new ProcessBuilder(trial).redirectErrorStream(true).start()) == 0) {
        return unshare;
      }
    } catch (IOException e) {
      throw refusedToRoot(e.toString(), e);
    }
    throw refusedToRoot("`unshare -U` is not allowed", null);
  }

  private static DatabaseRefusal refusedToRoot(String why, @Nullable Throwable cause) {
    return new DatabaseRefusal(
        "PostgreSQL does not run as root here ("
            + why
            + "): run as another user, or "
            + DatabaseRefusal.USE_EXTERNAL,
        cause);
  }

  /**
   * Runs {@code bin/name} to its end; a failure is a refusal that says what {@code purpose} was.
   */
  void run(String purpose, String name, List<String> arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.add(binaries.resolve("bin").resolve(name).toString());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    // Its messages are read by people and by us: in one language.
    builder.environment().put("LC_ALL", "C");
    try {
      int exit = waitFor(builder.start());
      if (exit != 0) {
        throw new DatabaseRefusal(
            "cannot "
                + purpose
                + " ("
                + name
                + " exit "
                + exit
                + "): see the end of "
                + log
                + ", or "
                + DatabaseRefusal.USE_EXTERNAL);
      }
    } catch (IOException e) {
      throw new DatabaseRefusal(
          "cannot " + purpose + " (" + e + "): " + DatabaseRefusal.USE_EXTERNAL, e);
    }
  }

  private static int waitFor(Process process) throws IOException {
    try {
      if (process.waitFor(PROGRAM_SECONDS, TimeUnit.SECONDS)) {
        return process.exitValue();
      }
      process.destroyForcibly();
      throw new IOException("not done within " + PROGRAM_SECONDS + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      throw new IOException("interrupted", e);
    }
  }
}
