package dev.settle.sandbox.database;

import dev.settle.sandbox.net.FreePort;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL 18 on 127.0.0.1 (and one more address where the settings name it) that comes with us
 * and keeps what it committed: fsync, synchronous_commit and full_page_writes are on, and it is
 * refused when SHOW says otherwise. Its calls block: not for an event loop.
 */
public final class DurablePostgres implements AutoCloseable {
  static final String LOOPBACK = "127.0.0.1";
  static final String USER = "postgres";

  /** A crash recovery of all the log that one checkpoint allows takes less. */
  private static final int START_SECONDS = 120;

  /** A last checkpoint of all shared buffers takes less. */
  private static final int STOP_SECONDS = 120;

  private static final Logger LOG = LoggerFactory.getLogger(DurablePostgres.class);

  private final ClusterDirectory directory;
  private final Programs programs;
  private final int port;
  private final String password;
  private @Nullable Thread stopper;
  private boolean closed;

  private DurablePostgres(
      ClusterDirectory directory, Programs programs, int port, String password) {
    this.directory = directory;
    this.programs = programs;
    this.port = port;
    this.password = password;
  }

  /** Starts with {@link Settings#forDemo()}: the caller closes it. */
  public static DurablePostgres start(Path dataDirectory, int port) {
    return start(dataDirectory, port, Settings.forDemo());
  }

  /**
   * Starts a server, going on from what the data directory holds. A server that a killed process
   * left running on it is stopped first.
   *
   * @param dataDirectory created, mode 0700, when absent
   * @param port the port to listen on, 0 for a free one
   * @throws DatabaseRefusal when it cannot start or is not durable; the message says what to do
   */
  public static DurablePostgres start(Path dataDirectory, int port, Settings settings) {
    ClusterDirectory directory = ClusterDirectory.own(dataDirectory);
    try {
      Programs programs = new Programs(Binaries.unpacked(), directory.log());
      directory.createIfAbsent(programs);
      stopOrphan(directory, programs);
      DurablePostgres postgres =
          new DurablePostgres(
              directory, programs, port == 0 ? FreePort.any() : port, directory.password());
      postgres.launch(settings);
      return postgres;
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  private static void stopOrphan(ClusterDirectory directory, Programs programs) {
    // We own the directory: whoever started a server that still runs on it is dead.
    if (Postmaster.runsOn(directory.cluster())) {
      LOG.warn("Stopping the PostgreSQL that a killed process left on {}", directory.cluster());
      stop(directory, programs);
    }
  }

  private static void stop(ClusterDirectory directory, Programs programs) {
    programs.run(
        "stop PostgreSQL",
        "pg_ctl",
        List.of(
            "stop",
            "--wait",
            "--timeout=" + STOP_SECONDS,
            "--mode=fast",
            "--pgdata=" + directory.cluster()));
  }

  private void launch(Settings settings) {
    try {
      if (!settings.alsoOn().isEmpty()) {
        directory.admitNeighbours();
      }
      programs.run("start PostgreSQL on port " + port, "pg_ctl", startArguments(settings));
      refuseUnlessDurable();
    } catch (RuntimeException e) {
      closeAfter(e);
      throw e;
    }
    if (settings.stopsWithJvm()) {
      stopper = new Thread(this::close, "stop-postgres-" + port);
      Runtime.getRuntime().addShutdownHook(stopper);
    }
  }

  private void closeAfter(RuntimeException failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private List<String> startArguments(Settings settings) {
    return List.of(
        "start",
        "--wait",
        "--timeout=" + START_SECONDS,
        "--pgdata=" + directory.cluster(),
        "--log=" + directory.log(),
        "--options=" + options(settings));
  }

  private String options(Settings settings) {
    return settings.server().entrySet().stream()
        .map(setting -> "-c " + setting.getKey() + "=" + setting.getValue())
        .collect(Collectors.joining(" ", "-p " + port + " ", ""));
  }

  private void refuseUnlessDurable() {
    try (Connection connection = DriverManager.getConnection(jdbcUrl(USER), USER, password);
        Statement statement = connection.createStatement()) {
      for (Map.Entry<String, String> durable : Settings.DURABLE.entrySet()) {
        refuseUnless(statement, durable.getKey(), durable.getValue());
      }
    } catch (SQLException e) {
      throw new DatabaseRefusal(
          "cannot connect to PostgreSQL on port "
              + port
              + " ("
              + e.getMessage()
              + "): see "
              + directory.log(),
          e);
    }
  }

  private static void refuseUnless(Statement statement, String setting, String required)
      throws SQLException {
    try (ResultSet shown = statement.executeQuery("SHOW " + setting)) {
      shown.next();
      if (!shown.getString(1).equals(required)) {
        throw new DatabaseRefusal(
            "PostgreSQL runs with "
                + setting
                + "="
                + shown.getString(1)
                + ", which loses money: "
                + "take the setting out of its configuration");
      }
    }
  }

  /** The address that it listens on. */
  public String host() {
    return LOOPBACK;
  }

  /** The port that it listens on. */
  public int port() {
    return port;
  }

  /** The user to connect as, a superuser. */
  public String user() {
    return USER;
  }

  /** That user's password, random, made with the data directory and kept in it. */
  public String password() {
    return password;
  }

  /** The JDBC address of a database, without user and password. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://" + LOOPBACK + ":" + port + "/" + database;
  }

  /**
   * Stops the server, cutting its connections, and waits until it is down. Closing twice is closing
   * once.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    forgetStopper();
    try {
      if (Postmaster.runsOn(directory.cluster())) {
        stop(directory, programs);
      }
    } finally {
      directory.close();
    }
  }

  private void forgetStopper() {
    Thread hook = stopper;
    if (hook == null || hook == Thread.currentThread()) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.debug("The JVM is ending; its hook finds the server stopped", e);
    }
  }
}
