package dev.settle.router.retention;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.binding.AccountStatus;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;

/**
 * A book of two old months and of today: sales of all three in the same uploads, so that batches
 * have credits of several months; held, released, re-routed and posted; one of the second month is
 * still held. Sold to a node that takes sales of 180 days, which is stopped by then. The others'
 * window is shorter.
 */
final class OldBook {

  /** How far back nodes take sales from now on. */
  static final Duration WINDOW = Duration.ofDays(60);

  static final int MERCHANTS = 4;

  /** Whose account is frozen: what it sold in the second month is held. */
  static final int FROZEN = 4;

  private static final int EACH = 40;

  final World world;
  final LocalDate first;
  final LocalDate second;
  final LocalDate today = LocalDate.now(ZoneOffset.UTC);

  /** Every sale that was accepted. */
  final List<String> sales = new ArrayList<>();

  /** The ids of credits of the first month that went on in other batches. */
  final List<String> departed = new ArrayList<>();

  private OldBook(World world) {
    this.world = world;
    first = today.minusDays(150).withDayOfMonth(1);
    second = first.plusMonths(1);
  }

  static OldBook sold(World world, long seed) throws Exception {
    OldBook book = new OldBook(world);
    Api api = world.startNode(1);
    world.onboard(api, MERCHANTS);
    book.sell(api, new Random(seed));
    world.settle();
    book.audit();
    world.stop(0);
    // Its word has been out for more than a day.
    world.execute("UPDATE replay_promise SET promised_at = now() - interval '2 days'");
    world.replayWindow(WINDOW);
    return book;
  }

  static String sale(int merchant, int stan, LocalDate date) {
    Map<String, Object> sale = Documents.sale(merchant, stan);
    sale.put("localDate", date.toString());
    return Documents.json(sale);
  }

  private void sell(Api api, Random random) throws Exception {
    List<String> all = new ArrayList<>();
    for (int stan = 0; stan < EACH; stan++) {
      all.add(sale(1 + stan % 3, stan, first.plusDays(12 + random.nextInt(8))));
      all.add(sale(1 + stan % 3, 1_000 + stan, second.plusDays(random.nextInt(28))));
      all.add(sale(1 + stan % 3, 2_000 + stan, today));
    }
    // Of nobody yet: held, and released together when the merchant is known.
    for (int stan = 0; stan < 6; stan++) {
      LocalDate month = stan % 2 == 0 ? first : second;
      all.add(sale(77, 3_000 + stan, month.plusDays(15)));
    }
    Collections.shuffle(all, random);
    for (int from = 0; from < all.size(); from += 25) {
      accepted(api, all.subList(from, Math.min(all.size(), from + 25)));
    }
    // Committed between a node's look-up and its claim: re-routed at the fence.
    world.silenceRouteChanges();
    world.bind("M000003", "", world.addAccount(3, "6222029000000019003"));
    departed.addAll(accepted(api, List.of(sale(3, 4_000, first.plusDays(14)))));
    api.onboardBulk(Documents.merchant(77) + "\n");
    World.await(
        world.bindings().setStatus(world.accountOf(FROZEN), AccountStatus.FROZEN, "test", "test"));
    accepted(api, List.of(sale(FROZEN, 5_000, second.plusDays(3))));
    Awaitility.await("what was held is released")
        .until(
            () ->
                world.queryLong(
                        "SELECT count(*) FROM credit_exception WHERE merchant_id = 'M000077' AND to_batch IS NULL")
                    == 0);
  }

  private List<String> accepted(Api api, List<String> some) {
    List<String> ids = new ArrayList<>();
    for (JsonNode line : api.sellBulk(some)) {
      if (!line.path("outcome").asText().equals("ACCEPTED")) {
        throw new AssertionError(line.toString());
      }
      ids.add(line.path("creditId").asText());
      String sale = some.get(line.path("line").asInt() - 1);
      sales.add(sale);
      if (sale.contains("M000077") && sale.contains("\"" + first.toString().substring(0, 7))) {
        departed.add(line.path("creditId").asText());
      }
    }
    return ids;
  }

  /** Every claim has been looked at, as a node does every two seconds. */
  void audit() {
    Awaitility.await("audited")
        .until(
            () ->
                world.queryLong("SELECT o_superseded FROM audit_fence(1000)") == 0
                    && world.queryLong(
                            "SELECT count(*) FROM credit_batch b, fence_audit f WHERE b.claim_no > f.audited")
                        == 0);
  }

  /** A run over all that may leave, a few credits in each piece. */
  Archive.Report archive(Watching watch) throws Exception {
    try (Connection connection = world.connect()) {
      return archive(connection, watch);
    }
  }

  static Archive.Report archive(Connection connection, Watching watch) throws Exception {
    return new Archive(connection, WINDOW, watch, 10).run(null, false);
  }

  /** What became of a month. */
  static MonthReport of(Archive.Report report, LocalDate month) {
    List<MonthReport> months = report.months();
    if (months == null) {
      throw new AssertionError("another run is at work");
    }
    return months.stream().filter(one -> one.month().equals(month)).findFirst().orElseThrow();
  }

  /** A credit as the API shows it. */
  static JsonNode shown(Api api, String creditId) {
    Api.Answer answer = api.get("/v1/credits/" + creditId, Role.AUDITOR);
    if (answer.status() != 200) {
      throw new AssertionError(answer.status() + " " + answer.body());
    }
    return answer.json();
  }

  long count(String table) throws SQLException {
    return world.queryLong("SELECT count(*) FROM " + table);
  }
}
