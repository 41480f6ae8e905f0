package dev.settle.sandbox.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurablePostgresIT {
  private static final Settings SMALL = Settings.forTests().withStopsWithJvm(false);

  @TempDir Path temporary;

  @Test
  void keepsWhatItCommitsWhateverTheConfigurationSays() throws SQLException {
    try (DurablePostgres postgres = start()) {
      execute(postgres, "ALTER SYSTEM SET fsync = off");
      execute(postgres, "ALTER SYSTEM SET synchronous_commit = off");
    }
    try (DurablePostgres postgres = start()) {
      for (String setting : Settings.DURABLE.keySet()) {
        assertThat(query(postgres, "SHOW " + setting)).as(setting).isEqualTo("on");
      }
      assertThat(query(postgres, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(query(postgres, "SHOW max_connections")).isEqualTo("200");
      assertThat(query(postgres, "SHOW server_version_num")).startsWith("18");
    }
  }

  @Test
  void refusesToRunWhereASessionWouldNotBeDurable() throws SQLException {
    try (DurablePostgres postgres = start()) {
      execute(postgres, "ALTER ROLE postgres SET synchronous_commit = off");
    }
    assertThatThrownBy(this::start)
        .isInstanceOf(DatabaseRefusal.class)
        .hasMessageContaining("synchronous_commit=off");
    assertThat(Postmaster.runsOn(cluster())).isFalse();
  }

  @Test
  void goesOnFromADirectoryThatHoldsACluster() throws SQLException {
    try (DurablePostgres postgres = start()) {
      execute(postgres, "CREATE TABLE kept AS SELECT 42 AS value");
    }
    assertThat(Postmaster.runsOn(cluster())).isFalse();
    try (DurablePostgres postgres = start()) {
      assertThat(query(postgres, "SELECT value FROM kept")).isEqualTo("42");
    }
  }

  @Test
  void stopsTheServerOfAKilledStarterAndFindsItsCommits() throws Exception {
    Process starter = child(List.of(data().toString()), "");
    int port = Integer.parseInt(firstLine(starter).replace("port ", ""));
    String password = Files.readString(data().resolve("password")).trim();
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", password);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE kept AS SELECT 42 AS value");
      assertThatThrownBy(this::start).hasMessageContaining("in use by another process");

      starter.destroyForcibly().waitFor();
      long orphan = postmaster();
      assertThat(Postmaster.runsOn(cluster())).isTrue();

      try (DurablePostgres postgres = start()) {
        assertThat(query(postgres, "SELECT value FROM kept")).isEqualTo("42");
        awaitEnd(orphan);
        assertThat(postmaster()).isNotEqualTo(orphan);
      }
    } finally {
      starter.destroyForcibly();
    }
  }

  @Test
  void stopsWithTheJvmWhenAskedTo() throws Exception {
    Process starter = child(List.of(data().toString(), "end"), "");
    assertThat(firstLine(starter)).startsWith("port ");
    assertThat(starter.waitFor(30, TimeUnit.SECONDS)).isTrue();

    assertThat(Postmaster.runsOn(cluster())).isFalse();
    assertThat(cluster().resolve("postmaster.pid")).doesNotExist();
  }

  @Test
  void leavesAProcessAloneWhoseNumberAStaleLockNames() throws Exception {
    start().close();
    Files.writeString(
        cluster().resolve("postmaster.pid"), ProcessHandle.current().pid() + "\n/elsewhere\n");

    try (DurablePostgres postgres = start()) {
      assertThat(query(postgres, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void beginsAgainWhereTheCreationWasCutOff() throws Exception {
    Files.createDirectories(data().resolve("cluster.part/base"));
    Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwx------"));

    try (DurablePostgres postgres = start()) {
      assertThat(query(postgres, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void letsNobodyInWithoutItsPassword() throws Exception {
    try (DurablePostgres postgres = start()) {
      assertThatThrownBy(
              () -> DriverManager.getConnection(postgres.jdbcUrl("postgres"), "postgres", "guess"))
          .isInstanceOf(SQLException.class);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data())))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void saysWhatToDoWhenThePortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> DurablePostgres.start(data(), port, SMALL))
          .isInstanceOf(DatabaseRefusal.class)
          .hasMessageContaining("port " + port)
          .hasMessageContaining("external PostgreSQL");
    }
  }

  @Test
  void saysWhatToDoWhenRootMayNotStepDown() throws Exception {
    assumeTrue(
        Integer.valueOf(0).equals(Files.getAttribute(temporary, "unix:uid")),
        "only root has to step down: not run, because this user is not root");
    Process starter = child(List.of(data().toString()), "/nonexistent");

    assertThat(firstLine(starter))
        .startsWith("refused PostgreSQL does not run as root here")
        .contains("an external PostgreSQL 15");
    starter.waitFor();
  }

  private DurablePostgres start() {
    return DurablePostgres.start(data(), 0, SMALL);
  }

  private Path data() {
    return temporary.resolve("data");
  }

  private Path cluster() {
    return data().resolve("cluster");
  }

  private long postmaster() throws IOException {
    return Long.parseLong(Files.readAllLines(cluster().resolve("postmaster.pid")).get(0).trim());
  }

  private static void awaitEnd(long pid) throws Exception {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isPresent()) {
      process.get().onExit().get(30, TimeUnit.SECONDS);
    }
  }

  private static Process child(List<String> arguments, String path) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(StartsPostgres.class.getName());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    if (!path.isEmpty()) {
      builder.environment().put("PATH", path);
    }
    return builder.start();
  }

  private static String firstLine(Process process) throws IOException {
    String line =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    assertThat(line).isNotNull();
    return line;
  }

  private static void execute(DurablePostgres postgres, String sql) throws SQLException {
    try (Connection connection = connect(postgres);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(DurablePostgres postgres, String sql) throws SQLException {
    try (Connection connection = connect(postgres);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private static Connection connect(DurablePostgres postgres) throws SQLException {
    return DriverManager.getConnection(
        postgres.jdbcUrl("postgres"), postgres.user(), postgres.password());
  }
}
