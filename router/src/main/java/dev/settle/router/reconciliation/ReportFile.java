package dev.settle.router.reconciliation;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that is there when all of it is written, and not before. */
final class ReportFile implements AutoCloseable {

  private final Path file;
  private final Path part;
  private final BufferedWriter writer;

  ReportFile(Path file) throws IOException {
    this.file = file;
    this.part = file.resolveSibling(file.getFileName() + ".part");
    this.writer = Files.newBufferedWriter(part);
  }

  Writer writer() {
    return writer;
  }

  void finish() throws IOException {
    writer.close();
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    writer.close();
    Files.deleteIfExists(part);
  }
}
