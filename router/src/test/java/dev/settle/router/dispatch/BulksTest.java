package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.binding.AccountNumber;
import dev.settle.router.binding.Payee;
import dev.settle.router.explanation.Reason;
import dev.settle.router.rail.Rail;
import dev.settle.router.rail.RailCapabilities;
import dev.settle.router.rail.Transfer;
import dev.settle.router.rail.TransferOutcome;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BulksTest {

  private static final Payee PAYEE = new Payee(new AccountNumber("6222021234567890"), "102", "李");

  /**
   * Takes three at once, refuses the seventh, and gives no answer to a request that holds the
   * ninth.
   */
  private static final class ThreeAtOnce implements Rail {
    private final List<Integer> sizes = new ArrayList<>();

    @Override
    public String name() {
      return "three";
    }

    @Override
    public RailCapabilities capabilities() {
      return new RailCapabilities(3, true, false, Set.of("CNY"));
    }

    @Override
    public Future<List<TransferOutcome>> send(List<Transfer> transfers) {
      sizes.add(transfers.size());
      return transfers.stream().anyMatch(transfer -> transfer.amountMinor() == 9)
          ? Future.failedFuture("no answer")
          : Future.succeededFuture(transfers.stream().map(ThreeAtOnce::outcome).toList());
    }

    private static TransferOutcome outcome(Transfer transfer) {
      return transfer.amountMinor() == 7
          ? new TransferOutcome.Rejected(Reason.ACCOUNT_CLOSED, "AC04")
          : TransferOutcome.CREDITED;
    }
  }

  private static List<Transfer> transfers(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(n -> new Transfer("C" + n + "-1", PAYEE, n, "CNY"))
        .toList();
  }

  @Test
  void no_request_is_larger_than_the_rail_takes_and_outcomes_keep_their_order() {
    ThreeAtOnce rail = new ThreeAtOnce();

    List<TransferOutcome> outcomes = Bulks.send(rail, transfers(8)).result();

    assertThat(rail.sizes).containsExactly(3, 3, 2);
    assertThat(outcomes).hasSize(8);
    assertThat(outcomes.get(6)).isInstanceOf(TransferOutcome.Rejected.class);
    assertThat(outcomes.get(5)).isEqualTo(TransferOutcome.CREDITED);
  }

  @Test
  void one_request_without_an_answer_leaves_all_of_them_unclear() {
    ThreeAtOnce rail = new ThreeAtOnce();

    assertThat(Bulks.send(rail, transfers(12)).failed()).isTrue();
    assertThat(rail.sizes).containsExactly(3, 3, 3);
  }
}
