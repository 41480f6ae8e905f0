package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.explanation.Reason;
import dev.settle.router.rail.TransferOutcome;
import dev.settle.router.rail.TransferOutcome.PartlyCredited;
import dev.settle.router.rail.TransferOutcome.Returned;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharesTest {

  private static final List<Long> AMOUNTS = List.of(100L, 50L, 30L);

  @Test
  void what_is_said_of_the_whole_is_said_of_each() {
    assertThat(Shares.of(AMOUNTS, TransferOutcome.CREDITED))
        .containsExactly(
            TransferOutcome.CREDITED, TransferOutcome.CREDITED, TransferOutcome.CREDITED);
  }

  @Test
  void a_part_goes_to_the_first_ones() {
    assertThat(Shares.of(AMOUNTS, new PartlyCredited(120)))
        .containsExactly(TransferOutcome.CREDITED, new PartlyCredited(20), TransferOutcome.UNCLEAR);
  }

  @Test
  void what_came_back_comes_from_the_last_ones() {
    assertThat(Shares.of(AMOUNTS, returned(40)))
        .containsExactly(TransferOutcome.CREDITED, returned(10), returned(30));
    assertThat(Shares.of(AMOUNTS, returned(180)))
        .containsExactly(returned(100), returned(50), returned(30));
  }

  private static Returned returned(long minor) {
    return new Returned(minor, Reason.ACCOUNT_CLOSED, "AC04", true);
  }
}
