package dev.settle.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which demo of this checkout was started last: its data directory, in the checkout's {@code
 * .settle} folder, so that {@code bin/settle verify} without options finds it.
 */
final class LastDemo {

  private LastDemo() {}

  static void remember(Path dataDirectory) throws IOException {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), dataDirectory + "\n");
  }

  /** Its data directory, or null when there was none or its directory is gone. */
  static @Nullable Path find() throws IOException {
    if (!Files.isRegularFile(file())) {
      return null;
    }
    Path directory = Path.of(Files.readString(file()).strip());
    return Files.isDirectory(directory.resolve("postgres")) ? directory : null;
  }

  private static Path file() {
    return CheckoutKeys.folder().resolve("last-demo");
  }
}
