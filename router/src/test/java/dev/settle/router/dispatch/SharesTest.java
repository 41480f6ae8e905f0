package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.explanation.Reason;
import dev.settle.router.rail.TransferOutcome;
import dev.settle.router.rail.TransferOutcome.PartlyCredited;
import dev.settle.router.rail.TransferOutcome.Returned;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
    assertThat(Shares.of(AMOUNTS, returned(40, null)))
        .containsExactly(TransferOutcome.UNCLEAR, returned(10, null), returned(30, null));
    assertThat(Shares.of(AMOUNTS, returned(180, null)))
        .containsExactly(returned(100, null), returned(50, null), returned(30, null));
  }

  @Test
  void what_was_credited_besides_goes_to_the_first_ones() {
    assertThat(Shares.of(AMOUNTS, returned(40, 180L)))
        .containsExactly(TransferOutcome.CREDITED, returned(10, 50L), returned(30, 30L));
    assertThat(Shares.of(AMOUNTS, returned(180, 120L)))
        .containsExactly(returned(100, 100L), returned(50, 20L), returned(30, null));
  }

  @Test
  void a_part_of_a_part_that_came_back_is_of_nobody_known() {
    assertThat(Shares.of(AMOUNTS, returned(20, 120L))).containsOnly(TransferOutcome.UNCLEAR);
  }

  private static Returned returned(long minor, @Nullable Long credited) {
    return new Returned(minor, credited, Reason.ACCOUNT_CLOSED, "AC04", true);
  }
}
