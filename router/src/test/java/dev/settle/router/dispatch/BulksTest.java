package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.binding.AccountNumber;
import dev.settle.router.binding.Payee;
import dev.settle.router.explanation.Reason;
import dev.settle.router.rail.Rail;
import dev.settle.router.rail.RailCapabilities;
import dev.settle.router.rail.Retry;
import dev.settle.router.rail.SendBy;
import dev.settle.router.rail.Transfer;
import dev.settle.router.rail.TransferOutcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BulksTest {

  private static final Payee PAYEE = new Payee(new AccountNumber("6222021234567890"), "102", "李");

  private static final SendBy IN_TIME =
      SendBy.within(Duration.ofHours(1), Promise.<Void>promise().future());

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
      return new RailCapabilities(
          3,
          0,
          true,
          Duration.ZERO,
          false,
          Duration.ZERO,
          Duration.ZERO,
          false,
          Set.of("CNY"),
          Set.of(),
          Long.MAX_VALUE,
          null);
    }

    @Override
    public Future<List<TransferOutcome>> send(List<Transfer> transfers, SendBy by) {
      sizes.add(transfers.size());
      return transfers.stream().anyMatch(transfer -> transfer.amountMinor() == 9)
          ? Future.failedFuture("no answer")
          : Future.succeededFuture(transfers.stream().map(ThreeAtOnce::outcome).toList());
    }

    private static TransferOutcome outcome(Transfer transfer) {
      return transfer.amountMinor() == 7
          ? new TransferOutcome.Rejected(Reason.ACCOUNT_CLOSED, "AC04", Retry.NEVER)
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

    List<TransferOutcome> outcomes = Bulks.send(rail, transfers(8), nobody(8), IN_TIME).result();

    assertThat(rail.sizes).containsExactly(3, 3, 2);
    assertThat(outcomes).hasSize(8);
    assertThat(outcomes.get(6)).isInstanceOf(TransferOutcome.Rejected.class);
    assertThat(outcomes.get(5)).isEqualTo(TransferOutcome.CREDITED);
  }

  @Test
  void what_was_answered_before_stands_and_the_rest_is_unclear_and_not_sent() {
    ThreeAtOnce rail = new ThreeAtOnce();

    List<TransferOutcome> outcomes = Bulks.send(rail, transfers(12), nobody(12), IN_TIME).result();

    assertThat(rail.sizes).containsExactly(3, 3, 3);
    assertThat(outcomes.subList(0, 6)).containsOnly(TransferOutcome.CREDITED);
    assertThat(outcomes.subList(6, 12)).containsOnly(TransferOutcome.UNCLEAR);
  }

  @Test
  void without_any_answer_nothing_is_known() {
    List<Transfer> ninth = transfers(9).subList(8, 9);

    assertThat(Bulks.send(new ThreeAtOnce(), ninth, nobody(1), IN_TIME).failed()).isTrue();
  }

  @Test
  void what_is_slow_goes_by_itself_after_the_others() {
    ThreeAtOnce rail = new ThreeAtOnce();
    List<Boolean> apart = new ArrayList<>(nobody(5));
    apart.set(1, true);

    List<TransferOutcome> outcomes = Bulks.send(rail, transfers(5), apart, IN_TIME).result();

    assertThat(rail.sizes).containsExactly(3, 1, 1);
    assertThat(outcomes).hasSize(5).containsOnly(TransferOutcome.CREDITED);
  }

  private static List<Boolean> nobody(int count) {
    return Collections.nCopies(count, false);
  }
}
