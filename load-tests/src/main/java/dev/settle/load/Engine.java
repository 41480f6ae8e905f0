package dev.settle.load;

import dev.settle.load.scenario.LoadSimulation;
import dev.settle.load.stage.Verdict;
import io.gatling.app.Gatling$;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.prefs.Preferences;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Gatling, in this process. What it prints goes into a file, its reports into folders below {@code
 * folder}: their licence does not allow them in a repository. Belongs to one thread.
 */
final class Engine {

  private static final int GOOD = 0;
  private static final int ASSERTIONS_FAILED = 2;

  private static final Pattern ASSERTION = Pattern.compile("(?m)^(.+) : (true|false) \\((.+)\\)$");
  private static final Logger PREFERENCES = Logger.getLogger("java.util.prefs");

  private final Path folder;
  private final Set<Path> reports = new HashSet<>();

  Engine(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes it ask nobody but the target, and be silent; to be called before anything of it is looked
   * at. It would otherwise look for a newer version of itself on the net, once a day by what it has
   * noted in the user's preferences.
   */
  static void prepare(Path folder) throws IOException {
    PREFERENCES.setLevel(Level.WARNING);
    System.setProperty("java.util.prefs.userRoot", folder.toString());
    Preferences notes = Preferences.userRoot().node("/io/gatling/latestVersion");
    notes.putLong("lastCheckTimestamp", System.currentTimeMillis());
    notes.putBoolean("lastCheckSuccess", false);
    System.setOut(
        new PrintStream(Files.newOutputStream(log(folder)), true, StandardCharsets.UTF_8));
  }

  private static Path log(Path folder) {
    return folder.resolve("gatling.log");
  }

  /**
   * Plays a scenario to its end, and adds what it asserts to the verdict. Returns the page of its
   * report.
   */
  Path play(Class<? extends LoadSimulation> scenario, Verdict verdict) throws IOException {
    long said = Files.size(log(folder));
    int code =
        Gatling$.MODULE$.fromArgs(
            new String[] {
              "--simulation", scenario.getName(), "--results-folder", folder.toString()
            });
    if (code != GOOD && code != ASSERTIONS_FAILED) {
      throw new IOException(
          "Gatling ended with code " + code + "; what it said is in " + log(folder));
    }
    boolean seen = assertions(Files.readString(log(folder)).substring((int) said), verdict);
    if (code == ASSERTIONS_FAILED && !seen) {
      verdict.promise("Gatling: its assertions", false, "see " + log(folder));
    }
    return newReport();
  }

  private Path newReport() throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      return found
          .map(path -> path.resolve("index.html"))
          .filter(page -> Files.exists(page) && reports.add(page))
          .findFirst()
          .orElseThrow(() -> new IOException("Gatling wrote no report into " + folder));
    }
  }

  /** Adds each assertion that Gatling has printed; false when none of them failed. */
  private static boolean assertions(String printed, Verdict verdict) {
    boolean failed = false;
    for (Matcher line = ASSERTION.matcher(printed); line.find(); ) {
      boolean kept = Boolean.parseBoolean(line.group(2));
      verdict.promise("Gatling: " + line.group(1), kept, line.group(3).replace("actual : ", ""));
      failed |= !kept;
    }
    return failed;
  }
}
