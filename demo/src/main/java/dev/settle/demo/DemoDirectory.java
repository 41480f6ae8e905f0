package dev.settle.demo;

import dev.settle.router.platform.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A demo's data directory, for a command that works on its database. Blocking. */
final class DemoDirectory {

  /** What is done with the database. */
  @FunctionalInterface
  interface Work<T> {

    /**
     * @param running whether the demo runs, and its bank with it
     */
    T with(DatabaseAddress database, boolean running) throws Exception;
  }

  private DemoDirectory() {}

  /**
   * The one that is named, or else, where no database is configured, that of this checkout's last
   * demo. Null: the configured database is meant.
   */
  static @Nullable Path chosen(@Nullable Path named) throws IOException {
    Path chosen = named == null && !DemoVerifyCommand.isConfigured() ? LastDemo.find() : named;
    if (chosen == null) {
      return null;
    }
    Path directory = chosen.toAbsolutePath().normalize();
    if (!Files.isDirectory(directory.resolve("postgres"))) {
      throw new ConfigurationException("--data-dir " + directory + " holds no demo");
    }
    return directory;
  }

  /** Beside a running demo through its database; otherwise that is started for the work. */
  static <T> T withDatabase(Path directory, Work<T> work) throws Exception {
    WorkingDirectory locked = WorkingDirectory.lock(directory);
    if (locked == null) {
      return work.with(DatabaseAddress.read(directory), true);
    }
    try (locked;
        RouterDatabase database = RouterDatabase.start(directory)) {
      return work.with(database.address(), false);
    }
  }
}
