package dev.settle.router.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.settle.router.access.Role;
import dev.settle.router.binding.AccountStatus;
import dev.settle.router.credit.CreditId;
import dev.settle.router.invariant.Invariant;
import dev.settle.router.invariant.InvariantCheck;
import dev.settle.router.invariant.InvariantReport;
import dev.settle.router.invariant.Witnesses;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.reconciliation.Reconciled;
import dev.settle.router.retention.MonthReport.Outcome;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.BreaksInvariants;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.Seeds;
import dev.settle.router.testing.Traffic;
import dev.settle.router.testing.World;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Closed months leave the hot tables, and nothing else does. */
@ExtendWith(InvariantsHold.class)
class ArchiveIT {

  private final long seed = Seeds.of(this);

  @Test
  void a_closed_month_leaves_under_traffic_and_stays_findable(World world) throws Exception {
    OldBook book = OldBook.sold(world, seed);
    Api api = world.startNode(1);
    Map<String, JsonNode> before = new HashMap<>();
    book.departed.forEach(id -> before.put(id, OldBook.shown(api, id)));
    long hot = book.count("credit");

    Traffic traffic = Traffic.start(List.of(api), 3, 2, 5, seed);
    Archive.Report report = archivedBeside(world, book);
    traffic.stop();

    assertThat(OldBook.of(report, book.first).outcome()).isEqualTo(Outcome.LEFT);
    assertThat(OldBook.of(report, book.second))
        .isEqualTo(new MonthReport(book.second, Outcome.KEPT, List.of("1 HELD ACCOUNT_FROZEN")));
    assertThat(book.count("credit")).isEqualTo(hot + traffic.sales() - 44);
    before.forEach(
        (id, credit) -> assertThat(withoutMark(OldBook.shown(api, id))).isEqualTo(credit));
    recognised(api, book);
    theBankSpeaksOfIt(world, book);
    world.settle();
    assertThat(Reconciled.run(world).exit()).isZero();
    assertThat(world.verify().allHold()).isTrue();
    theLastDepartureGoesOn(world, book, api);
    aWiderWindowIsRefused(world, book);
  }

  /** While one run is between two steps, another does nothing. */
  private static Archive.Report archivedBeside(World world, OldBook book) throws Exception {
    List<Archive.Report> second = new ArrayList<>();
    try (Connection beside = world.connect()) {
      Archive.Report report =
          book.archive(
              new Watching() {
                @Override
                public void reached(LocalDate month, ArchiveStep step) {
                  if (month.equals(book.first) && step == ArchiveStep.LEFT) {
                    try {
                      second.add(OldBook.archive(beside, Watching.quietly()));
                    } catch (Exception e) {
                      throw new IllegalStateException(e);
                    }
                  }
                }
              });
      assertThat(second).hasSize(1);
      assertThat(second.get(0).months()).isNull();
      return report;
    }
  }

  private static JsonNode withoutMark(JsonNode credit) {
    assertThat(credit.path("archived").asBoolean()).isTrue();
    ((ObjectNode) credit).remove("archived");
    return credit;
  }

  /** What is sent again is the same, another, or too old; never new. */
  private static void recognised(Api api, OldBook book) throws Exception {
    for (String sale : book.sales) {
      JsonNode fields = Api.parse(sale);
      if (fields.path("localDate").asText().equals(book.today.toString())) {
        assertThat(api.sell(sale).json().path("outcome").asText()).isEqualTo("REPLAYED");
      } else {
        assertThat(api.sell(sale).status()).as(sale).isEqualTo(422);
        assertThat(byKey(api, fields).path("status").asText()).isIn("POSTED", "HELD");
      }
    }
    String known = OldBook.sale(1, 2_000, book.today);
    assertThat(api.sell(known.replaceAll("\"amountMinor\":\\d+", "\"amountMinor\":77")).status())
        .isEqualTo(409);
  }

  private static JsonNode byKey(Api api, JsonNode sale) {
    StringBuilder query = new StringBuilder("/v1/transactions?");
    for (String field :
        List.of("acquirerId", "merchantId", "terminalId", "batchNo", "stan", "localDate", "type")) {
      query.append(field).append('=').append(sale.path(field).asText()).append('&');
    }
    Api.Answer answer = api.get(query.toString(), Role.AUDITOR);
    assertThat(answer.status()).isEqualTo(200);
    return answer.json();
  }

  /** A word of an archived credit opens nothing: it is kept for a person. */
  private static void theBankSpeaksOfIt(World world, OldBook book) throws Exception {
    String said =
        world.queryText(
            """
            SELECT string_agg(verdict, ' ') FROM archive.credit c CROSS JOIN LATERAL bank_says('sandbox', 'test', 'NOTIFICATION',
              ARRAY['x'], ARRAY[c.credit_id], ARRAY[1], ARRAY['RETURNED'], ARRAY[NULL::bigint], ARRAY[NULL::bigint],
              ARRAY['UNSPECIFIED'], ARRAY['NARR'], ARRAY[true], ARRAY[NULL::integer], ARRAY[NULL::integer], ARRAY[NULL::integer])
            WHERE c.stan = 0
            """);
    assertThat(said).isEqualTo("UNKNOWN");
    for (String id : book.departed) {
      long credit = CreditId.parse(id).getAsLong();
      assertThat(world.queryLong("SELECT count(*) FROM attempt_of(" + credit + ", 2)")).isZero();
    }
  }

