package dev.settle.load.faults;

import dev.settle.demo.WorkingDirectory;
import dev.settle.demo.node.NodeLaunch;
import dev.settle.demo.terminal.Merchants;
import dev.settle.load.faults.RouterApi.Answer;
import dev.settle.load.faults.RouterApi.Call;
import dev.settle.load.faults.RouterApi.Undecided;
import dev.settle.router.access.Role;
import dev.settle.router.access.Scope;
import dev.settle.router.access.Tokens;
import dev.settle.router.platform.DemoKeys;
import dev.settle.sandbox.bank.BankOptions;
import dev.settle.sandbox.bank.NotificationTarget;
import dev.settle.sandbox.bank.SandboxBank;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What runs: database, bank and keys on the hub, a router on each other host. Whatever was started
 * is ended by {@link #close}. Blocking; belongs to one thread.
 */
final class Arena implements AutoCloseable {

  static final int API_PORT = 8080;
  static final int CLUSTER_PORT = 5701;
  private static final int BANK_PORT = 8082;
  private static final int MERCHANTS_PER_CALL = 500;
  private static final Duration TOKEN = Duration.ofDays(1);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final WorkingDirectory directory;
  private final Hosts hosts;
  private final Path tokenSecret;
  private final Vertx vertx = Vertx.vertx();
  private final List<RouterNode> nodes = new ArrayList<>();
  private final RouterApi router;
  private final Database database;
  private final SandboxBank bank;

  Arena(WorkingDirectory directory, Hosts hosts)
      throws IOException, SQLException, TimeoutException {
    this.directory = directory;
    this.hosts = hosts;
    this.tokenSecret = DemoKeys.tokenSecret(directory.root());
    this.router =
        new RouterApi(
            IntStream.range(0, hosts.nodes()).mapToObj(hosts::address).toList(), API_PORT);
    this.database = Database.start(directory.root());
    this.bank = startBank();
  }

  private SandboxBank startBank() throws IOException, TimeoutException {
    BankOptions options =
        BankOptions.of(BANK_PORT, directory.bankBooks())
            .on(Hosts.HUB)
            .withTarget(
                NotificationTarget.of(
                    "http://"
                        + hosts.address(0)
                        + ":"
                        + API_PORT
                        + "/v1/rails/sandbox/notifications",
                    Files.readString(DemoKeys.notificationSecrets(directory.root())).strip()));
    return SandboxBank.start(vertx, options).await(1, TimeUnit.MINUTES);
  }

  /** Starts the routers and waits until they answer. */
  void startNodes() throws IOException, InterruptedException {
    for (int node = 0; node < hosts.nodes(); node++) {
      String name = "node-" + node;
      NodeLaunch launch =
          new NodeLaunch(
              name,
              API_PORT,
              environment(node),
              directory.root().resolve("logs").resolve(name + ".log"));
      nodes.add(new RouterNode(launch, hosts.within(node)));
      nodes.get(node).start();
    }
    for (int node = 0; node < hosts.nodes(); node++) {
      awaitReady(node);
    }
  }

  /** Waits until a node that was started says that it is ready. */
  void awaitReady(int node) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!ready(node)) {
      if (!nodes.get(node).isAlive() || System.nanoTime() - end > 0) {
        throw new IOException(
            "node-" + node + " did not become ready: see " + nodes.get(node).log());
      }
      Thread.sleep(200);
    }
  }

  /** Whether a node says that it is ready. */
  boolean ready(int node) throws InterruptedException {
    try {
      return router.management(node, "/health/ready").status() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private Map<String, String> environment(int node) throws IOException {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("SETTLE_NODE_NAME", "node-" + node);
    environment.put("SETTLE_HTTP_HOST", hosts.address(node));
    environment.put("SETTLE_HTTP_PORT", String.valueOf(API_PORT));
    environment.put("SETTLE_MANAGEMENT_PORT", String.valueOf(API_PORT + 1));
    environment.put("SETTLE_DATABASE_URL", database.url());
    environment.put("SETTLE_DATABASE_USER", database.router().name());
    environment.put("SETTLE_DATABASE_PASSWORD", database.router().password());
    environment.put("SETTLE_RAIL_SANDBOX_URL", "http://" + Hosts.HUB + ":" + BANK_PORT);
    environment.put(
        "SETTLE_RAIL_SANDBOX_NOTIFICATION_SECRETS_FILE",
        DemoKeys.notificationSecrets(directory.root()).toString());
    environment.put("SETTLE_TOKEN_SECRET_FILE", tokenSecret.toString());
    environment.put(
        "SETTLE_ACCOUNT_KEYSET_FILE", DemoKeys.accountKeyset(directory.root()).toString());
    environment.put("SETTLE_DEMO", "true");
    environment.put("SETTLE_TLS_TERMINATED_BY", "nobody");
    environment.put("SETTLE_EVENT_LOOPS", "1");
    environment.put("SETTLE_DRAIN_NOTICE_MS", "2000");
    // The default is for merchants, and here each has many.
    environment.put("SETTLE_CARD_CHANGE_PER_DAY", "1000");
    environment.put("SETTLE_CLUSTER_PORT", String.valueOf(CLUSTER_PORT));
    environment.put(
        "SETTLE_CLUSTER_MEMBERS",
        IntStream.range(0, hosts.nodes())
            .mapToObj(member -> hosts.address(member) + ":" + CLUSTER_PORT)
            .collect(Collectors.joining(",")));
    return environment;
  }

  /** Brings the merchants to the router. */
  void onboard(int merchants) throws Undecided, InterruptedException, IOException {
    for (int from = 1; from <= merchants; from += MERCHANTS_PER_CALL) {
      StringBuilder lines = new StringBuilder();
      for (int m = from; m < from + MERCHANTS_PER_CALL && m <= merchants; m++) {
        lines.append(Merchants.document(m).encode()).append('\n');
      }
      Answer answer =
          router.decided(
              0,
              new Call(
                  token(Role.OPERATOR, "olga"), "POST", "/v1/merchants/bulk", lines.toString()),
              PATIENCE);
      long taken = answer.body().lines().filter(line -> line.contains("\"ONBOARDED\"")).count();
      if (taken != lines.toString().lines().count()) {
        throw new IOException("not every merchant was taken: " + answer.body().lines().findFirst());
      }
    }
  }

  String token(Role role, String subject) {
    Scope scope = role == Role.TERMINAL ? Scope.ofAcquirer(DemoKeys.ACQUIRER) : Scope.ALL;
    return Tokens.withKey(vertx, tokenSecret, Clock.systemUTC()).mint(role, subject, scope, TOKEN);
  }

  Vertx vertx() {
    return vertx;
  }

  Hosts hosts() {
    return hosts;
  }

  RouterApi router() {
    return router;
  }

  Database database() {
    return database;
  }

  RouterNode node(int node) {
    return nodes.get(node);
  }

  List<RouterNode> nodes() {
    return nodes;
  }

  /** Lets the routers finish what is under way; false when one had to be killed. */
  boolean stopNodes() throws IOException, InterruptedException {
    boolean clean = true;
    for (RouterNode node : nodes) {
      clean &= node.stop();
    }
    nodes.clear();
    return clean;
  }

  void stopBank() {
    bank.close().await();
  }

  @Override
  public void close() throws IOException {
    try {
      for (RouterNode node : nodes) {
        node.kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    vertx.close().await();
    database.close();
  }
}
