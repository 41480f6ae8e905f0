package dev.settle.load.faults;

import dev.settle.router.app.RouterUser;
import dev.settle.router.platform.Migrations;
import dev.settle.sandbox.database.DatabaseRefusal;
import dev.settle.sandbox.database.DurablePostgres;
import dev.settle.sandbox.database.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routers' PostgreSQL on the hub, to be killed and started again. Belongs to one thread. */
final class Database implements AutoCloseable {

  static final int PORT = 5432;

  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final String NAME = "settle";

  /** Processes of a killed server need a moment to notice. */
  private static final int START_ATTEMPTS = 20;

  private final Path directory;
  private final RouterUser router = RouterUser.withRandomPassword();
  private DurablePostgres postgres;

  private Database(Path directory, DurablePostgres postgres) {
    this.directory = directory;
    this.postgres = postgres;
  }

  static Database start(Path dataDirectory) throws SQLException {
    Path directory = dataDirectory.resolve("postgres");
    Database database = new Database(directory, launch(directory));
    try (Connection connection = database.connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + NAME + " ENCODING 'UTF8' TEMPLATE template0");
    }
    Migrations.migrate(
        database.postgres.jdbcUrl(NAME), database.postgres.user(), database.postgres.password());
    database.router.giveRights(
        database.postgres.jdbcUrl(NAME), database.postgres.user(), database.postgres.password());
    return database;
  }

  private static DurablePostgres launch(Path directory) {
    return DurablePostgres.start(directory, PORT, Settings.forDemo().alsoOn(Hosts.HUB));
  }

  /** As nodes name it. */
  String url() {
    return "postgresql://" + Hosts.HUB + ":" + PORT + "/" + NAME;
  }

  /** The user that nodes run as. */
  RouterUser router() {
    return router;
  }

  Connection connect() throws SQLException {
    return connect(NAME);
  }

  private Connection connect(String name) throws SQLException {
    return DriverManager.getConnection(
        postgres.jdbcUrl(name), postgres.user(), postgres.password());
  }

  /** kill -9 of the server. */
  void kill() throws IOException, InterruptedException {
    long pid =
        Long.parseLong(
            Files.readAllLines(directory.resolve("cluster").resolve("postmaster.pid"))
                .get(0)
                .strip());
    ProcessHandle server =
        ProcessHandle.of(pid).orElseThrow(() -> new IOException("PostgreSQL does not run"));
    server.destroyForcibly();
    server.onExit().join();
    postgres.close();
  }

  void startAgain() throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        postgres = launch(directory);
        return;
      } catch (DatabaseRefusal refusal) {
        if (attempt == START_ATTEMPTS) {
          throw refusal;
        }
        LOG.warn("PostgreSQL does not start yet: {}", refusal.getMessage());
        TimeUnit.MILLISECONDS.sleep(500);
      }
    }
  }

  @Override
  public void close() {
    postgres.close();
  }
}
