package dev.settle.sandbox.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fresh databases for tests: one durable PostgreSQL per JVM, started by the first test that asks
 * and gone with the JVM; each template is migrated once and cloned per test.
 */
public final class TemplateDatabases {
  private static final Pattern TEMPLATE_NAME = Pattern.compile("[a-z][a-z0-9_]{0,40}");
  private static final Set<String> TEMPLATES = new HashSet<>();
  private static @Nullable DurablePostgres server;
  private static int clones;

  private TemplateDatabases() {}

  /**
   * A new database with the template's schema and rows.
   *
   * @param templateName lower case letters, digits and underscores
   * @param migrate fills the template, given its JDBC address with user and password; called once
   *     per JVM and name, and must leave no connection open
   */
  public static synchronized TestDatabase fresh(String templateName, Consumer<String> migrate) {
    if (!TEMPLATE_NAME.matcher(templateName).matches()) {
      throw new IllegalArgumentException("not a template's name: " + templateName);
    }
    DurablePostgres running = running();
    if (!TEMPLATES.contains(templateName)) {
      makeTemplate(running, templateName, migrate);
    }
    String name = templateName + "_" + ++clones;
    // Measured with 60 tables, fsync on, clone and drop: wal_log 125 ms, file_copy 190 ms.
    execute(running, "CREATE DATABASE " + name + " TEMPLATE " + templateName + " STRATEGY wal_log");
    return new TestDatabase(running, name);
  }

  private static void makeTemplate(DurablePostgres running, String name, Consumer<String> migrate) {
    // An earlier migration of this template may have failed half-way.
    drop(running, name);
    execute(running, "CREATE DATABASE " + name);
    migrate.accept(jdbcUrl(running, name));
    TEMPLATES.add(name);
  }

  private static DurablePostgres running() {
    DurablePostgres started = server;
    if (started == null) {
      Path directory = temporaryDirectory();
      // One hook for both, because hooks run in no order and the directory goes after the server.
      started = DurablePostgres.start(directory, 0, Settings.forTests().withStopsWithJvm(false));
      server = started;
      DurablePostgres stopping = started;
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> remove(stopping, directory), "remove-test-databases"));
    }
    return started;
  }

  private static Path temporaryDirectory() {
    try {
      Path target = Path.of("target");
      return Files.isDirectory(target)
          ? Files.createTempDirectory(target, "postgres-")
          : Files.createTempDirectory("settle-postgres-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(DurablePostgres stopping, Path directory) {
    stopping.close();
    PrivateDirectory.remove(directory);
  }

  static void drop(DurablePostgres running, String name) {
    execute(running, "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
  }

  static String jdbcUrl(DurablePostgres running, String name) {
    return running.jdbcUrl(name) + "?user=" + running.user() + "&password=" + running.password();
  }

  private static void execute(DurablePostgres running, String sql) {
    try (Connection connection = DriverManager.getConnection(jdbcUrl(running, running.user()));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql + " failed", e);
    }
  }
}
