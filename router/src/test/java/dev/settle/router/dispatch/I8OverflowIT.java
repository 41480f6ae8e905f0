package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.platform.Limits;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.CrookedBank;
import dev.settle.router.testing.CrookedBank.Manner;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class I8OverflowIT {

  @Test
  void what_does_not_fit_into_the_queue_to_the_bank_is_left_to_the_sweep_and_posted(World world)
      throws Exception {
    CrookedBank bank = world.crookedBank();
    Api api = world.startNode(1, bank.address());
    world.onboard(api, 50);
    bank.treat(n -> Manner.HELD_BACK);
    int sales = Limits.DISPATCH_QUEUE_CREDITS + 20_000;
    for (int from = 0; from < sales; from += 20_000) {
      List<String> bulk = new ArrayList<>();
      for (int n = from; n < from + 20_000; n++) {
        bulk.add(Documents.saleJson(1 + n % 50, n));
      }
      assertThat(api.sellBulk(bulk)).hasSize(20_000);
    }
    Awaitility.await("the sweep has come by for what did not fit")
        .until(() -> world.queryLong("SELECT count(*) FROM credit_batch WHERE epoch > 0") > 0);

    bank.treat(n -> Manner.HONEST);
    Awaitility.await("all is posted")
        .atMost(java.time.Duration.ofSeconds(90))
        .until(
            () -> {
              bank.release();
              return world.queryLong(
                      "SELECT count(*) FROM credit_batch WHERE state <> 'POSTED'")
                  == 0;
            });

    assertThat(world.verify().posted().credits()).isEqualTo(sales);
  }
}
