package dev.settle.router.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.access.Scope;
import dev.settle.router.access.Tokens;
import dev.settle.router.app.Node;
import dev.settle.router.app.NodeSurgery;
import dev.settle.router.app.RouterUser;
import dev.settle.router.audit.check.AuditCheck;
import dev.settle.router.audit.check.AuditReport;
import dev.settle.router.binding.AccountCipher;
import dev.settle.router.binding.AccountNumber;
import dev.settle.router.binding.BindingStore;
import dev.settle.router.invariant.InvariantCheck;
import dev.settle.router.invariant.InvariantReport;
import dev.settle.router.invariant.Witnesses;
import dev.settle.router.invariant.Witnesses.Acknowledgement;
import dev.settle.router.invariant.Witnesses.Booking;
import dev.settle.router.platform.AccessSettings;
import dev.settle.router.platform.CallerLimits;
import dev.settle.router.platform.CardChangeSettings;
import dev.settle.router.platform.Databases;
import dev.settle.router.platform.DemoKeys;
import dev.settle.router.platform.Migrations;
import dev.settle.router.platform.Settings;
import dev.settle.sandbox.bank.BankBooks;
import dev.settle.sandbox.bank.SandboxBank;
import dev.settle.sandbox.database.TemplateDatabases;
import dev.settle.sandbox.database.TestDatabase;
import dev.settle.sandbox.net.FreePort;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Everything a router lives among, for one test: a database cloned from a migrated template, the
 * sandbox bank with its books on disk, and as many router nodes as the test starts, all in this JVM
 * and all real. Long because it is the one place that starts, stops and breaks all of it.
 */
