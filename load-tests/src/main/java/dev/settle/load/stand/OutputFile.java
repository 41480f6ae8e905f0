package dev.settle.load.stand;

import dev.settle.router.platform.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A file that a run writes at its end: looked at when it begins, which may be an hour earlier. */
public final class OutputFile {

  private OutputFile() {}

  /**
   * Makes sure that it can be written, and leaves what is in it.
   *
   * @param option that names it, for people
   * @param file null: none is wanted
   * @throws ConfigurationException when it cannot
   */
  public static void check(String option, @Nullable Path file) {
    if (file == null) {
      return;
    }
    try {
      Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
    } catch (IOException refused) {
      throw new ConfigurationException(
          option + " " + file + " cannot be written (" + refused + "): name another file");
    }
  }
}