  /** Then its month is closed as well, and no batch is of two months any more. */
  private static void theLastDepartureGoesOn(World world, OldBook book, Api api) throws Exception {
    assertThat(book.count("archived_batch_part")).isPositive();
    World.await(
        world
            .bindings()
            .setStatus(world.accountOf(OldBook.FROZEN), AccountStatus.ACTIVE, "test", "test"));
    Awaitility.await("posted")
        .until(
            () ->
                world.queryLong("SELECT count(*) FROM credit_exception WHERE closed_at IS NULL")
                    == 0);
    world.settle();
    book.audit();
    Archive.Report report = book.archive(Watching.quietly());
    assertThat(OldBook.of(report, book.second).outcome()).isEqualTo(Outcome.LEFT);
    assertThat(
            world.queryLong(
                "SELECT count(*) FROM archived_batch_part p WHERE NOT EXISTS (SELECT FROM credit c WHERE c.credit_id >> 12 = p.batch_id)"))
        .isZero();
    assertThat(api.getManagement("/health/ready").status()).isEqualTo(200);
  }

  private static void aWiderWindowIsRefused(World world, OldBook book) throws Exception {
    world.replayWindow(Duration.ofDays(180));
    assertThatThrownBy(() -> world.startNode(1))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("sales up to " + book.second.toString().substring(0, 7));
    try (Connection connection = world.connect()) {
      assertThatThrownBy(
              () ->
                  new Archive(connection, OldBook.WINDOW, Watching.quietly())
                      .run(book.today.minusDays(100), true))
          .as("the node that was refused has said how far back it would take sales")
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("--before");
    }
  }

  @Test
  void a_run_that_dies_at_any_step_has_done_no_harm_and_is_taken_up(World world) throws Exception {
    OldBook book = OldBook.sold(world, seed);
    for (ArchiveStep step : ArchiveStep.values()) {
      assertThatThrownBy(() -> book.archive(Watching.dyingAt(book.first, step)))
          .as(step.name())
          .isInstanceOf(Watching.Crash.class);
      InvariantReport report = world.verify();
      assertThat(report.allHold()).as(step + "\n" + report.text()).isTrue();
      assertThat(report.accepted().credits()).isEqualTo(book.sales.size());
    }
    assertThat(
            world.queryText("SELECT state FROM archived_month WHERE month = '" + book.first + "'"))
        .isEqualTo("DONE");
    assertThat(book.archive(Watching.quietly()).months())
        .extracting(MonthReport::outcome)
        .contains(Outcome.KEPT)
        .doesNotContain(Outcome.NOT_REACHED, Outcome.WRONG);
  }

  @Test
  void sales_go_on_while_a_reader_keeps_months_from_leaving(World world) throws Exception {
    world.replayWindow(OldBook.WINDOW);
    Api api = world.startNode(1);
    world.onboard(api, 1);
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    world.execute(
        "SELECT ensure_credit_partitions('"
            + today.minusDays(150)
            + "', '"
            + today.minusDays(100)
            + "');"
            + " UPDATE replay_promise SET promised_at = now() - interval '2 days' WHERE days > 60");
    AtomicBoolean over = new AtomicBoolean();
    List<Duration> took = new ArrayList<>();
    Thread terminal = new Thread(() -> sell(api, over, took), "terminal");
    try (Connection reader = world.connect();
        Statement reading = reader.createStatement()) {
      reader.setAutoCommit(false);
      reading.execute("SELECT count(*) FROM credit");
      terminal.start();
      Archive.Report report =
          archive(
              world,
              new Watching() {
                private int attempts;

                @Override
                public void pause(Duration time) throws InterruptedException {
                  if (++attempts == 5) {
                    end(reader);
                  }
                }
              });
      assertThat(report.months())
          .isNotEmpty()
          .allMatch(month -> month.outcome() == Outcome.LEFT, "all left in the end");
    } finally {
      over.set(true);
      terminal.join();
    }
    assertThat(took).hasSizeGreaterThan(5).allMatch(time -> time.toMillis() < 2_000);
    world.settle();
  }

  private static Archive.Report archive(World world, Watching watch) throws Exception {
    try (Connection connection = world.connect()) {
      return OldBook.archive(connection, watch);
    }
  }

