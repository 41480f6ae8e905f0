package dev.settle.router.reconciliation;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Writes rows into a table by PostgreSQL's COPY, a buffer at a time. */
final class CopyLines implements AutoCloseable {

  private static final int BUFFER_CHARACTERS = 64 * 1024;

  private final CopyIn copy;
  private final StringBuilder buffer = new StringBuilder(BUFFER_CHARACTERS);
  private boolean rowBegun;

  /**
   * @param target table and columns
   */
  CopyLines(Connection connection, String target) throws SQLException {
    copy =
        connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY " + target + " FROM STDIN");
  }

  /** The next column of the row. */
  CopyLines column(@Nullable Object value) {
    if (rowBegun) {
      buffer.append('\t');
    }
    rowBegun = true;
    if (value == null) {
      buffer.append("\\N");
    } else {
      escape(value.toString());
    }
    return this;
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> buffer.append("\\\\");
        case '\t' -> buffer.append("\\t");
        case '\n' -> buffer.append("\\n");
        case '\r' -> buffer.append("\\r");
        default -> buffer.append(c);
      }
    }
  }

  void endRow() throws SQLException {
    buffer.append('\n');
    rowBegun = false;
    if (buffer.length() >= BUFFER_CHARACTERS) {
      flush();
    }
  }

  private void flush() throws SQLException {
    byte[] bytes = buffer.toString().getBytes(StandardCharsets.UTF_8);
    copy.writeToCopy(bytes, 0, bytes.length);
    buffer.setLength(0);
  }

  /** All rows are in the table. */
  void end() throws SQLException {
    flush();
    copy.endCopy();
  }

  /** Takes back what was not ended, so that the connection can be used again. */
  @Override
  public void close() throws SQLException {
    if (copy.isActive()) {
      copy.cancelCopy();
    }
  }
}