public final class World implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 120;
  private static final int POOL_CONNECTIONS = 8;

  /** The database user that nodes run as. */
  public static final RouterUser ROUTER =
      new RouterUser(RouterUser.DEFAULT_NAME, "settle-router-of-tests");

  private final Path directory;
  private final TestDatabase database;
  private final Vertx vertx = Vertx.vertx();
  private final SandboxBank bank;
  private boolean bankClosed;
  private CardChangeSettings cardChange = CardChangeSettings.DEFAULT;
  private Node.@Nullable RailsOf rails;
  private AccessSettings access = AccessSettings.DEMO;
  private Duration drainNotice = Duration.ZERO;
  private Duration replayWindow = Duration.ofDays(180);
  private CallerLimits callers = new CallerLimits(20_000, 20_000, 100_000, 0);
  private final Path tokenSecret;
  private final Path accountKeyset;
  private @Nullable Path notificationSecrets;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Node> killed = new ArrayList<>();
  private final List<Node> stopped = new ArrayList<>();
  private final List<String> clusterMembers = new ArrayList<>();
  private final Pool pool;
  private final Acknowledged acknowledged = new Acknowledged();

  public World() throws Exception {
    directory = Files.createTempDirectory(Path.of("target"), "world-");
    database = TemplateDatabases.fresh("router", World::migrate);
    bank = await(SandboxBank.start(vertx, 0, books()));
    pool = Databases.pool(vertx, databaseSettings(), POOL_CONNECTIONS, "test");
    tokenSecret = DemoKeys.tokenSecret(directory);
    accountKeyset = DemoKeys.accountKeyset(directory);
    notificationSecrets = DemoKeys.notificationSecrets(directory);
  }

  /** The schema, and the rights of the user that every node runs as. */
  private static void migrate(String url) {
    Migrations.migrate(url, "postgres", "postgres");
    ROUTER.giveRights(url, "postgres", "postgres");
  }

  /** The bank's books. */
  public Path books() {
    return directory.resolve("books.ndjson");
  }

  /** The rails of nodes that are started from now on. */
  public void rails(Node.RailsOf ofNodes) {
    rails = ofNodes;
  }

  /** How long nodes that are started from now on take requests still when they are stopped. */
  public void drainNotice(Duration notice) {
    drainNotice = notice;
  }

  /** By what nodes that are started from now on know their callers. */
  public void access(AccessSettings ofNodes) {
    access = ofNodes;
  }

  /** How far back nodes that are started from now on take sales. */
  public void replayWindow(Duration window) {
    replayWindow = window;
  }

  /** How much nodes that are started from now on take of callers; tests themselves call fast. */
  public void callers(CallerLimits limits) {
    callers = limits;
  }

  /** What the bank signs its notifications with; null for nodes that know of none. */
  public void notificationSecrets(@Nullable Path file) {
    notificationSecrets = file;
  }

  /** The file with what the bank signs its notifications with. */
  public @Nullable Path notificationSecrets() {
    return notificationSecrets;
  }

  /** Starts a node with two event loops, and waits until it is ready. */
  public Api startNode() throws Exception {
    return startNode(2);
  }

  public Api startNode(int eventLoops) throws Exception {
    return startNode(eventLoops, databaseSettings(), bankAddress());
  }

  /** Starts a node that pays into the bank at this address. */
  public Api startNode(int eventLoops, URI bankAddress) throws Exception {
    return startNode(eventLoops, databaseSettings(), bankAddress);
  }

  /** Starts a node that reaches its database at another address, for example over a proxy. */
  public Api startNode(int eventLoops, Settings.Database database) throws Exception {
    return startNode(eventLoops, database, bankAddress());
  }

  private URI bankAddress() {
    return URI.create("http://127.0.0.1:" + bank.port());
  }

  /** Every node joins the nodes started before. */
  private Api startNode(int eventLoops, Settings.Database database, URI bankAddress)
      throws Exception {
    int httpPort = FreePort.any();
    int clusterPort = FreePort.any();
    clusterMembers.add("127.0.0.1:" + clusterPort);
    Settings settings =
        new Settings(
            "node-" + nodes.size(),
            "127.0.0.1",
            httpPort,
            0,
            eventLoops,
            new Settings.Database(database.url(), ROUTER.name(), ROUTER.password()),
            bankAddress,
            tokenSecret,
            accountKeyset,
            clusterPort,
            List.copyOf(clusterMembers),
            "",
            replayWindow,
            cardChange,
            Duration.ofMinutes(30),
            drainNotice,
            Duration.ofSeconds(2),
            notificationSecrets,
            access,
            callers,
            true,
            false);
    Node node = await(rails == null ? Node.start(settings) : Node.start(settings, rails));
    nodes.add(node);
    return new Api(httpPort, node.managementPort(), this::token, acknowledged);
  }

  public Node node(int index) {
    return nodes.get(index);
  }

  /** A bank between the nodes and the real one, that answers as the test wants. */
  public CrookedBank crookedBank() throws Exception {
    return CrookedBank.start(vertx, bank.port());
  }

  /**
   * Stops a node between two instructions, as a crash does: it finishes nothing, and its lease runs
   * on.
   */
  public void kill(int index) throws Exception {
    Node node = nodes.get(index);
    NodeSurgery.pause(node);
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND application_name ~ 'node-"
            + index
            + "(/|$)'");
    NodeSurgery.leaveClusterSilently(node);
    killed.add(node);
  }

  /** Stops a node in good order. */
  public void stop(int index) throws Exception {
    stopped.add(nodes.get(index));
    await(nodes.get(index).stop());
  }

  /** The connections of the routers' nodes to the database are cut. */
  public void cutDatabaseConnections() throws SQLException {
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND application_name LIKE 'settle %' AND application_name <> 'settle test'");
  }

  /**
   * Kills one of PostgreSQL's processes with SIGKILL: the server drops all of them with what they
   * had in memory, and recovers from its log. The server goes on answering until it has noticed, so
   * that an answer means recovery only once a connection from before is gone.
   */
  public void crashDatabase() throws SQLException {
    try (Connection before = connect()) {
      long backend =
          queryLong(
              "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                  + " AND application_name LIKE 'settle %' LIMIT 1");
      ProcessHandle.of(backend).orElseThrow().destroyForcibly();
      Awaitility.await("PostgreSQL has crashed")
          .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .until(() -> !before.isValid(1));
    }
    Awaitility.await("PostgreSQL has recovered")
        .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .ignoreExceptions()
        .until(() -> queryLong("SELECT 1") == 1);
  }

  /** Connections for the test's own use of the stores. */
  public Pool pool() {
    return pool;
  }

  /**
   * Changes of routes as the database makes them. No node announces them: nodes hear of them by the
   * database alone, within milliseconds, and not at all after {@link #silenceRouteChanges}.
   */
  public BindingStore bindings() {
    return new BindingStore(pool);
  }

  public static String merchantId(int merchant) {
    return String.format("M%06d", merchant);
  }

  /** The first account of a merchant. */
  public long accountOf(int merchant) throws SQLException {
    return queryLong(
        "SELECT min(account_id) FROM account WHERE merchant_id = '" + merchantId(merchant) + "'");
  }

  /** Gives a merchant one more active account, which nothing is bound to yet. */
  public long addAccount(int merchant, String number) throws SQLException {
    String insert =
        """
        WITH made AS (
          INSERT INTO account (account_id, merchant_id, number_cipher, number_hash, last4, bank, holder, type, status)
          VALUES (nextval('account_ids'), ?, ?, ?, ?, '102', 'another card', 'PERSONAL', 'ACTIVE') RETURNING account_id),
        changed AS (
          INSERT INTO account_status_change (account_id, fence_no, status, reason, changed_by)
          SELECT account_id, nextval('fence_order'), 'ACTIVE', 'added', 'test' FROM made)
        SELECT account_id FROM made
        """;
    String merchantId = merchantId(merchant);
    AccountNumber account = new AccountNumber(number);
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(insert)) {
      statement.setString(1, merchantId);
      statement.setBytes(2, cipher().encrypt(merchantId, account));
      statement.setBytes(3, cipher().hash(merchantId, account));
      statement.setString(4, account.last4());
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  /**
   * Puts another account of a merchant into force, for the merchant or one of its terminals ({@code
   * ""}: all), by a card change that is verified and approved at once. Nodes hear of it as of
   * {@link #bindings}.
   *
   * @return the merchant's new version
   */
  public int bind(String merchantId, String terminalId, long accountId) throws SQLException {
    try (Connection connection = connect()) {
      return CardChanged.bind(connection, merchantId, terminalId, accountId);
    }
  }

  /**
   * From now on a change that a node does not announce is told to nobody: neither notified nor in
   * the tail. Nodes route by what they have until the fence tells them.
   */
  public void silenceRouteChanges() throws SQLException {
    String change = queryText("SELECT pg_get_functiondef('begin_route_change'::regproc)");
    String tail = queryText("SELECT pg_get_functiondef('route_tail'::regproc)");
    String silent = change.replace("PERFORM pg_notify", "-- ");
    String empty = tail.replace("WHERE c.xid >= p_since", "WHERE false");
    if (silent.equals(change) || empty.equals(tail)) {
      throw new IllegalStateException("the functions are not what they were");
    }
    execute(silent);
    execute(empty);
  }

  public Settings.Database databaseSettings() {
    return new Settings.Database(
        "postgresql://" + database.host() + ":" + database.port() + "/" + database.name(),
        database.user(),
        database.password());
  }

  /** As nodes reach it: as a user who owns nothing. */
  public Settings.Database routerSettings() {
    Settings.Database owner = databaseSettings();
    return new Settings.Database(owner.url(), ROUTER.name(), ROUTER.password());
  }

  /** The database's name. */
  public String database() {
    return database.name();
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
    return token(role, role.text() + "-1");
  }

  public String token(Role role, String subject) {
    return token(role, subject, Duration.ofHours(1));
  }

  public String token(Role role, String subject, Duration validity) {
    Scope scope = role == Role.TERMINAL ? Scope.ofAcquirer(DemoKeys.ACQUIRER) : Scope.ALL;
    return token(role, subject, scope, validity);
  }

  public String token(Role role, String subject, Scope scope, Duration validity) {
    return Tokens.withKey(vertx, tokenSecret, Clock.systemUTC())
        .mint(role, subject, scope, validity);
  }

  /** What nodes started from now on ask of a card change. */
  public void cardChange(CardChangeSettings settings) {
    cardChange = settings;
  }

  public Path tokenSecret() {
    return tokenSecret;
  }

  public Path accountKeyset() {
    return accountKeyset;
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
    return verify(() -> booked().stream(), acknowledged.stream());
  }

  /** The chain of the audit and the seals of the book as they stand. */
  public AuditReport audit() throws SQLException {
    try (Connection connection = connect()) {
      return AuditCheck.check(connection, null, (what, count) -> {});
    }
  }

  /** The invariants held against these witnesses. */
  public InvariantReport verify(Supplier<Stream<Booking>> bookings, Stream<Acknowledgement> told)
      throws SQLException {
    AccountCipher cipher = cipher();
    try (Connection connection = connect()) {
      return InvariantCheck.check(
          connection,
          new Witnesses(
              bookings, told, (merchant, bytes) -> reveal(cipher.decrypt(merchant, bytes))));
    }
  }

  /** Every credit that the bank has booked. */
  public List<Booking> booked() {
    try (Stream<Witnesses.Booking> booked = credits(BankBooks.read(books()))) {
      return booked.toList();
    }
  }

  /** Milliseconds between the bank's bookings to the same account, one after the other. */
  public List<Long> gapsBetweenBookings() {
    Map<String, Instant> last = new HashMap<>();
    List<Long> gaps = new ArrayList<>();
    try (BankBooks books = BankBooks.read(books())) {
      books.stream()
          .forEach(
              booking -> {
                Instant before = last.put(booking.account(), booking.bookedAt());
                if (before != null) {
                  gaps.add(Duration.between(before, booking.bookedAt()).toMillis());
                }
              });
    }
    return gaps;
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
      if (killed.contains(node)) {
        NodeSurgery.bury(node);
      } else if (!stopped.contains(node)) {
        NodeSurgery.resume(node);
        await(node.stop());
      }
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
}
