package dev.settle.router.rail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.rail.TransferOutcome.PartlyCredited;
import dev.settle.router.rail.TransferOutcome.Returned;
import dev.settle.router.rail.sandbox.SandboxConnector;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BankStatusesTest {

  private final AtomicInteger unmapped = new AtomicInteger();
  private final BankStatuses statuses =
      new BankStatuses(
          "sandbox",
          SandboxConnector.CAPABILITIES,
          rail -> unmapped.incrementAndGet(),
          Clock.systemUTC());

  @Test
  void a_part_is_a_part_and_all_of_it_is_the_whole() {
    assertThat(statuses.outcome("ACCC", "", 60L, 100)).isEqualTo(new PartlyCredited(60));
    assertThat(statuses.outcome("ACCC", "", 100L, 100)).isEqualTo(TransferOutcome.CREDITED);
    assertThat(statuses.returned(100, 100L, 100, "AC04", true)).isInstanceOf(Returned.class);
    assertThat(unmapped).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(longs = {101, 0, -1, Long.MIN_VALUE, Long.MAX_VALUE})
  void money_that_cannot_be_is_not_believed_and_counted(long minor) {
    assertThat(statuses.outcome("ACCC", "", minor, 100)).isEqualTo(TransferOutcome.UNCLEAR);
    assertThat(statuses.returned(minor, null, 100, "AC04", true))
        .isEqualTo(TransferOutcome.UNCLEAR);
    assertThat(statuses.returned(1, minor, 100, "AC04", true)).isEqualTo(TransferOutcome.UNCLEAR);
    assertThat(unmapped).hasValue(3);
  }
}
