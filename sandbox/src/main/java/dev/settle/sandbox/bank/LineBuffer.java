package dev.settle.sandbox.bank;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Lines of the books that are gathered so that they are one write. */
final class LineBuffer {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private @Nullable JsonGenerator json;

  void reset() {
    bytes.reset();
    json = null;
  }

  void add(FileLine line) throws IOException {
    if (json == null) {
      json = BookLine.FACTORY.createGenerator(bytes);
    }
    line.write(json);
  }

  /** Appends all lines to the file, or none. */
  void appendTo(BooksFile file) throws IOException {
    if (json == null) {
      return;
    }
    json.close();
    file.append(bytes.toByteArray());
  }
}
