package dev.settle.router.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.access.Tokens;
import dev.settle.router.app.Node;
import dev.settle.router.binding.AccountCipher;
import dev.settle.router.binding.AccountNumber;
import dev.settle.router.invariant.InvariantCheck;
import dev.settle.router.invariant.InvariantReport;
import dev.settle.router.invariant.Witnesses;
import dev.settle.router.platform.DemoKeys;
import dev.settle.router.platform.Migrations;
import dev.settle.router.platform.Settings;
import dev.settle.sandbox.bank.BankBooks;
import dev.settle.sandbox.bank.SandboxBank;
import dev.settle.sandbox.database.TemplateDatabases;
import dev.settle.sandbox.database.TestDatabase;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * Everything a router lives among, for one test: a database cloned from a migrated template, the
 * sandbox bank with its books on disk, and as many router nodes as the test starts, all in this JVM
 * and all real.
 */
public final class World implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 60;

  private final Path directory;
  private final TestDatabase database;
  private final Vertx vertx = Vertx.vertx();
  private final SandboxBank bank;
  private boolean bankClosed;
  private final Path tokenSecret;
  private final Path accountKeyset;
  private final List<Node> nodes = new ArrayList<>();
  private final Acknowledged acknowledged = new Acknowledged();

  public World() throws Exception {
    directory = Files.createTempDirectory(Path.of("target"), "world-");
    database =
        TemplateDatabases.fresh("router", url -> Migrations.migrate(url, "postgres", "postgres"));
    bank = await(SandboxBank.start(vertx, 0, books()));
    tokenSecret = DemoKeys.tokenSecret(directory);
    accountKeyset = DemoKeys.accountKeyset(directory);
  }

  private Path books() {
    return directory.resolve("books.ndjson");
  }

  /** Starts a node with two event loops, and waits until it is ready. */
  public Api startNode() throws Exception {
    return startNode(2);
  }

  public Api startNode(int eventLoops) throws Exception {
    return startNode(eventLoops, databaseSettings());
  }

  /** Starts a node that reaches its database at another address, for example over a proxy. */
  public Api startNode(int eventLoops, Settings.Database database) throws Exception {
    int httpPort = freePort();
    Settings settings =
        new Settings(
            "node-" + nodes.size(),
            "127.0.0.1",
            httpPort,
            0,
            eventLoops,
            database,
            URI.create("http://127.0.0.1:" + bank.port()),
            tokenSecret,
            accountKeyset,
            freePort(),
            List.of("127.0.0.1"),
            Duration.ofDays(180),
            false);
    Node node = await(Node.start(settings));
    nodes.add(node);
    return new Api(httpPort, node.managementPort(), this::token, acknowledged);
  }

  public Node node(int index) {
    return nodes.get(index);
  }

  public Settings.Database databaseSettings() {
    return new Settings.Database(
        "postgresql://" + database.host() + ":" + database.port() + "/" + database.name(),
        database.user(),
        database.password());
  }

  public int bankPort() {
    return bank.port();
  }

  /** The bank goes away: its port refuses, its books stay. */
  public void closeBank() throws Exception {
    if (!bankClosed) {
      bankClosed = true;
      await(bank.close());
    }
  }

  public AccountCipher cipher() {
    return AccountCipher.fromFile(accountKeyset);
  }

  public String token(Role role) {
    return Tokens.withKey(vertx, tokenSecret, Clock.systemUTC())
        .mint(role, role.text() + "-1", Duration.ofHours(1));
  }

  public Path tokenSecret() {
    return tokenSecret;
  }

  /** Every 2xx that an {@link Api} of this world was given. */
  public Acknowledged acknowledged() {
    return acknowledged;
  }

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(
        databaseSettings().jdbcUrl(), database.user(), database.password());
  }

  public void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  public long queryLong(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  public String queryText(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  /**
   * Waits until nothing is on its way any more: what is left unposted waits for somebody's move.
   */
  public void settle() {
    Awaitility.await("everything is posted or explained")
        .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .until(
            () ->
                queryLong(
                        "SELECT count(*) FROM credit_batch WHERE state IN ('RECORDED', 'SENT', 'IN_DOUBT')")
                    == 0);
  }

  /** The invariants as they stand, with every witness there is. */
  public InvariantReport verify() throws SQLException {
    AccountCipher cipher = cipher();
    try (Connection connection = connect()) {
      return InvariantCheck.check(
          connection,
          new Witnesses(
              () -> credits(BankBooks.read(books())),
              acknowledged.stream(),
              (merchant, bytes) -> reveal(cipher.decrypt(merchant, bytes))));
    }
  }

  private static Stream<Witnesses.Booking> credits(BankBooks booked) {
    return booked.stream()
        .filter(b -> b.kind().name().equals("CREDIT"))
        .map(b -> new Witnesses.Booking(b.endToEndId(), b.account(), b.amountMinor(), b.currency()))
        .onClose(booked::close);
  }

  private static String reveal(AccountNumber number) {
    return number.reveal();
  }

  /** Onboards merchants M000001 to M00000n, each with terminal T0000001 to T000000n. */
  public void onboard(Api api, int count) {
    StringBuilder lines = new StringBuilder();
    for (int n = 1; n <= count; n++) {
      lines.append(Documents.merchant(n)).append('\n');
    }
    for (JsonNode answer : api.onboardBulk(lines.toString())) {
      if (!answer.path("outcome").asText().equals("ONBOARDED")) {
        throw new AssertionError("not onboarded: " + answer);
      }
    }
  }

  /**
   * Stops every node, each after what it has under way. The books of router and bank can be held
   * against each other only when nothing moves between them.
   */
  public void stopNodes() throws Exception {
    for (Node node : nodes) {
      await(node.stop());
    }
    nodes.clear();
  }

  @Override
  public void close() throws Exception {
    stopNodes();
    closeBank();
    await(vertx.close());
    database.close();
  }

  public static <T> T await(io.vertx.core.Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
