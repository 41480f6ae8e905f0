package dev.settle.router.invariant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.binding.AccountStatus;
import dev.settle.router.invariant.Witnesses.Acknowledgement;
import dev.settle.router.invariant.Witnesses.Booking;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.World;
import java.lang.reflect.Modifier;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The check is checked: a book of real traffic is broken in every way that the check knows, each on
 * a copy of its own, and exactly the invariant that this breaks turns red. Long because it is one
 * list, held against the list of rules.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InvariantCheckIT {

  /** Refused for the holder's name: the account stays active. */
  private static final String REFUSED_CARD = "6222021000000060001";

  private World world;
  private List<Booking> booked;
  private List<Acknowledgement> told;
  private int copies;

  /** Sales posted, re-routed, refused by the bank, held at acceptance and held at the fence. */
  @BeforeAll
  void play() throws Exception {
    world = new World();
    Api api = world.startNode();
    world.onboard(api, 5);
    api.onboardBulk(Documents.merchant(6, REFUSED_CARD) + "\n");
    List<String> sales = new ArrayList<>();
    for (int stan = 0; stan < 60; stan++) {
      sales.add(Documents.saleJson(1 + stan % 6, stan));
    }
    sales.add(Documents.saleJson(77, 100));
    api.sellBulk(sales);
    world.settle();
    world.silenceRouteChanges();
    long second = world.addAccount(3, "6222029000000019003");
    world.bind("M000003", "", second);
    World.await(
        world.bindings().setStatus(world.accountOf(4), AccountStatus.FROZEN, "test", "test"));
    api.sellBulk(
        List.of(
            Documents.saleJson(3, 200), Documents.saleJson(4, 201), Documents.saleJson(5, 202)));
    world.settle();
    // Held, released, posted.
    World.await(
        world.bindings().setStatus(world.accountOf(5), AccountStatus.FROZEN, "test", "test"));
    api.sellBulk(List.of(Documents.saleJson(5, 203)));
    // A claim that comes after the thaw would not see the freeze, and hold nothing.
    world.settle();
    World.await(
        world.bindings().setStatus(world.accountOf(5), AccountStatus.ACTIVE, "test", "test"));
    Awaitility.await("released")
        .until(
            () ->
                world.queryLong(
                        "SELECT count(*) FROM credit_exception WHERE kind = 'HELD' AND to_batch IS NOT NULL")
                    > 0);
    world.settle();
    world.stop(0);
    World.await(world.pool().close());
    // A copy can be made only of a database that nobody uses, and whose connections are closed may
    // be heard of by PostgreSQL later.
    execute(
        "postgres",
        List.of(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '"
                + world.database()
                + "'"));
    booked = world.booked();
    told = world.acknowledged().stream().toList();
    assertThat(
            world.queryText(
                "SELECT string_agg(kind || ' ' || reason, ',' ORDER BY kind, reason) FROM"
                    + " (SELECT DISTINCT kind, reason FROM credit_exception) x"))
        .isEqualTo(
            "HELD ACCOUNT_FROZEN,HELD UNKNOWN_MERCHANT,REJECTED NAME_MISMATCH,REROUTED BINDING_SUPERSEDED");
  }

  @AfterAll
  void end() throws Exception {
    world.close();
  }

  /**
   * A way to break the book.
   *
   * @param rule the rule over rows that has to see it, or "" where a witness contradicts the rows
   * @param sql run on a copy of the book; {db} is the copy's name
   */
  record Break(
      String name,
      String rule,
      Invariant broken,
      List<String> sql,
      UnaryOperator<List<Booking>> bank,
      UnaryOperator<List<Acknowledgement>> journal) {

    static Break rows(String rule, Invariant broken, String... sql) {
      return new Break(
          rule, rule, broken, List.of(sql), UnaryOperator.identity(), UnaryOperator.identity());
    }

    static Break bank(String name, Invariant broken, UnaryOperator<List<Booking>> bank) {
      return new Break(name, "", broken, List.of(), bank, UnaryOperator.identity());
    }

    static Break journal(
        String name, Invariant broken, UnaryOperator<List<Acknowledgement>> journal) {
      return new Break(name, "", broken, List.of(), UnaryOperator.identity(), journal);
    }

    @Override
    public String toString() {
      return broken + " " + name;
    }
  }

  /** A batch that was recorded a moment ago, consistent with everything. */
  private static final String NEW_BATCH =
      """
      INSERT INTO credit_batch (batch_id, rail, currency, state, credits, amount_minor, owner)
      VALUES (900000, 'sandbox', 'CNY', 'RECORDED', %d, %s, 1);
      UPDATE book_total SET accepted_credits = accepted_credits + %1$d, accepted_minor = accepted_minor + %2$s
      WHERE (writer, currency) = (SELECT writer, currency FROM book_total WHERE currency = 'CNY' LIMIT 1)
      """;

  private static final String COPY_OF_CREDIT =
      """
      INSERT INTO credit (credit_id, amount_minor, captured_at, account_id, local_date, batch_no, stan, binding_version,
                          merchant_id, terminal_id, acquirer_id, type, currency, rrn)
      SELECT (900000::bigint << 12) + 1, 1000, captured_at, account_id, local_date, batch_no, %s, binding_version,
             merchant_id, terminal_id, acquirer_id, type, currency, rrn
      FROM credit WHERE merchant_id = 'M000001' AND stan = 0
      """;

  /** The refused credit was sent again, though nothing final had ended its first attempt. */
  private static final String[] SENT_AGAIN_WITHOUT_AN_END = {
    """
    INSERT INTO credit_batch (batch_id, rail, currency, state, credits, amount_minor, owner, claim_no, claimed_at)
    SELECT 900000, 'sandbox', 'CNY', 'SENT', 1, amount_minor, 1, nextval('fence_order'), now()
    FROM credit WHERE merchant_id = 'M000006' AND stan = 5
    """,
    "ALTER TABLE credit_exception DROP CONSTRAINT credit_exception_kind_check",
    """
    UPDATE credit_exception e SET kind = 'LOST', closed_at = now(), closed_as = 'WENT_ON', to_batch = 900000,
      to_account = c.account_id, to_version = c.binding_version
    FROM credit c WHERE c.credit_id = e.credit_id AND c.merchant_id = 'M000006' AND c.stan = 5
    """
  };

  Stream<Break> breaks() {
    return Stream.of(
        Break.rows(
            "DURABLE_SETTINGS", Invariant.I1, "ALTER DATABASE {db} SET synchronous_commit = off"),
        Break.rows(
            "ONE_CREDIT_FOR_EACH_KEY",
            Invariant.I2,
            "ALTER TABLE credit DROP CONSTRAINT credit_pkey",
            NEW_BATCH.formatted(1, "1000"),
            COPY_OF_CREDIT.formatted("stan")),
        Break.rows(
            "ONE_ID_FOR_EACH_CREDIT",
            Invariant.I2,
            "ALTER TABLE credit DROP CONSTRAINT credit_credit_id_local_date_key",
            NEW_BATCH.formatted(2, "2000"),
            COPY_OF_CREDIT.formatted("900001"),
            COPY_OF_CREDIT.formatted("900002")),
        Break.rows(
            "SENT_BY_THE_CURRENT_VERSION",
            Invariant.I3,
            "INSERT INTO route_change (merchant_id, version, fence_no, cause, changed_by) VALUES ('M000001', 9, 0, 'HOLD', 'x')"),
        Break.rows(
            "SENT_TO_THE_ACCOUNT_OF_ITS_VERSION",
            Invariant.I3,
            "UPDATE binding SET account_id = (SELECT min(account_id) FROM account WHERE merchant_id = 'M000003')"
                + " WHERE merchant_id = 'M000003' AND version = 2"),
        Break.rows(
            "SENT_TO_AN_ACTIVE_ACCOUNT",
            Invariant.I4,
            "UPDATE account_status_change SET status = 'FROZEN' WHERE account_id ="
                + " (SELECT account_id FROM account WHERE merchant_id = 'M000001')"),
        Break.rows(
            "SENT_TO_NO_BLOCKED_NUMBER",
            Invariant.I4,
            "INSERT INTO account SELECT 9, merchant_id, number_cipher, number_hash, last4, bank, 'respelled', type, 'FROZEN'"
                + " FROM account WHERE merchant_id = 'M000001'",
            "INSERT INTO account_status_change VALUES (9, 0, 'FROZEN', 'x', 'x')"),
        Break.rows(
            "SENT_FOR_A_TERMINAL_OF_THE_MERCHANT",
            Invariant.I4,
            "DELETE FROM terminal WHERE merchant_id = 'M000001'"),
        Break.rows(
            "LATER_DECISIONS_ARE_BY_NO_OLDER_VERSION",
            Invariant.I3,
            "UPDATE credit_exception SET decided_version = 0 WHERE kind = 'REJECTED'"),
        Break.rows(
            "WHAT_IS_CLOSED_HAS_A_SUCCESSOR",
            Invariant.I5,
            "UPDATE credit_exception SET closed_at = now(), closed_as = 'FOLLOWED' WHERE kind = 'REJECTED'"),
        Break.rows(
            "EVERY_CREDIT_STANDS",
            Invariant.I5,
            "DELETE FROM standing_rule WHERE batch_state = 'POSTED' AND departure = 'REJECTED'"),
        Break.rows(
            "UNPOSTED_HAS_A_REASON",
            Invariant.I5,
            "ALTER TABLE credit_exception ALTER reason DROP NOT NULL",
            "UPDATE credit_exception SET reason = NULL WHERE kind = 'REJECTED'"),
        Break.rows(
            "BATCHES_AGREE_WITH_THEIR_CREDITS",
            Invariant.I5,
            "UPDATE credit_batch SET credits = credits + 1 WHERE batch_id = (SELECT min(batch_id) FROM credit_batch)"),
        Break.rows(
            "BATCHES_AGREE_WITH_THEIR_DEPARTURES",
            Invariant.I5,
            "UPDATE credit_batch SET departed_credits = departed_credits - 1 WHERE batch_id ="
                + " (SELECT min(batch_id) FROM credit_exception)"),
        Break.rows(
            "DEPARTURES_CARRY_WHAT_IS_UNPOSTED",
            Invariant.I5,
            "UPDATE credit_exception SET amount_minor = amount_minor + 1 WHERE kind = 'REJECTED'"),
        Break.rows(
            "CONTROL_TOTALS_AGREE",
            Invariant.I5,
            "UPDATE book_total SET posted_minor = posted_minor + 1 WHERE posted_minor > 0"),
        Break.rows(
            "ACCEPTED_IS_POSTED_AND_OPEN",
            Invariant.I5,
            "UPDATE credit_exception SET closed_at = now(), closed_as = 'FOLLOWED'"
                + " WHERE kind = 'HELD' AND closed_at IS NULL"),
        Break.rows(
            "A_NEW_ATTEMPT_NEEDS_AN_END_OF_THE_OLD", Invariant.I6, SENT_AGAIN_WITHOUT_AN_END),
        Break.rows(
            "ARCHIVED_ROWS_ARE_AS_THEY_LEFT",
            Invariant.I1,
            "INSERT INTO archived_month (month, state, done_at) VALUES ('2020-01-01', 'DONE', now())",
            "INSERT INTO archived_rows VALUES ('2020-01-01', 'credit_batch', 1, 7)"),
        Break.rows(
            "ARCHIVED_TOTALS_AGREE",
            Invariant.I5,
            "INSERT INTO archived_month (month, state, done_at) VALUES ('2020-01-01', 'DONE', now())",
            "INSERT INTO archived_total VALUES ('2020-01-01', 'CNY', 1, 100)"),
        Break.rows(
            "NO_SALE_OF_AN_ARCHIVED_MONTH_IS_TAKEN",
            Invariant.I2,
            "INSERT INTO archived_month (month, state, done_at)"
                + " SELECT date_trunc('month', min(local_date)), 'DONE', now() FROM credit"),
        Break.bank(
            "the bank booked an end-to-end id twice",
            Invariant.I6,
            bank -> with(bank, bank.get(0))),
        Break.bank(
            "the bank has not booked what is posted",
            Invariant.I5,
            bank -> bank.subList(1, bank.size())),
        Break.bank(
            "the bank booked what it rejected",
            Invariant.I5,
            bank ->
                with(
                    bank,
                    new Booking(idOf("M000006", 5) + "-1", REFUSED_CARD, amountOf(5), "CNY"))),
        new Break(
            "the bank booked a credit under two end-to-end ids",
            "A_NEW_ATTEMPT_NEEDS_AN_END_OF_THE_OLD",
            Invariant.I6,
            List.of(SENT_AGAIN_WITHOUT_AN_END),
            bank ->
                with(
                    with(
                        bank,
                        new Booking(idOf("M000006", 5) + "-1", REFUSED_CARD, amountOf(5), "CNY")),
                    new Booking(idOf("M000006", 5) + "-2", REFUSED_CARD, amountOf(5), "CNY")),
            UnaryOperator.identity()),
        Break.bank(
            "the bank booked another amount",
            Invariant.I5,
            bank ->
                first(
                    bank,
                    b ->
                        new Booking(
                            b.endToEndId(), b.account(), b.amountMinor() + 1, b.currency()))),
        Break.bank(
            "the bank booked another currency",
            Invariant.I5,
            bank ->
                first(bank, b -> new Booking(b.endToEndId(), b.account(), b.amountMinor(), "USD"))),
        Break.bank(
            "the bank booked to another account",
            Invariant.I3,
            bank ->
                first(
                    bank,
                    b ->
                        new Booking(
                            b.endToEndId(), "6222020000000000000", b.amountMinor(), b.currency()))),
        Break.bank(
            "the bank booked what was never sent",
            Invariant.I6,
            bank -> with(bank, new Booking("C00000000000ZZ-1", "6222020000000000000", 1, "CNY"))),
        Break.bank(
            "the bank booked what is held",
            Invariant.I6,
            bank ->
                with(
                    bank,
                    new Booking(idOf("M000077", 100) + "-1", "6222020000000000000", 1, "CNY"))),
        Break.journal(
            "an acknowledged sale is not in the book",
            Invariant.I1,
            journal ->
                with(journal, acknowledgement(journal.get(0), "900009", "C0000000000ZZ", 1))),
        Break.journal(
            "a sale was acknowledged with another amount",
            Invariant.I1,
            journal -> first(journal, a -> acknowledgement(a, a.stan(), a.creditId(), 77))),
        Break.journal(
            "the book has the sale under another id",
            Invariant.I2,
            journal ->
                first(
                    journal, a -> acknowledgement(a, a.stan(), "C0000000000ZZ", a.amountMinor()))),
        Break.journal(
            "a sale was answered with two ids",
            Invariant.I2,
            journal ->
                with(
                    journal,
                    acknowledgement(
                        journal.get(0),
                        journal.get(0).stan(),
                        "C0000000000ZZ",
                        journal.get(0).amountMinor()))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("breaks")
  void what_is_broken_turns_red_and_nothing_else(Break how) throws Exception {
    String copy = copy();
    try {
      execute(copy, how.sql());

      InvariantReport report = check(copy, how.bank().apply(booked), how.journal().apply(told));

      for (Invariant invariant : Invariant.values()) {
        assertThat(report.holds(invariant))
            .as(invariant + " after: " + how.name() + "\n" + report.text())
            .isEqualTo(invariant != how.broken());
      }
      if (!how.rule().isEmpty()) {
        assertThat(violations(copy, how.rule())).as(how.rule()).isPositive();
      }
    } finally {
      drop(copy);
    }
  }

  @Test
  void untouched_rows_and_witnesses_are_green() throws Exception {
    String copy = copy();
    try {
      InvariantReport report = check(copy, booked, told);
      assertThat(report.allHold()).as(report.text()).isTrue();
      assertThat(report.notChecked()).isEmpty();
    } finally {
      drop(copy);
    }
  }

  @Test
  void every_rule_is_applied_and_has_a_way_to_be_broken() throws Exception {
    List<String> rules =
        Stream.of(RowRules.class, ArchiveRules.class)
            .flatMap(rulesOf -> Arrays.stream(rulesOf.getDeclaredFields()))
            .filter(f -> f.getType() == RowRule.class && Modifier.isStatic(f.getModifiers()))
            .map(f -> f.getName())
            .toList();

    assertThat(breaks().map(Break::rule).filter(rule -> !rule.isEmpty()).distinct())
        .containsExactlyInAnyOrderElementsOf(rules);
    assertThat(RowRules.ALL).hasSize(rules.size());
    for (String name : rules) {
      assertThat(RowRules.ALL).contains(rule(name));
    }
  }

  private static RowRule rule(String name) throws ReflectiveOperationException {
    for (Class<?> rulesOf : List.of(RowRules.class, ArchiveRules.class)) {
      for (var field : rulesOf.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          field.setAccessible(true);
          return (RowRule) field.get(null);
        }
      }
    }
    throw new NoSuchFieldException(name);
  }

  private String idOf(String merchant, int stan) {
    return told.stream()
        .filter(a -> a.merchantId().equals(merchant) && Integer.parseInt(a.stan()) == stan)
        .findFirst()
        .orElseThrow()
        .creditId();
  }

  private long amountOf(int stan) {
    return (long) Documents.sale(6, stan).get("amountMinor");
  }

  private static <T> List<T> with(List<T> all, T more) {
    List<T> result = new ArrayList<>(all);
    result.add(more);
    return result;
  }

  private static <T> List<T> first(List<T> all, UnaryOperator<T> change) {
    List<T> result = new ArrayList<>(all);
    result.set(0, change.apply(all.get(0)));
    return result;
  }

  private static Acknowledgement acknowledgement(
      Acknowledgement a, String stan, String creditId, long amountMinor) {
    return new Acknowledgement(
        creditId,
        a.acquirerId(),
        a.merchantId(),
        a.terminalId(),
        a.batchNo(),
        stan,
        a.localDate(),
        a.type(),
        amountMinor,
        a.currency());
  }

  private InvariantReport check(
      String database, List<Booking> bookings, List<Acknowledgement> journal) throws Exception {
    var cipher = world.cipher();
    try (Connection connection = connect(database)) {
      return InvariantCheck.check(
          connection,
          new Witnesses(
              bookings::stream,
              journal.stream(),
              (merchant, bytes) -> cipher.decrypt(merchant, bytes).reveal()));
    }
  }

  private long violations(String database, String rule) throws Exception {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        var rows =
            statement.executeQuery("SELECT count(*) FROM (" + rule(rule).violations() + ") v")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private String copy() throws Exception {
    String name = world.database() + "_copy_" + ++copies;
    execute("postgres", List.of("CREATE DATABASE " + name + " TEMPLATE " + world.database()));
    return name;
  }

  private void drop(String name) throws Exception {
    execute("postgres", List.of("DROP DATABASE " + name + " WITH (FORCE)"));
  }

  private void execute(String database, List<String> sql) throws Exception {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      for (String one : sql) {
        statement.execute(one.replace("{db}", database));
      }
    }
  }

  private Connection connect(String database) throws Exception {
    var settings = world.databaseSettings();
    String url = settings.jdbcUrl();
    return DriverManager.getConnection(
        url.substring(0, url.lastIndexOf('/') + 1) + database,
        settings.user(),
        settings.password());
  }
}
