package dev.settle.load.stand;

import dev.settle.demo.WorkingDirectory;
import dev.settle.demo.node.NodeClient;
import dev.settle.demo.node.NodeLaunch;
import dev.settle.demo.terminal.Merchants;
import dev.settle.load.client.Batches;
import dev.settle.load.client.Terminals;
import dev.settle.router.access.Role;
import dev.settle.router.access.Scope;
import dev.settle.router.access.Tokens;
import dev.settle.router.app.RouterUser;
import dev.settle.router.binding.AccountId;
import dev.settle.router.invariant.InvariantCheck;
import dev.settle.router.invariant.InvariantReport;
import dev.settle.router.invariant.Witnesses;
import dev.settle.router.platform.DemoKeys;
import dev.settle.router.platform.Migrations;
import dev.settle.sandbox.bank.SandboxBank;
import dev.settle.sandbox.database.DurablePostgres;
import dev.settle.sandbox.database.Settings;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Database, bank and one router, as the demo runs them, without terminals and without an end that
 * verifies. Whatever was started is ended by {@link #close}. Blocking; belongs to one thread, but
 * for {@link #connect} and {@link #token}.
 */
public final class Stand implements AutoCloseable {

  private static final String DATABASE = "settle";
  private static final int ANY_FREE_PORT = 0;
  private static final int MERCHANTS_PER_CALL = 500;
  private static final Duration READY = Duration.ofMinutes(2);
  private static final Duration TOKEN = Duration.ofDays(1);
  private static final Duration POSTED = Duration.ofMinutes(5);

  private final WorkingDirectory directory;
  private final int port;
  private final Vertx vertx = Vertx.vertx();
  private final Path tokenSecret;
  private final DurablePostgres postgres;
  private final SandboxBank bank;
  private final NodeLaunch launch;
  private final Process router;
  private final NodeClient client = new NodeClient();
  private final RouterUser routerUser = RouterUser.withRandomPassword();

  /** It is ready and nobody has told it to end. */
  private boolean running;

  private Stand(WorkingDirectory directory, int port, Map<String, String> settings)
      throws Exception {
    this.directory = directory;
    this.port = port;
    tokenSecret = DemoKeys.tokenSecret(directory.root());
    postgres =
        DurablePostgres.start(
            directory.root().resolve("postgres"),
            ANY_FREE_PORT,
            // A query of this thread that nothing interrupts ends with the server.
            Settings.forDemo().withStopsWithJvm(true));
    try {
      createDatabase();
      bank = SandboxBank.start(vertx, port + 2, directory.bankBooks()).await(1, TimeUnit.MINUTES);
      launch =
          new NodeLaunch(
              "node-0",
              port,
              environment(settings),
              directory.root().resolve("logs").resolve("node-0.log"));
      router = launch.start(List.of());
    } catch (Exception failed) {
      postgres.close();
      throw failed;
    }
  }

  /**
   * Starts everything and onboards merchants {@code M000001}….
   *
   * @param port of the public API; management is one above, the bank two
   * @param settings of the router beside what it needs, by their variables
   */
  public static Stand start(
      WorkingDirectory directory, int port, int merchants, Map<String, String> settings)
      throws Exception {
    Stand stand = new Stand(directory, port, settings);
    try {
      stand.awaitReady();
      stand.running = true;
      stand.onboard(1, merchants);
      return stand;
    } catch (Exception failed) {
      try (stand) {
        throw failed;
      }
    }
  }

  private void createDatabase() throws SQLException {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + DATABASE + " ENCODING 'UTF8' TEMPLATE template0");
    }
    Migrations.migrate(postgres.jdbcUrl(DATABASE), postgres.user(), postgres.password());
    routerUser.giveRights(postgres.jdbcUrl(DATABASE), postgres.user(), postgres.password());
  }

  private Map<String, String> environment(Map<String, String> settings) throws IOException {
    Map<String, String> environment = new LinkedHashMap<>(settings);
    environment.put("SETTLE_NODE_NAME", "node-0");
    environment.put("SETTLE_HTTP_HOST", "127.0.0.1");
    environment.put("SETTLE_HTTP_PORT", String.valueOf(port));
    environment.put("SETTLE_MANAGEMENT_PORT", String.valueOf(managementPort()));
    environment.put(
        "SETTLE_DATABASE_URL",
        "postgresql://" + postgres.host() + ":" + postgres.port() + "/" + DATABASE);
    environment.put("SETTLE_DATABASE_USER", routerUser.name());
    environment.put("SETTLE_DATABASE_PASSWORD", routerUser.password());
    environment.put("SETTLE_RAIL_SANDBOX_URL", "http://127.0.0.1:" + bank.port());
    environment.put("SETTLE_TOKEN_SECRET_FILE", tokenSecret.toString());
    environment.put(
        "SETTLE_ACCOUNT_KEYSET_FILE", DemoKeys.accountKeyset(directory.root()).toString());
    environment.put("SETTLE_CLUSTER_PORT", String.valueOf(port + 3));
    environment.put("SETTLE_DEMO", "true");
    environment.put("SETTLE_TLS_TERMINATED_BY", "nobody");
    environment.put("SETTLE_DRAIN_NOTICE_MS", "0");
    return environment;
  }

  private void awaitReady() throws IOException, InterruptedException {
    long end = System.nanoTime() + READY.toNanos();
    while (true) {
      try {
        if (client.get(managementPort(), "/health/ready").status() == 200) {
          return;
        }
      } catch (IOException notYet) {
        // Looked at again below.
      }
      if (!router.isAlive() || System.nanoTime() - end > 0) {
        throw new IOException("the router did not become ready; its log ends: " + lastSaid());
      }
      Thread.sleep(200);
    }
  }

  private String lastSaid() throws IOException {
    String said = Files.exists(launch.log()) ? Files.readString(launch.log()).strip() : "";
    return said.substring(said.lastIndexOf('\n') + 1);
  }

  /** Brings merchants to the router, by their numbers, both included. */
  public void onboard(int first, int last) throws IOException, InterruptedException {
    String token = token(Role.OPERATOR);
    for (int from = first; from <= last; from += MERCHANTS_PER_CALL) {
      StringBuilder lines = new StringBuilder();
      int to = Math.min(last, from + MERCHANTS_PER_CALL - 1);
      for (int m = from; m <= to; m++) {
        lines.append(Merchants.document(m).encode()).append('\n');
      }
      var answer = client.postLines(port, "/v1/merchants/bulk", token, lines.toString());
      long taken = answer.body().lines().filter(line -> line.contains("\"ONBOARDED\"")).count();
      if (taken != to - from + 1) {
        throw new IOException("not every merchant was taken: " + answer.body().lines().findFirst());
      }
    }
  }

  /** Sets an account's status, as an operator. */
  public void setStatus(long account, String status) throws IOException, InterruptedException {
    var answer =
        client.send(
            "PUT",
            port,
            "/v1/accounts/" + AccountId.text(account) + "/status",
            token(Role.OPERATOR),
            new JsonObject().put("status", status).put("reason", "load test"));
    if (answer.status() != 200) {
      throw new BrokenPromise("an account's status: " + answer.status() + " " + answer.body());
    }
  }

  /** Waits until nothing that was accepted is on its way any more. */
  public void awaitPosted() throws SQLException, InterruptedException, IOException {
    long end = System.nanoTime() + POSTED.toNanos();
    try (Connection connection = connect()) {
      while (queryLong(connection, OPEN_BATCHES) > 0) {
        if (System.nanoTime() - end > 0) {
          throw new BrokenPromise(
              "not everything was posted in " + POSTED.toMinutes() + " minutes");
        }
        Thread.sleep(50);
      }
    }
  }

  private static final String OPEN_BATCHES =
      "SELECT count(*) FROM credit_batch WHERE state IN ('RECORDED', 'SENT', 'IN_DOUBT')";

  /** The first column of the first row. */
  public static long queryLong(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** A connection to the router's database. */
  public Connection connect() throws SQLException {
    return connect(DATABASE);
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        postgres.jdbcUrl(database), postgres.user(), postgres.password());
  }

  /** A token of a day. */
  public String token(Role role) {
    Scope scope = role == Role.TERMINAL ? Scope.ofAcquirer(DemoKeys.ACQUIRER) : Scope.ALL;
    return Tokens.withKey(vertx, tokenSecret, Clock.systemUTC()).mint(role, "load", scope, TOKEN);
  }

  public int managementPort() {
    return port + 1;
  }

  /** In whose names merchants that were onboarded sell. */
  public Terminals terminals(int merchants) {
    return new Terminals(
        "http://127.0.0.1:" + port, token(Role.TERMINAL), merchants, new Batches());
  }

  /** Of the public API. */
  public int port() {
    return port;
  }

  /** The router's process. */
  public long routerPid() {
    return router.pid();
  }

  /** What the bank has booked: how many credits, and minor units by currency. */
  public JsonObject bankSummary() throws IOException, InterruptedException {
    return new JsonObject(client.get(bank.port(), "/books/summary").body());
  }

  /**
   * Waits until everything is posted, ends the router, and recomputes every invariant from the
   * rows.
   */
  public InvariantReport verify() throws SQLException, IOException, InterruptedException {
    awaitPosted();
    requireStopped();
    return invariants();
  }

  /** Every invariant, recomputed from the rows as they are. */
  public InvariantReport invariants() throws SQLException {
    try (Connection connection = connect()) {
      return InvariantCheck.check(connection, Witnesses.NONE);
    }
  }

  /**
   * Lets the router finish what is under way. Says what was wrong with its end: it had ended by
   * itself before, or does not within a minute, and is killed. What is in the book matters all the
   * more then.
   */
  public Optional<String> stopRouter() throws IOException, InterruptedException {
    boolean died = running && !router.isAlive();
    running = false;
    // Not Process.destroy(): that closes the pipe by which it knows that we live.
    router.toHandle().destroy();
    boolean ended = router.waitFor(1, TimeUnit.MINUTES);
    if (!ended) {
      router.destroyForcibly().waitFor();
    }
    if (died) {
      return Optional.of("the router ended by itself: " + lastSaid());
    }
    return ended ? Optional.empty() : Optional.of("told to end, the router did not: " + lastSaid());
  }

  private void requireStopped() throws IOException, InterruptedException {
    Optional<String> wrong = stopRouter();
    if (wrong.isPresent()) {
      throw new BrokenPromise(wrong.get());
    }
  }

  /** Throws {@link BrokenPromise} when the router does not end well now, nor was stopped before. */
  @Override
  public void close() throws IOException, InterruptedException {
    try {
      requireStopped();
    } finally {
      vertx.close().await();
      postgres.close();
    }
  }
}
