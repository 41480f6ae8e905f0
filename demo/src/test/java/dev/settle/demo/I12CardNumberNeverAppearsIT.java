package dev.settle.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.settle.demo.leak.Cards;
import dev.settle.demo.leak.ClusterView;
import dev.settle.demo.leak.DatabaseDump;
import dev.settle.demo.leak.Evidence;
import dev.settle.demo.leak.Finding;
import dev.settle.demo.leak.Listener;
import dev.settle.demo.leak.Mark;
import dev.settle.demo.leak.MarkedPeople;
import dev.settle.demo.leak.NumberScanner;
import dev.settle.router.binding.AccountCipher;
import dev.settle.router.platform.DemoKeys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole demo with its people, two nodes that log all they can, a database that logs every
 * statement, and marked account numbers in every place where one can be put. None is seen again: in
 * no log, metric, event, answer, error page, map, column, report or file. Not looked into are the
 * bank's own books, which are the bank's; not looked for are numbers of fewer than twelve digits.
 * That the search can fail is shown with numbers that are planted into the same running system.
 */
class I12CardNumberNeverAppearsIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int NODES = 2;

  /** The bank's books, and PostgreSQL's databases that come with it and nobody uses. */
  private static final String NOT_OURS = "data/bank/.*|data/postgres/cluster/base/[1-5]/.*";

  /** Every process of the demo is a JVM that heeds it. */
  private static final Map<String, String> TALKATIVE =
      Map.of(
          "JAVA_TOOL_OPTIONS",
          "-Dorg.slf4j.simpleLogger.defaultLogLevel=debug"
              + " -Dorg.slf4j.simpleLogger.log.dev.settle=trace"
              + " -Dorg.slf4j.simpleLogger.log.com.hazelcast=info");

  private static final String EVERY_STATEMENT =
      """
      ALTER SYSTEM SET log_statement = 'all';
      ALTER SYSTEM SET log_min_messages = 'debug1';
      ALTER SYSTEM SET log_error_verbosity = 'verbose';
      ALTER SYSTEM SET log_parameter_max_length = -1;
      ALTER SYSTEM SET log_parameter_max_length_on_error = -1
      """;

  @TempDir private Path folder;

  private final int port = DemoRun.freeBase();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Cards cards = new Cards(20_261_128);
  private final Evidence evidence = new Evidence();
  private final Mark planted = new Mark("a plant", "6228480402564890018", true);
  private final NumberScanner plants = new NumberScanner(List.of(planted));

  @Test
  @Timeout(180)
  void no_account_number_appears_anywhere_and_planted_ones_are_found() throws Exception {
    try (DemoRun run =
        DemoRun.start(
            TALKATIVE,
            folder,
            "demo",
            "--rate",
            "40",
            "--merchants",
            "20",
            "--seed",
            "7",
            "--nodes",
            String.valueOf(NODES),
            "--port",
            String.valueOf(port),
            "--json",
            folder.resolve("summary.json").toString())) {
      awaitOnboarded(run);
      try (Connection database = DatabaseAddress.read(DemoRun.data(folder)).connect();
          ClusterView cluster = new ClusterView(members(run))) {
        logEveryStatement(database);
        live(database, cluster);
      }
      run.interrupt();
      run.mustExitWith(0);
    }
    files(evidence);
    everythingWasLookedAt();
    assertThat(evidence.findings(new NumberScanner(cards.marks()))).isEmpty();
    plantsAreFoundInFiles();
  }

  private void live(Connection database, ClusterView cluster) throws Exception {
    Map<String, String> tokens = tokens();
    try (Listener events = Listener.ofEvents(port, tokens.get("auditor"), evidence);
        Connection notified = DatabaseAddress.read(DemoRun.data(folder)).connect()) {
      execute(notified, "LISTEN route_changed; LISTEN console_event");
      cluster.listen(evidence);
      String secret = Files.readString(DemoKeys.notificationSecrets(DemoRun.data(folder))).strip();
      var people = new MarkedPeople(port, tokens, secret, cards, evidence);
      people.onboard();
      people.hook();
      people.sell();
      people.changeCards();
      people.notifyChanges();
      people.write();
      people.address();
      people.read();
      numbersOfTheDemo(database);
      reports();
      Listener.notifications(notified, evidence);
      look(database, cluster, evidence);
      assertThat(evidence.findings(new NumberScanner(cards.marks()))).isEmpty();
      plantsAreFoundLive(database, cluster, people, events);
    }
  }

  private void look(Connection database, ClusterView cluster, Evidence into) throws Exception {
    for (int node = 0; node < NODES; node++) {
      into.add("metrics of node " + node, get(port + 10 * node + 1, "/metrics"));
      into.add("health of node " + node, get(port + 10 * node + 1, "/health/ready"));
    }
    assertThat(cluster.into(into)).contains("bindings");
    DatabaseDump.into(into, database);
  }

  /** Every account there is: also those that the demo's own people opened. */
  private void numbersOfTheDemo(Connection database) throws SQLException, IOException {
    var cipher = AccountCipher.fromFile(DemoKeys.accountKeyset(DemoRun.data(folder)));
    try (Statement statement = database.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT account_id, merchant_id, number_cipher FROM account")) {
      while (rows.next()) {
        String number = cipher.decrypt(rows.getString(2), rows.getBytes(3)).reveal();
        if (cards.marks().stream().noneMatch(mark -> mark.number().equals(number))) {
          cards.known("account " + rows.getLong(1) + " of " + rows.getString(2), number);
        }
      }
    }
    assertThat(cards.marks()).hasSizeGreaterThan(110);
  }

  /** What verify and reconcile print, and their files, are in the folder. */
  private void reports() throws Exception {
    try (DemoRun verify =
        DemoRun.start(TALKATIVE, folder, "verify", "--json", folder + "/verify.json")) {
      verify.mustExitWith(0);
    }
    try (DemoRun reconcile =
        DemoRun.start(
            TALKATIVE,
            folder,
            "reconcile",
            "--rail",
            "sandbox",
            "--since",
            "2026-01-01T00:00:00Z",
            "--json",
            folder + "/reconcile.json",
            "--csv",
            folder + "/reconcile.csv")) {
      reconcile.mustExitWith(0, 1);
    }
  }

  private void plantsAreFoundLive(
      Connection database, ClusterView cluster, MarkedPeople people, Listener events)
      throws Exception {
    String number = planted.number();
    execute(
        database,
        "CREATE TABLE planted (bytes bytea); INSERT INTO planted VALUES ('"
            + number
            + "');"
            + " UPDATE merchant SET name = 'Shop "
            + number
            + "' WHERE merchant_id = 'L6';"
            + " SELECT tell_console('rail', '{\"rail\":\""
            + number
            + "\"}')");
    cluster.map("planted").put("entry", number);
    var answers = new Evidence();
    people.into(answers).read();
    look(database, cluster, answers);
    assertThat(places(answers.findings(plants)))
        .contains(
            "answer to GET /v1/merchants/L6",
            "database public.merchant column name",
            "database public.planted column bytes",
            "cluster planted");
    await().atMost(PATIENCE).until(() -> !plants.look("events", events.heard()).isEmpty());
    assertThat(plants.look("metrics", (get(port + 1, "/metrics") + number).getBytes(UTF_8)))
        .isNotEmpty();
    execute(database, "UPDATE merchant SET name = 'Shop' WHERE merchant_id = 'L6'");
    execute(database, "DROP TABLE planted");
  }

  /** The database's log and its write-ahead log have them by now; the others get theirs here. */
  private void plantsAreFoundInFiles() throws IOException {
    List<String> mine = List.of("data/logs/node-1.log", "verify.json", "summary.json");
    for (String file : mine) {
      Files.writeString(folder.resolve(file), planted.number(), StandardOpenOption.APPEND);
    }
    Evidence again = new Evidence();
    again.addFiles("file", folder, name -> !name.matches(".*(\\.log|\\.json|pg_wal/[0-9A-F]+)"));
    Set<String> found = places(again.findings(plants));
    assertThat(found).containsAll(mine.stream().map(file -> "file/" + file).toList());
    assertThat(found).anyMatch(place -> place.contains("pg_wal/"));
    assertThat(found).anyMatch(place -> place.endsWith(".log") && place.contains("postgres"));
  }

  private void files(Evidence into) throws IOException {
    into.addFiles("file", folder, name -> name.matches(NOT_OURS));
  }

  /** A search that looked at nothing would find nothing. */
  private void everythingWasLookedAt() throws IOException {
    String places = String.join("\n", new TreeSet<>(evidence.places()));
    assertThat(places)
        .contains(
            "answer to POST /v1/merchants/bulk",
            "answer to GET /v1/exceptions",
            "answer to GET /v1/audit",
            "answer to GET /v1/webhooks",
            "answer to POST /v1/webhooks",
            "answer to POST /v1/webhooks/WHUGI1/rotate-secret",
            "cluster bindings",
            "database public.account column number_cipher",
            "database public.card_change_document column ref",
            "database public.webhook column url",
            "database public.webhook_change column detail",
            "database public.audit_event column detail",
            "event stream",
            "file/data/logs/node-0.log",
            "file/data/logs/node-1.log",
            "file/data/logs/demo.log",
            "file/summary.json",
            "file/verify.json",
            "file/reconcile.csv",
            "file/reconcile.json",
            "metrics of node 1",
            "notification console_event",
            "notification route_changed");
    assertThat(Files.readString(DemoRun.data(folder).resolve("logs/node-0.log"))).contains("DEBUG");
  }

  private static Set<String> places(Set<Finding> findings) {
    Set<String> places = new TreeSet<>();
    findings.forEach(finding -> places.add(finding.place()));
    return places;
  }

  private void awaitOnboarded(DemoRun run) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                !run.isRunning()
                    || (run.acknowledged() > 0 && ready(port + 1) && ready(port + 11)));
    assertThat(run.isRunning()).isTrue();
  }

  private boolean ready(int management) {
    try {
      return http.send(request(management, "/health/ready"), HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException | InterruptedException notYet) {
      return false;
    }
  }

  private String get(int at, String path) throws IOException, InterruptedException {
    return http.send(request(at, path), HttpResponse.BodyHandlers.ofString()).body();
  }

  private static HttpRequest request(int at, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at + path)).build();
  }

  /** Where a node says that its cluster is. */
  private static List<String> members(DemoRun run) throws IOException {
    Path environment =
        Path.of("/proc", String.valueOf(run.router().orElseThrow().pid()), "environ");
    String members =
        Arrays.stream(Files.readString(environment).split("\0"))
            .filter(variable -> variable.startsWith("SETTLE_CLUSTER_MEMBERS="))
            .findFirst()
            .orElseThrow();
    return List.of(members.substring(members.indexOf('=') + 1).split(","));
  }

  private Map<String, String> tokens() throws Exception {
    Map<String, String> tokens = new HashMap<>();
    List<DemoRun> minting = new ArrayList<>();
    List<String> roles = List.of("terminal", "maker", "checker", "operator", "auditor");
    for (String role : roles) {
      minting.add(DemoRun.alone("token", "--role", role, "--subject", role + "-marked"));
    }
    for (int i = 0; i < roles.size(); i++) {
      try (DemoRun mint = minting.get(i)) {
        mint.mustExitWith(0);
        tokens.put(roles.get(i), mint.printed().lines().reduce("", (before, last) -> last));
      }
    }
    return tokens;
  }

  private static void logEveryStatement(Connection database) throws SQLException {
    for (String setting : EVERY_STATEMENT.split(";")) {
      execute(database, setting);
    }
    execute(database, "SELECT pg_reload_conf()");
  }

  private static void execute(Connection database, String sql) throws SQLException {
    try (Statement statement = database.createStatement()) {
      statement.execute(sql);
    }
  }
}
