package dev.settle.router.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.access.Role;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The cost of a credit must not grow with the book. Connections keep the plans of their first
 * calls, when every table is small and a scan of all of it looks cheap.
 */
@ExtendWith(InvariantsHold.class)
class PlansOfTheLineIT {

  private static final int SALES = 400;

  private static final int ORDERS = 10;
  private static final int HELD = 5_000;

  /** The gauges and the keeper look a few times a second, whatever is sold. */
  private static final int OF_OTHERS = SALES / 4;

  @Test
  void neitherRecordNorClaimNorSettlementScansATable(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 3);
    sell(world, api, 0);
    long before = scans(world);

    sell(world, api, SALES);

    assertThat(world.queryLong("SELECT count(*) FROM credit_batch")).isGreaterThanOrEqualTo(SALES);
    assertThat(scans(world) - before).isLessThan(OF_OTHERS);
  }

  /** They look at what is on its way, and at nothing else of the book. */
  @Test
  void noOrderAndNoQuestionOfAPersonScansTheBook(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 3);
    String account = effectiveAccount(api);
    setStatus(api, account, "FROZEN");
    api.sellBulk(IntStream.range(0, HELD).mapToObj(n -> Documents.saleJson(1, n)).toList());
    setStatus(api, account, "ACTIVE");
    world.settle();
    // So many went on to one batch that a join with all of the book looks cheap.
    world.execute("ANALYZE");
    sell(world, api, HELD);
    long before = scansOfCredits(world);

    for (int turn = 0; turn < ORDERS; turn++) {
      setStatus(api, account, "FROZEN");
      assertThat(api.sell(Documents.saleJson(1, 10 * HELD + turn)).status()).isEqualTo(201);
      assertThat(api.get("/v1/merchants/M000001/unposted", Role.OPERATOR).status()).isEqualTo(200);
      assertThat(api.get("/v1/unposted", Role.OPERATOR).status()).isEqualTo(200);
      setStatus(api, account, "ACTIVE");
      world.settle();
    }

    sell(world, api, 2 * HELD);
    assertThat(scansOfCredits(world) - before).isZero();
  }

  private static String effectiveAccount(Api api) {
    return api.get("/v1/merchants/M000001", Role.OPERATOR)
        .json()
        .at("/effective/account/accountId")
        .asText();
  }

  private static void setStatus(Api api, String account, String status) {
    String order = "{\"status\":\"" + status + "\",\"reason\":\"test\"}";
    assertThat(api.put("/v1/accounts/" + account + "/status", Role.OPERATOR, order).status())
        .isEqualTo(200);
  }

  /** One at a time, so that each is a commit, a claim and a settlement of its own. */
  private static void sell(World world, Api api, int from) throws Exception {
    for (int n = from; n < from + SALES; n++) {
      assertThat(api.sell(Documents.saleJson(1 + n % 3, n)).status()).isEqualTo(201);
    }
    world.settle();
    // A connection tells of its scans when it commits, a second after it last did.
    TimeUnit.MILLISECONDS.sleep(1_100);
    assertThat(api.sell(Documents.saleJson(1, 1_000_000 - 1 - from)).status()).isEqualTo(201);
    world.settle();
  }

  private static long scansOfCredits(World world) throws SQLException {
    return world.queryLong(
        "SELECT sum(seq_scan) FROM pg_stat_user_tables WHERE relname LIKE 'credit_2%'");
  }

  private static long scans(World world) throws SQLException {
    return world.queryLong(
        """
        SELECT sum(seq_scan) FROM pg_stat_user_tables
        WHERE relname IN ('credit_batch', 'credit_exception', 'merchant') OR relname LIKE 'credit_2%'
        """);
  }
}
