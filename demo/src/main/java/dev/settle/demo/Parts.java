package dev.settle.demo;

import dev.settle.demo.display.Screen;
import dev.settle.demo.node.NodeLaunch;
import dev.settle.demo.node.NodeProcess;
import dev.settle.router.access.Scope;
import dev.settle.router.app.ApiKeyBook;
import dev.settle.router.app.KeyCommand;
import dev.settle.router.app.RouterUser;
import dev.settle.router.binding.AccountCipher;
import dev.settle.router.platform.DemoKeys;
import dev.settle.router.platform.Migrations;
import dev.settle.router.platform.Settings;
import dev.settle.sandbox.bank.BankOptions;
import dev.settle.sandbox.bank.NotificationTarget;
import dev.settle.sandbox.bank.SandboxBank;
import dev.settle.sandbox.net.FreePort;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What the supervisor owns: database, bank and router processes, started in this order and ended in
 * the other. Whatever was started is ended by {@link #close}, also after a failure half way.
 * Blocking; belongs to one thread.
 */
final class Parts implements AutoCloseable {

  private static final Duration BANK_START = Duration.ofSeconds(60);

  /** Longer than a node's own patience with what it has under way. */
  private static final Duration NODE_STOP = Duration.ofSeconds(45);

  private final DemoSettings settings;
  private final WorkingDirectory directory;
  private final Path tokenSecret;
  private final Screen screen;
  private final Vertx vertx = Vertx.vertx();
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final List<Integer> clusterPorts = new ArrayList<>();
  private @Nullable RouterDatabase database;
  private Settings.@Nullable Database asRouter;
  private @Nullable SandboxBank bank;

  Parts(DemoSettings settings, WorkingDirectory directory, Path tokenSecret, Screen screen) {
    this.settings = settings;
    this.directory = directory;
    this.tokenSecret = tokenSecret;
    this.screen = screen;
  }

  /** The supervisor's own Vert.x: the bank and the terminals live on it. */
  Vertx vertx() {
    return vertx;
  }

  List<NodeProcess> nodes() {
    return nodes;
  }

  /** Starts PostgreSQL, brings the schema up to date, and makes the user that nodes run as. */
  void startDatabase() throws IOException, SQLException {
    RouterDatabase started = RouterDatabase.start(directory.root());
    database = started;
    Migrations.migrate(
        started.address().jdbcUrl(), started.address().user(), started.address().password());
    asRouter =
        RouterUser.withRandomPassword()
            .giveRights(
                started.address().jdbcUrl(),
                started.address().user(),
                started.address().password());
    issueApiKey();
  }

  /** Once for each data directory: terminals may sign with it instead of showing a token. */
  private void issueApiKey() throws IOException, SQLException {
    Path file = WorkingDirectory.apiKey(directory.root());
    if (Files.exists(file)) {
      return;
    }
    AccountCipher cipher = AccountCipher.fromFile(DemoKeys.accountKeyset(directory.root()));
    try (Connection connection = connect()) {
      KeyCommand.write(
          file,
          new ApiKeyBook(connection)
              .issue(cipher, Scope.ofAcquirer(DemoKeys.ACQUIRER), null, "the demo's", "demo"));
    }
  }

  /** A new connection to the router's database. */
  Connection connect() throws SQLException {
    return requireDatabase().address().connect();
  }

  /** Where the database is, for whoever wants to look into it. */
  String databaseUrl() {
    return requireDatabase().address().url();
  }

  /** Starts the bank; it notifies the first node, and again until that is there. */
  void startBank() throws IOException, TimeoutException {
    BankOptions options =
        BankOptions.of(settings.ports().bank(), directory.bankBooks())
            .withTarget(
                NotificationTarget.of(
                    "http://127.0.0.1:"
                        + settings.ports().api(0)
                        + "/v1/rails/sandbox/notifications",
                    Files.readString(DemoKeys.notificationSecrets(directory.root())).strip()));
    bank = SandboxBank.start(vertx, options).await(BANK_START.toSeconds(), TimeUnit.SECONDS);
    BankAddress.write(directory.root(), BankAddress.ofPort(settings.ports().bank()));
  }

  /** Starts the router processes; they are not ready yet. */
  void startNodes() throws IOException {
    for (int node = 0; node < settings.nodes(); node++) {
      clusterPorts.add(FreePort.any());
    }
    for (int node = 0; node < settings.nodes(); node++) {
      startNode(node);
    }
  }

  /**
   * Starts one more router process, which joins the others' cluster; it is not ready yet.
   *
   * @throws dev.settle.router.platform.ConfigurationException when its ports are taken
   */
  NodeProcess addNode() throws IOException {
    int node = nodes.size();
    settings.ports().requireFreeFor(node);
    clusterPorts.add(FreePort.any());
    return startNode(node);
  }

  private NodeProcess startNode(int node) throws IOException {
    String name = "node-" + node;
    NodeLaunch launch =
        new NodeLaunch(
            name,
            settings.ports().api(node),
            environment(node),
            directory.logs().resolve(name + ".log"));
    NodeProcess started = NodeProcess.start(launch, screen::warn);
    nodes.add(started);
    return started;
  }

  private Map<String, String> environment(int node) throws IOException {
    Settings.Database asRouter = Objects.requireNonNull(this.asRouter);
    List<String> members = clusterPorts.stream().map(port -> "127.0.0.1:" + port).toList();
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("SETTLE_NODE_NAME", "node-" + node);
    environment.put("SETTLE_HTTP_HOST", "127.0.0.1");
    environment.put("SETTLE_HTTP_PORT", String.valueOf(settings.ports().api(node)));
    environment.put("SETTLE_MANAGEMENT_PORT", String.valueOf(settings.ports().management(node)));
    environment.put("SETTLE_DATABASE_URL", asRouter.url());
    environment.put("SETTLE_DATABASE_USER", asRouter.user());
    environment.put("SETTLE_DATABASE_PASSWORD", asRouter.password());
    environment.put("SETTLE_RAIL_SANDBOX_URL", "http://127.0.0.1:" + settings.ports().bank());
    environment.put(
        "SETTLE_RAIL_SANDBOX_NOTIFICATION_SECRETS_FILE",
        DemoKeys.notificationSecrets(directory.root()).toString());
    environment.put("SETTLE_TOKEN_SECRET_FILE", tokenSecret.toString());
    environment.put(
        "SETTLE_ACCOUNT_KEYSET_FILE", DemoKeys.accountKeyset(directory.root()).toString());
    environment.put("SETTLE_DEMO", "true");
    environment.put("SETTLE_TLS_TERMINATED_BY", "nobody");
    environment.put("SETTLE_TOKEN_MAX_HOURS", String.valueOf(Supervisor.TOKEN.toHours()));
    // The terminals have stopped by then.
    environment.put("SETTLE_DRAIN_NOTICE_MS", "0");
    environment.put("SETTLE_WEBHOOK_LOOPBACK", "true");
    // They share this machine's processors.
    environment.put(
        "SETTLE_EVENT_LOOPS",
        String.valueOf(Math.max(1, Runtime.getRuntime().availableProcessors() / settings.nodes())));
    environment.put("SETTLE_CLUSTER_PORT", String.valueOf(clusterPorts.get(node)));
    environment.put("SETTLE_CLUSTER_MEMBERS", String.join(",", members));
    return environment;
  }

  /** Lets the nodes finish what they have under way, and ends them. */
  void stopNodes() throws InterruptedException {
    for (NodeProcess node : nodes) {
      if (!node.stop(NODE_STOP)) {
        screen.warn(
            node.launch().name()
                + " did not stop within "
                + NODE_STOP.toSeconds()
                + " s and was killed");
      }
    }
    nodes.clear();
  }

  void stopBank() throws IOException {
    SandboxBank running = bank;
    bank = null;
    if (running != null) {
      BankAddress.remove(directory.root());
      running.close().await();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      stopNodes();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stopBank();
    vertx.close().await();
    RouterDatabase running = database;
    database = null;
    if (running != null) {
      running.close();
    }
  }

  private RouterDatabase requireDatabase() {
    if (database == null) {
      throw new IllegalStateException("the database is not running");
    }
    return database;
  }
}
