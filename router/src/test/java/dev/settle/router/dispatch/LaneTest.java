package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.credit.Batch;
import dev.settle.router.credit.BatchMember;
import dev.settle.router.credit.BatchState;
import dev.settle.router.platform.Limits;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaneTest {

  private static final int TWO = 2;

  private final List<Consignment> moved = new ArrayList<>();
  private final List<Promise<Boolean>> ends = new ArrayList<>();
  private boolean open = true;
  private int told;
  private final Lane lane =
      new Lane(new Pace(TWO, TWO), Gathering.none(), () -> open, this::move, () -> told++, false);

  private Future<Boolean> move(Consignment consignment) {
    moved.add(consignment);
    Promise<Boolean> end = Promise.promise();
    ends.add(end);
    return end.future();
  }

  @Test
  void no_more_consignments_are_under_way_than_the_limit_and_none_shares_a_slot() {
    for (int id = 0; id < 10; id++) {
      lane.add(batch(id, 1, "CNY", BatchState.RECORDED));
    }

    assertThat(moved).hasSize(TWO);
    assertThat(moved).extracting(Consignment::slot).doesNotHaveDuplicates();
    ends.get(0).complete(true);
    assertThat(moved).hasSize(TWO + 1);
    assertThat(moved.get(2).slot()).isEqualTo(moved.get(0).slot());
    assertThat(moved.get(2).batches()).hasSize(8);
  }

  @Test
  void a_consignment_is_of_one_currency_and_one_state_and_not_too_large() {
    busy();
    lane.add(batch(1, 1_500, "CNY", BatchState.RECORDED));
    lane.add(batch(2, 501, "CNY", BatchState.RECORDED));
    lane.add(batch(3, 1, "USD", BatchState.RECORDED));
    lane.add(batch(4, 1, "USD", BatchState.SENT));

    for (int n = 0; n < 5; n++) {
      ends.get(n).complete(true);
    }

    assertThat(moved.subList(2, 6))
        .extracting(consignment -> consignment.batches().get(0).batchId())
        .containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void an_error_that_is_thrown_ends_its_consignment_and_not_the_lane() {
    List<Consignment> tried = new ArrayList<>();
    Lane throwing =
        new Lane(
            new Pace(TWO, TWO),
            Gathering.none(),
            () -> true,
            consignment -> {
              tried.add(consignment);
              throw new IllegalStateException("thrown on purpose");
            },
            () -> {},
            false);

    for (int id = 0; id < 10; id++) {
      throwing.add(batch(id, 1, "CNY", BatchState.RECORDED));
    }

    assertThat(tried).hasSize(10);
    assertThat(throwing.isIdle()).isTrue();
  }

  @Test
  void a_queue_that_is_full_says_so_by_batches_and_by_credits() {
    busy();
    for (int id = 0; id < Limits.DISPATCH_QUEUE_CREDITS / 1_000; id++) {
      assertThat(lane.hasRoomFor(batch(id, 1_000, "CNY", BatchState.RECORDED))).isTrue();
      lane.add(batch(id, 1_000, "CNY", BatchState.RECORDED));
    }

    assertThat(lane.hasRoomFor(batch(1, 1, "CNY", BatchState.RECORDED))).isFalse();
  }

  @Test
  void while_the_gate_is_shut_nothing_starts_and_nothing_is_lost() {
    open = false;
    lane.add(batch(1, 1, "CNY", BatchState.RECORDED));

    assertThat(moved).isEmpty();
    assertThat(lane.isWaiting()).isTrue();
    assertThat(told).isEqualTo(1);
    open = true;
    lane.start();
    assertThat(moved).hasSize(1);
    assertThat(lane.isWaiting()).isFalse();
  }

  @Test
  void a_gate_that_shuts_while_others_are_under_way_is_told_of_when_they_end() {
    busy();
    lane.add(batch(1, 1, "CNY", BatchState.RECORDED));
    assertThat(told).isZero();

    open = false;
    ends.get(0).complete(false);

    // Half the pace: one is under way still, and no other may be.
    assertThat(told).isZero();
    ends.get(1).complete(false);
    assertThat(told).isEqualTo(1);
  }

  @Test
  void a_lane_that_yields_lets_others_go_first() {
    Lane yielding =
        new Lane(new Pace(1, 1), Gathering.none(), () -> open, this::move, () -> told++, true);
    yielding.add(batch(1, 1, "CNY", BatchState.RECORDED));
    assertThat(moved).isEmpty();
    assertThat(told).isEqualTo(1);
    yielding.start();
    yielding.add(batch(2, 1, "CNY", BatchState.RECORDED));
    long before = System.nanoTime();

    ends.get(0).complete(true);

    assertThat(moved).hasSize(1);
    assertThat(told).isEqualTo(2);
    assertThat(yielding.waitsSince() - before).isPositive();
    yielding.start();
    assertThat(moved).hasSize(2);
  }

  private void busy() {
    for (int n = 0; n < TWO; n++) {
      lane.add(batch(100 + n, 1, "EUR", BatchState.RECORDED));
    }
  }

  private static Batch batch(long id, int credits, String currency, BatchState state) {
    BatchMember member = new BatchMember(id << 12, 1, "M", "T", 100, 100, 1);
    return new Batch(
        id,
        "sandbox",
        currency,
        0,
        state,
        0,
        Instant.EPOCH,
        null,
        false,
        Collections.nCopies(credits, member));
  }
}