  private static void end(Connection reader) {
    try {
      reader.rollback();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sell(Api api, AtomicBoolean over, List<Duration> took) {
    for (int stan = 0; !over.get(); stan++) {
      long from = System.nanoTime();
      if (api.sell(Documents.saleJson(1, stan)).status() == 201) {
        took.add(Duration.ofNanos(System.nanoTime() - from));
      }
    }
  }

  /** Who adds a column to one of a pair adds it to the other, and to the view of both. */
  @Test
  void the_archive_has_every_column_of_the_book(World world) throws Exception {
    Map<String, String> views =
        Map.of(
            "credit", "every_credit",
            "credit_batch", "every_batch",
            "credit_exception", "every_exception",
            "credit_hold_reason", "every_hold_reason",
            "credit_release_order", "every_release_order");
    for (Map.Entry<String, String> pair : views.entrySet()) {
      List<String> hot = columns(world, "public." + pair.getKey());
      List<String> archived = columns(world, "archive." + pair.getKey());
      archived.remove("month date");
      // Whose transaction wrote a departure is asked while webhooks are told of it, not afterwards.
      hot.remove("xid xid8");
      assertThat(archived).as(pair.getKey()).isEqualTo(hot).isNotEmpty();
      assertThat(columns(world, "public." + pair.getValue()))
          .containsExactlyInAnyOrderElementsOf(hot);
    }
  }

  private static List<String> columns(World world, String table) throws SQLException {
    String columns =
        world.queryText(
            "SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ',' ORDER BY attnum)"
                + " FROM pg_attribute WHERE attrelid = '"
                + table
                + "'::regclass AND attnum > 0 AND NOT attisdropped");
    return new ArrayList<>(List.of(columns.split(",")));
  }

  @Test
  @BreaksInvariants
  void an_archived_row_that_is_changed_or_gone_turns_verify_red(World world) throws Exception {
    OldBook book = OldBook.sold(world, seed);
    book.archive(Watching.quietly());
    assertThat(world.verify().allHold()).isTrue();
    World.await(world.pool().close());

    assertThatThrownBy(() -> world.execute("UPDATE archive.credit SET rrn = 'x'"))
        .hasMessageContaining("append-only");
    red(world, Invariant.I1, "UPDATE archive.credit SET rrn = rrn || 'x' WHERE stan = 1");
    red(
        world,
        Invariant.I5,
        "UPDATE archive.credit SET amount_minor = amount_minor + 1 WHERE stan = 1");
    red(world, Invariant.I1, "DELETE FROM archive.credit_exception WHERE to_batch IS NOT NULL");
    red(
        world,
        Invariant.I1,
        "UPDATE archive.credit_batch SET settled_at = settled_at + interval '1 s'");
    red(world, Invariant.I5, "UPDATE archived_total SET amount_minor = amount_minor - 1");
    red(world, Invariant.I5, "UPDATE archived_batch_part SET credits = credits + 1");
    red(
        world,
        Invariant.I2,
        "CREATE TABLE again PARTITION OF credit DEFAULT; INSERT INTO credit SELECT * FROM archive.credit LIMIT 1");
  }

  /** Broken past every trigger, on a copy. */
  private static void red(World world, Invariant invariant, String sql) throws Exception {
    String copy = world.database() + "_copy";
    world.execute("CREATE DATABASE " + copy + " TEMPLATE " + world.database());
    String url = world.databaseSettings().jdbcUrl().replace(world.database(), copy);
    var settings = world.databaseSettings();
    try (Connection connection =
            DriverManager.getConnection(url, settings.user(), settings.password());
        Statement statement = connection.createStatement()) {
      statement.execute("SET session_replication_role = replica");
      statement.execute(sql);
      InvariantReport report = InvariantCheck.check(connection, Witnesses.NONE);
      assertThat(report.holds(invariant)).as(sql + "\n" + report.text()).isFalse();
    } finally {
      world.execute("DROP DATABASE " + copy + " WITH (FORCE)");
    }
  }

  @Test
  void rows_that_were_taken_out_are_counted_by_their_totals(World world) throws Exception {
    OldBook book = OldBook.sold(world, seed);
    book.archive(Watching.quietly());
    String month = book.first.toString();
    String taken = "SELECT archive_taken_out('" + month + "', 'olga', 'tape 7')";
    assertThat(world.queryText(taken)).isEqualTo("STILL_HERE");
    String suffix = String.format("_%04d%02d", book.first.getYear(), book.first.getMonthValue());
    for (String table :
        List.of(
            "credit",
            "credit_batch",
            "credit_exception",
            "credit_hold_reason",
            "credit_release_order")) {
      world.execute("DROP TABLE archive." + table + suffix);
    }
    assertThat(world.verify().holds(Invariant.I1)).isFalse();

    assertThat(world.queryText(taken)).isEqualTo("TAKEN_OUT");

    InvariantReport report = world.verify();
    assertThat(report.allHold()).as(report.text()).isTrue();
    assertThat(report.accepted().credits()).isEqualTo(book.sales.size());
    assertThat(report.notChecked())
        .anyMatch(line -> line.contains("olga") && line.contains("tape 7"));
  }
}
