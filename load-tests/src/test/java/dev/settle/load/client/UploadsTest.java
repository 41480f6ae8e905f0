package dev.settle.load.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.settle.load.client.Programs.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When one of the uploads that go at once fails, none is left that reads files or sends lines. */
@Timeout(60)
class UploadsTest {

  private static final Path CURL = Path.of("/usr/bin/curl");

  @TempDir Path folder;

  @Test
  void one_that_fails_ends_the_others() throws IOException {
    assumeThat(CURL).exists();
    // Whoever connects here waits for an answer that never comes.
    try (ServerSocket silent = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
      UploadFiles files = new UploadFiles(folder, "upload", 8);
      Uploads uploads =
          new Uploads(
              new Programs(folder),
              new Terminals("http://127.0.0.1:" + silent.getLocalPort(), "t", 2, new Batches()),
              files);
      uploads.prepare();
      Files.delete(files.upload(0));
      assertThatThrownBy(uploads::send).isInstanceOf(RefusedSlice.class);
      assertThat(
              ProcessHandle.current()
                  .children()
                  .filter(child -> child.info().command().orElse("").endsWith("/curl")))
          .isEmpty();
    }
  }

  @Test
  void a_program_that_is_stopped_is_gone() throws Exception {
    Running sleeper = new Programs(folder).start(List.of("sleep", "60"), Map.of());
    sleeper.stop();
    assertThat(sleeper.process().isAlive()).isFalse();
  }
}
