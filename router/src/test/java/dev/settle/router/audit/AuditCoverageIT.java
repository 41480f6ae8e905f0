package dev.settle.router.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.binding.AccountId;
import dev.settle.router.breaks.BreakId;
import dev.settle.router.platform.CardChangeSettings;
import dev.settle.router.platform.Settings;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.SignedNotices;
import dev.settle.router.testing.World;
import java.net.URI;
import java.net.http.HttpRequest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Whatever people change over HTTP, and whoever is refused, leaves a record that says who and why.
 */
@ExtendWith(InvariantsHold.class)
class AuditCoverageIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String NEW_CARD = "6222029000000011016";

  private static void assertRecorded(
      World world, AuditAction action, String actor, String role, String object, String reason)
      throws SQLException {
    String wanted =
        " FROM audit_event WHERE action = '%s' AND object = '%s'"
            .formatted(action, object.replace("'", "''"));
    assertThat(
            world.queryLong(
                "SELECT count(*)"
                    + wanted
                    + " AND actor = '%s' AND role = '%s' AND origin = '127.0.0.1' AND coalesce(reason, '') LIKE '%s'"
                        .formatted(actor, role, reason)))
        .as(
            "%s of %s by %s, there are: %s",
            action,
            object,
            actor,
            world.queryText(
                "SELECT string_agg(concat_ws(', ', actor, role, reason, origin, detail::text), '; ')"
                    + wanted))
        .isPositive();
  }

  private static JsonNode post(
      Api api, String by, String path, Role role, String body, int status) {
    Api.Answer answer = api.as(by).post(path, role, "application/json", body.getBytes(UTF_8));
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    return answer.json();
  }

  private static void put(Api api, String by, String path, String body) {
    Api.Answer answer = api.as(by).put(path, Role.OPERATOR, body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void every_action_of_the_database_is_one_of_the_code(World world) throws Exception {
    Set<String> stored =
        new TreeSet<>(
            List.of(
                world
                    .queryText(
                        "SELECT string_agg(action || CASE source WHEN 'NODE' THEN ' by nodes' ELSE '' END, ',') FROM audit_action")
                    .split(",")));

    assertThat(stored)
        .isEqualTo(
            Arrays.stream(AuditAction.values())
                .map(action -> action + (action.toldByNodes() ? " by nodes" : ""))
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void what_people_change_is_recorded_with_who_why_and_from_where(World world) throws Exception {
    world.cardChange(new CardChangeSettings(Set.of(), 5, 0, false, false, 30));
    Api api = world.startNode(1);

    post(api, "olga", "/v1/merchants", Role.OPERATOR, Documents.merchant(1), 201);
    assertRecorded(
        world, AuditAction.MERCHANT_ONBOARDED, "olga", "operator", "merchant M000001", "");
    assertRecorded(world, AuditAction.ACCOUNT_ADDED, "olga", "operator", account(world), "");
    assertRecorded(world, AuditAction.BINDING_MADE, "olga", "operator", "binding M000001//1", "");
    assertRecorded(
        world, AuditAction.ROUTE_CHANGED, "olga", "operator", "merchant M000001", "ONBOARDED");
    post(
        api,
        "olga",
        "/v1/merchants/M000001/terminals",
        Role.OPERATOR,
        "{\"terminalId\":\"T0000009\"}",
        201);
    assertRecorded(
        world,
        AuditAction.TERMINAL_REGISTERED,
        "olga",
        "operator",
        "terminal M000001/T0000009",
        "");

    String status = "/v1/accounts/" + AccountId.text(world.accountOf(1)) + "/status";
    put(api, "otto", status, "{\"status\":\"FROZEN\",\"reason\":\"court order\"}");
    assertRecorded(
        world, AuditAction.ACCOUNT_STATUS_SET, "otto", "operator", account(world), "court order");
    assertRecorded(world, AuditAction.ACCOUNT_CHANGED, "otto", "operator", account(world), "");
    put(api, "otto", status, "{\"status\":\"ACTIVE\",\"reason\":\"lifted\"}");
    put(api, "otto", "/v1/merchants/M000001/hold", "{\"onHold\":true,\"reason\":\"audit\"}");
    assertRecorded(
        world, AuditAction.MERCHANT_HOLD_SET, "otto", "operator", "merchant M000001", "audit");
    put(api, "otto", "/v1/merchants/M000001/hold", "{\"onHold\":false,\"reason\":\"done\"}");

    cardChange(world, api);
    railOrders(world, api);
    exceptions(world, api);
    breaks(world, api);
    nothingThatIsSecret(world);
    auditorsRead(world, api);
  }

  private static String account(World world) throws SQLException {
    return "account " + AccountId.text(world.accountOf(1));
  }

  private static void cardChange(World world, Api api) throws Exception {
    JsonNode change =
        post(
            api,
            "alice",
            "/v1/merchants/M000001/card-changes",
            Role.MAKER,
            "{\"account\":{\"number\":\""
                + NEW_CARD
                + "\",\"bank\":\"102\",\"holder\":\"李 1\",\"type\":\"PERSONAL\"},\"reason\":\"NEW_CARD\"}",
            201);
    String id = change.path("cardChangeId").asText();
    Awaitility.await("verified")
        .atMost(PATIENCE)
        .until(
            () ->
                api.get("/v1/card-changes/" + id, Role.AUDITOR)
                    .json()
                    .path("state")
                    .asText()
                    .equals("VERIFIED"));
    post(api, "carl", "/v1/card-changes/" + id + "/approve", Role.CHECKER, "", 200);
    String object = "card-change " + id;
    assertRecorded(world, AuditAction.CARD_CHANGE_APPLIED, "alice", "maker", object, "NEW_CARD");
    assertRecorded(world, AuditAction.CARD_CHANGE_MOVED, "alice", "maker", object, "NEW_CARD");
    assertRecorded(world, AuditAction.CARD_CHANGE_MOVED, "carl", "checker", object, "");
    assertRecorded(world, AuditAction.CARD_CHANGE_MOVED, "router", "", object, "version %");
    assertRecorded(
        world, AuditAction.ROUTE_CHANGED, "carl", "checker", "merchant M000001", "BINDING");
    assertRecorded(world, AuditAction.BINDING_CHANGED, "carl", "checker", "binding M000001//1", "");
    // Said again, it changes nothing and is no event.
    long before =
        world.queryLong("SELECT count(*) FROM audit_event WHERE action = 'CARD_CHANGE_MOVED'");
    post(api, "carl", "/v1/card-changes/" + id + "/approve", Role.CHECKER, "", 200);
    assertThat(
            world.queryLong("SELECT count(*) FROM audit_event WHERE action = 'CARD_CHANGE_MOVED'"))
        .isEqualTo(before);
  }

  private static void railOrders(World world, Api api) throws Exception {
    String path = "/v1/rails/sandbox/orders";
    JsonNode hold =
        post(
            api,
            "olga",
            path,
            Role.OPERATOR,
            "{\"order\":\"HOLD\",\"reason\":\"the bank is late\"}",
            201);
    String approve = "/v1/rail-orders/" + hold.path("orderId").asText() + "/approve";
    post(api, "carl", approve, Role.CHECKER, "", 200);
    String object = "rail-order " + hold.path("orderId").asText();
    assertRecorded(
        world, AuditAction.RAIL_ORDER_PROPOSED, "olga", "operator", object, "the bank is late");
    assertRecorded(
        world, AuditAction.RAIL_ORDER_DECIDED, "carl", "checker", object, "the bank is late");
    assertRecorded(world, AuditAction.RAIL_STOPPED, "carl", "checker", "rail sandbox", "");
    JsonNode resume =
        post(
            api, "olga", path, Role.OPERATOR, "{\"order\":\"RESUME\",\"reason\":\"on time\"}", 201);
    post(
        api,
        "carl",
        "/v1/rail-orders/" + resume.path("orderId").asText() + "/approve",
        Role.CHECKER,
        "",
        200);
    assertRecorded(world, AuditAction.RAIL_STOP_CHANGED, "carl", "checker", "rail sandbox", "");
  }

  private static void exceptions(World world, Api api) throws Exception {
    String foreign = Documents.saleJson(1, 5).replace("T0000001", "T0000077");
    String credit = api.sell(foreign).json().path("creditId").asText();
    long id = world.queryLong("SELECT max(credit_id) FROM credit");
    long minor = world.queryLong("SELECT amount_minor FROM credit WHERE credit_id = " + id);
    String orderId = UUID.randomUUID().toString();
    post(
        api,
        "otto",
        "/v1/exceptions/orders",
        Role.OPERATOR,
        "{\"orderId\":\""
            + orderId
            + "\",\"action\":\"HAND_OVER\",\"creditIds\":[\""
            + credit
            + "\"],\"assignee\":\"olga\",\"reason\":\"ticket 4711\",\"expected\":{\"count\":1,\"amountMinor\":{\"CNY\":"
            + minor
            + "}}}",
        202);
    assertRecorded(
        world,
        AuditAction.EXCEPTIONS_ORDERED,
        "otto",
        "operator",
        "exception-order " + orderId,
        "ticket 4711");
    post(
        api,
        "olga",
        "/v1/credits/" + credit + "/release",
        Role.OPERATOR,
        "{\"reason\":\"she rang\"}",
        200);
    assertRecorded(
        world, AuditAction.RELEASE_ORDERED, "olga", "operator", "credit " + credit, "she rang");
    world.settle();
  }

  private static void breaks(World world, Api api) throws Exception {
    world.execute(
        "SELECT open_break('sandbox', 'MISSING_HERE', 'B1-1', NULL, NULL, 5, 'CNY', 'x', 'OPERATIONS', 'RECONCILIATION')");
    long id = world.queryLong("SELECT break_id FROM settlement_break");
    post(
        api,
        "olga",
        "/v1/breaks/" + BreakId.text(id) + "/close",
        Role.OPERATOR,
        "{\"note\":\"paid by hand\"}",
        200);
    assertRecorded(
        world,
        AuditAction.BREAK_CHANGED,
        "olga",
        "operator",
        "break " + BreakId.text(id),
        "paid by hand");
  }

  private static List<String> reasons(JsonNode page) {
    List<String> reasons = new ArrayList<>();
    page.path("events").forEach(event -> reasons.add(event.path("reason").asText()));
    return reasons;
  }

  private static void auditorsRead(World world, Api api) throws Exception {
    JsonNode page =
        api.get(
                "/v1/audit?object=merchant%20M000001&action=MERCHANT_HOLD_SET&since=2026-01-01T00:00:00Z",
                Role.AUDITOR)
            .json();
    assertThat(reasons(page)).containsExactly("done", "audit");
    assertThat(page.path("events").path(0).path("from").asText()).isEqualTo("127.0.0.1");
    assertThat(page.path("events").path(0).path("node").asText()).contains("node-0");
    long newest = page.path("events").path(0).path("eventId").asLong();
    assertThat(
            reasons(
                api.get(
                        "/v1/audit?actor=otto&action=MERCHANT_HOLD_SET&before=" + newest,
                        Role.AUDITOR)
                    .json()))
        .containsExactly("audit");
    for (String wrong :
        new String[] {"action=SLEPT", "since=yesterday", "before=0", "object=%00"}) {
      Api.Answer answer = api.get("/v1/audit?" + wrong, Role.AUDITOR);
      assertThat(answer.status()).as(wrong).isEqualTo(422);
      assertThat(answer.json().path("field").asText())
          .isEqualTo(wrong.substring(0, wrong.indexOf('=')));
    }
    assertThat(api.get("/v1/audit", Role.OPERATOR).status()).isEqualTo(403);
    Awaitility.await("every event is linked soon")
        .atMost(PATIENCE)
        .until(
            () ->
                world.queryLong(
                        "SELECT count(*) FROM audit_event e WHERE NOT EXISTS (SELECT FROM audit_link l WHERE l.event_id = e.event_id)")
                    == 0);
  }

  private static void nothingThatIsSecret(World world) throws Exception {
    String all = world.queryText("SELECT string_agg(e::text, ' ') FROM audit_event e");
    assertThat(all)
        .contains("M000001")
        .doesNotContain(NEW_CARD, Documents.cardOf(1), "number_cipher\": ", "number_hash\": ");
    assertThat(all)
        .doesNotContain(
            world.queryText("SELECT encode(number_cipher, 'hex') FROM account LIMIT 1"));
    String password = World.ROUTER.password();
    assertThat(all).contains("SETTINGS_READ").doesNotContain(password);
  }

  /** Not even the owner changes a row without a record, nor a program that forgets to say who. */
  @Test
  void a_change_by_nobodys_name_is_recorded_under_the_database_user(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);

    world.execute("UPDATE account SET holder = 'mallory'");
    world.execute("UPDATE route_change SET changed_by = 'mallory'");
    assertThat(
            world.queryText(
                "SELECT concat_ws(' ', actor, object, detail ->> 'changed', detail -> 'was' ->> 'holder') FROM audit_event"
                    + " WHERE action = 'ACCOUNT_CHANGED'"))
        .isEqualTo("postgres " + account(world) + " [\"holder\"] 李 1");
    assertThat(
            world.queryText(
                "SELECT detail -> 'was' ->> 'changed_by' FROM audit_event WHERE action = 'HISTORY_REWRITTEN'"))
        .isEqualTo("operator-1");
    world.execute(
        "UPDATE account SET holder = '李 1', number_cipher = number_cipher || '\\x00'::bytea");
    assertThat(
            world.queryText(
                "SELECT detail -> 'was' FROM audit_event WHERE detail ->> 'changed' LIKE '%cipher%'"))
        .isEqualTo("{\"holder\": \"mallory\"}");
    world.execute(
        "UPDATE account SET number_cipher = substr(number_cipher, 1, length(number_cipher) - 1)");
    world.execute("UPDATE route_change SET changed_by = 'operator-1'");
  }

  @Test
  void who_is_refused_or_logs_in_is_recorded_and_a_flood_is_counted(World world) throws Exception {
    Api api = world.startNode(1);
    for (int i = 0; i < 50; i++) {
      assertThat(api.getOpenly("/v1/unposted").status()).isEqualTo(401);
    }
    assertThat(send(api, "/v1/breaks", "Bearer not.a.token")).isEqualTo(401);
    assertThat(api.as("tim").get("/v1/unposted", Role.TERMINAL).status()).isEqualTo(403);
    SignedNotices bank = new SignedNotices(api, world);
    assertThat(bank).isNotNull();
    assertThat(
            api.send(
                    HttpRequest.newBuilder(URI.create(SignedNotices.address(api)))
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build())
                .status())
        .isEqualTo(401);

    Awaitility.await("recorded")
        .atMost(PATIENCE)
        .until(
            () ->
                world.queryLong(
                        "SELECT count(*) FROM audit_event WHERE action IN ('ACCESS_REFUSED', 'SIGNATURE_REFUSED')")
                    == 4);
    assertRecorded(
        world, AuditAction.ACCESS_REFUSED, "anonymous", "", "GET_UNPOSTED", "unauthenticated");
    assertRecorded(
        world, AuditAction.ACCESS_REFUSED, "anonymous", "", "LIST_BREAKS", "token-invalid");
    assertRecorded(
        world, AuditAction.ACCESS_REFUSED, "tim", "terminal", "GET_UNPOSTED", "forbidden");
    assertRecorded(
        world, AuditAction.SIGNATURE_REFUSED, "anonymous", "", "rail:sandbox", "the message%");
    assertRecorded(world, AuditAction.LOGGED_IN, "tim", "terminal", "GET_UNPOSTED", "");
    assertThat(api.metric("settlement_audit_noted_total{action=\"ACCESS_REFUSED\"}")).isEqualTo(52);

    world.stopNodes();
    // A node that stops counts what it has not told yet.
    assertThat(
            world.queryText(
                "SELECT string_agg(concat_ws(' ', actor, reason, detail ->> 'repeats'), ', ') FROM audit_event"
                    + " WHERE detail ? 'repeats'"))
        .isEqualTo("anonymous unauthenticated 49");
    assertThat(
            world.queryLong(
                "SELECT count(*) FROM audit_event WHERE detail::text LIKE '%not.a.token%'"))
        .isZero();
  }

  private static int send(Api api, String path, String authorization) {
    return api.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path))
                .header("Authorization", authorization)
                .build())
        .status();
  }

  @AfterEach
  void forget() {
    System.getProperties().keySet().removeIf(name -> name.toString().startsWith("settle."));
  }

  @Test
  void settings_are_recorded_when_they_differ_from_the_last(World world) throws Exception {
    Map.of(
            "settle.node.name", "node-7",
            "settle.database.url", world.routerSettings().url().replace("//", "//me:hidden@"),
            "settle.database.user", World.ROUTER.name(),
            "settle.database.password", World.ROUTER.password(),
            "settle.rail.sandbox.url", "http://127.0.0.1:1",
            "settle.token.secret.file", world.tokenSecret().toString(),
            "settle.tls.terminated.by", "proxy",
            "settle.account.keyset.file", world.accountKeyset().toString())
        .forEach(System::setProperty);
    String days =
        "SELECT string_agg(detail -> 'settings' ->> 'replayWindow', ' ' ORDER BY event_id) FROM audit_event"
            + " WHERE action = 'SETTINGS_READ' AND object = 'node node-7'";
    World.await(SettingsAudit.record(world.pool(), Settings.read()));
    World.await(SettingsAudit.record(world.pool(), Settings.read()));
    assertThat(world.queryText(days)).isEqualTo("PT4320H");

    System.setProperty("settle.replay.window.days", "10");
    World.await(SettingsAudit.record(world.pool(), Settings.read()));
    assertThat(world.queryText(days)).isEqualTo("PT4320H PT240H");
    assertThat(world.queryText("SELECT string_agg(e::text, ' ') FROM audit_event e"))
        .contains(World.ROUTER.name() + " at postgresql://127.0.0.1:")
        .doesNotContain(World.ROUTER.password(), "hidden");
  }
}
