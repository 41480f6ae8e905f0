package dev.settle.load.client;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.Stream;

/** NDJSON files that are uploaded at once, and the answers to their lines. */
public final class UploadFiles {

  /** Files of one upload. */
  public static final int AT_ONCE = 4;

  private static final int BUFFER = 1 << 16;
  private static final String ACCEPTED = "\"outcome\":\"ACCEPTED\"";

  private final Path folder;
  private final String name;
  private final int lines;

  /**
   * @param name that their names begin with
   * @param lines of all files together, rounded down to as many for each
   */
  public UploadFiles(Path folder, String name, int lines) {
    this.folder = folder;
    this.name = name;
    this.lines = lines - lines % AT_ONCE;
  }

  /** Lines of all files together. */
  public int lines() {
    return lines;
  }

  public Path upload(int file) {
    return folder.resolve(name + "-" + file + ".ndjson");
  }

  public Path answers(int file) {
    return folder.resolve(name + "-answers-" + file + ".ndjson");
  }

  /** Writes them, with transactions that were never offered before. */
  public void write(int merchants, Batches batches) throws IOException {
    String date = LocalDate.now(ZoneOffset.UTC).toString();
    for (int file = 0; file < AT_ONCE; file++) {
      int batch = batches.next();
      try (OutputStream out =
          new BufferedOutputStream(Files.newOutputStream(upload(file)), BUFFER)) {
        for (int number = 0; number < lines / AT_ONCE; number++) {
          out.write(Sale.json(number, merchants, batch, date).getBytes(StandardCharsets.US_ASCII));
          out.write('\n');
        }
      }
    }
  }

  /** Lines whose answer says that they were accepted. */
  public long accepted() throws IOException {
    long accepted = 0;
    for (int file = 0; file < AT_ONCE; file++) {
      try (Stream<String> answers = Files.lines(answers(file))) {
        accepted += answers.filter(answer -> answer.contains(ACCEPTED)).count();
      }
    }
    return accepted;
  }
}
