package dev.settle.load.bench;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;

/**
 * Where the demo's database is, as it says in its data directory.
 *
 * @param uri {@code postgresql://host:port/name}
 */
record BookAddress(URI uri, String user, String password) {

  static BookAddress read(Path dataDirectory) throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(dataDirectory.resolve("database.properties"))) {
      properties.load(in);
    }
    return new BookAddress(
        URI.create(properties.getProperty("url", "")),
        properties.getProperty("user", ""),
        properties.getProperty("password", ""));
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:" + uri, user, password);
  }

  /** The same for PostgreSQL's own programs. */
  Map<String, String> environment() {
    return Map.of(
        "PGHOST", uri.getHost(),
        "PGPORT", String.valueOf(uri.getPort()),
        "PGDATABASE", uri.getPath().substring(1),
        "PGUSER", user,
        "PGPASSWORD", password);
  }
}
