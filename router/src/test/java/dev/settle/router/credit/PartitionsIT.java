package dev.settle.router.credit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class PartitionsIT {

  @Test
  void a_new_month_waits_for_no_reader_so_that_no_sale_waits_for_the_month(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    try (Connection reader = world.connect();
        Statement reading = reader.createStatement()) {
      reader.setAutoCommit(false);
      reading.execute("SELECT count(*) FROM credit");

      world.execute(
          "SET lock_timeout = '5s'; SELECT ensure_credit_partitions('2031-01-15', '2031-03-15')");

      assertThat(api.sell(Documents.saleJson(1, 1)).status()).isEqualTo(201);
      reader.rollback();
    }
    assertThat(world.queryLong("SELECT ensure_credit_partitions('2031-01-01', '2031-03-31')"))
        .isZero();
    assertThat(
            world.queryLong(
                "SELECT count(*) FROM pg_index WHERE indrelid = 'credit_203102'::regclass AND indisunique"))
        .isEqualTo(2);
    assertThat(
            world.queryLong(
                "SELECT count(*) FROM pg_constraint WHERE conrelid = 'credit_203102'::regclass AND contype = 'c'"))
        .isEqualTo(1);
    world.settle();
  }
}
