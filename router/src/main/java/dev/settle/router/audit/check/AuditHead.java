package dev.settle.router.audit.check;

import dev.settle.router.platform.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The end of the chain at some time, kept elsewhere: what shows later that no link up to it is
 * missing. As text {@code seq hash}, or the hash alone.
 *
 * @param seq of the link; 0: it is not known
 * @param hash 64 hexadecimal digits
 */
public record AuditHead(long seq, String hash) {

  private static final Pattern TEXT = Pattern.compile("(?:(\\d{1,18}) )?([0-9a-f]{64})");

  /** The last link, or null while there is none. */
  public static @Nullable AuditHead of(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet last =
            statement.executeQuery("SELECT seq, hash FROM audit_link ORDER BY seq DESC LIMIT 1")) {
      return last.next()
          ? new AuditHead(last.getLong(1), HexFormat.of().formatHex(last.getBytes(2)))
          : null;
    }
  }

  /**
   * A head as it was printed, or the file that holds it.
   *
   * @throws ConfigurationException for anything else
   */
  public static AuditHead parse(String given) {
    Matcher direct = TEXT.matcher(given.strip());
    if (direct.matches()) {
      return of(direct);
    }
    String content;
    try {
      content = Files.readString(Path.of(given)).strip();
    } catch (IOException | RuntimeException unreadable) {
      throw new ConfigurationException("--head " + given + ": no hash, and no file to read");
    }
    Matcher kept = TEXT.matcher(content);
    if (!kept.matches()) {
      throw new ConfigurationException(
          "--head " + given + ": the file does not hold what `settle audit head` prints");
    }
    return of(kept);
  }

  private static AuditHead of(Matcher found) {
    String seq = found.group(1);
    return new AuditHead(seq == null ? 0 : Long.parseLong(seq), found.group(2));
  }

  @Override
  public String toString() {
    return seq == 0 ? hash : seq + " " + hash;
  }
}
