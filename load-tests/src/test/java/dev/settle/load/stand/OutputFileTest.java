package dev.settle.load.stand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.platform.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that cannot be written is noticed before the run, and one that can keeps what it has. */
class OutputFileTest {

  @TempDir Path folder;

  @Test
  void one_in_no_folder_is_refused() {
    assertThatThrownBy(() -> OutputFile.check("--csv", folder.resolve("no/such.csv")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("--csv " + folder.resolve("no/such.csv") + " cannot be written");
  }

  @Test
  void one_that_can_be_written_keeps_what_it_has() throws IOException {
    Path file = Files.writeString(folder.resolve("a.csv"), "old");
    OutputFile.check("--csv", file);
    OutputFile.check("--svg", null);
    assertThat(file).hasContent("old");
  }
}
