package dev.settle.load.client;

import dev.settle.demo.WorkingDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A folder for everything that a run writes.
 *
 * @param temporary gone with the run
 */
public record WorkFolder(Path path, boolean temporary) implements AutoCloseable {

  /** A new one that is gone with the run, or {@code kept}. */
  public static WorkFolder open(@Nullable Path kept) throws IOException {
    return kept == null
        ? new WorkFolder(Files.createTempDirectory("settle-load-"), true)
        : new WorkFolder(Files.createDirectories(kept.toAbsolutePath().normalize()), false);
  }

  @Override
  public void close() throws IOException {
    if (temporary) {
      WorkingDirectory.deleteTree(path);
    }
  }
}
