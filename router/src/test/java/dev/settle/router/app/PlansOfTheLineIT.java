package dev.settle.router.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The cost of a credit must not grow with the book. Connections keep the plans of their first
 * calls, when every table is small and a scan of all of it looks cheap.
 */
@ExtendWith(InvariantsHold.class)
class PlansOfTheLineIT {

  private static final int SALES = 400;

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

  private static long scans(World world) throws SQLException {
    return world.queryLong(
        """
        SELECT sum(seq_scan) FROM pg_stat_user_tables
        WHERE relname IN ('credit_batch', 'credit_exception', 'merchant') OR relname LIKE 'credit_2%'
        """);
  }
}
