package dev.settle.router.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.testing.Api;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class BindingStoreIT {

  @Test
  void a_merchant_is_never_bound_to_an_account_of_another(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 2);
    long others = world.accountOf(2);

    assertThatThrownBy(() -> world.bind("M000001", "", others)).hasMessageContaining("foreign key");

    assertThat(world.queryLong("SELECT route_version FROM merchant WHERE merchant_id = 'M000001'"))
        .isEqualTo(1);
  }

  @Test
  void a_clock_that_was_set_back_stops_no_card_change(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    world.execute("UPDATE binding SET effective = tstzrange(now() + interval '1 hour', NULL)");
    long card = world.addAccount(1, "6222029000000019001");

    assertThat(world.bind("M000001", "", card)).isEqualTo(2);

    assertThat(
            world.queryLong(
                "SELECT count(*) FROM binding WHERE merchant_id = 'M000001' AND NOT isempty(effective)"))
        .isEqualTo(2);
  }

  @Test
  void nobody_knows_a_status_of_an_account_that_is_not_there(World world) throws Exception {
    assertThat(World.await(world.bindings().setStatus(5, AccountStatus.FROZEN, "test", "test")))
        .isNull();
  }
}
