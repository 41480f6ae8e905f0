package dev.settle.router.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.access.Role;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nodes are restarted one after the other while terminals sell, and no request fails. */
@ExtendWith(InvariantsHold.class)
class RollingRestartIT {

  @Test
  void no_request_fails(World world) throws Exception {
    SellingTerminals terminals = new SellingTerminals(world);
    terminals.start();

    terminals.replaceEveryNode();
    terminals.finish();

    assertThat(terminals.failed()).isEmpty();
    assertThat(terminals.closed()).as("answers that closed their connection").isPositive();
    world.settle();
    assertThat(world.verify().posted().credits()).isEqualTo(terminals.sold());
    assertThat(terminals.ready().get(0).get("/v1/unposted", Role.AUDITOR).status()).isEqualTo(200);
  }
}
