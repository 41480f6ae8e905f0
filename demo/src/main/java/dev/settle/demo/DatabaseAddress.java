package dev.settle.demo;

import dev.settle.router.platform.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Where the router's database is. A running demo keeps it in its data directory, readable by its
 * owner alone, so that {@code verify} can look at it from beside.
 *
 * @param url {@code postgresql://host:port/name}
 */
record DatabaseAddress(String url, String user, String password) {

  private static final String FILE = "database.properties";

  String jdbcUrl() {
    return "jdbc:" + url;
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl(), user, password);
  }

  void write(Path dataDirectory) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("url", url);
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    Path file = dataDirectory.resolve(FILE);
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (OutputStream out = Files.newOutputStream(file)) {
      properties.store(out, null);
    }
  }

  /**
   * What a running demo wrote; throws {@link ConfigurationException} when it has not got that far.
   */
  static DatabaseAddress read(Path dataDirectory) throws IOException {
    Path file = dataDirectory.resolve(FILE);
    if (!Files.exists(file)) {
      throw new ConfigurationException(
          "the demo on " + dataDirectory + " has not started its database yet: try again");
    }
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(file)) {
      properties.load(in);
    }
    return new DatabaseAddress(
        properties.getProperty("url", ""),
        properties.getProperty("user", ""),
        properties.getProperty("password", ""));
  }

  static void remove(Path dataDirectory) throws IOException {
    Files.deleteIfExists(dataDirectory.resolve(FILE));
  }
}
