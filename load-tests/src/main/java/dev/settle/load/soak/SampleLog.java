package dev.settle.load.soak;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps samples, and writes each to a file as it comes: a run that ends before its time leaves what
 * it saw. A disk that is full does not end the run; it is said when this is closed.
 */
final class SampleLog implements AutoCloseable {

  private final @Nullable Path csv;
  private final @Nullable PrintWriter file;
  private final List<Sample> samples = new ArrayList<>();

  private SampleLog(@Nullable Path csv) throws IOException {
    this.csv = csv;
    file = csv == null ? null : new PrintWriter(Files.newBufferedWriter(csv));
  }

  /**
   * Begins.
   *
   * @param csv what is in it is lost; null: nothing is written
   */
  static SampleLog open(@Nullable Path csv) throws IOException {
    SampleLog log = new SampleLog(csv);
    log.write(Sample.header(Sampler.TABLES));
    return log;
  }

  void add(Sample sample) {
    samples.add(sample);
    write(sample.csv(Sampler.TABLES));
  }

  private void write(String line) {
    if (file != null) {
      file.println(line);
      file.flush();
    }
  }

  /** What was seen so far, oldest first. */
  List<Sample> samples() {
    return List.copyOf(samples);
  }

  @Override
  public void close() throws IOException {
    if (file == null) {
      return;
    }
    boolean failed = file.checkError();
    file.close();
    if (failed) {
      throw new IOException("not every sample could be written to " + csv);
    }
  }
}
