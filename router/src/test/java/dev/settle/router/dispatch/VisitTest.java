package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.platform.Limits;
import dev.settle.router.rail.Rail;
import dev.settle.router.rail.RailCapabilities;
import dev.settle.router.rail.RailGate;
import dev.settle.router.rail.Rails;
import dev.settle.router.rail.SendBy;
import dev.settle.router.rail.Transfer;
import dev.settle.router.rail.TransferOutcome;
import dev.settle.router.rail.sandbox.SandboxConnector;
import dev.settle.router.testing.World;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VisitTest {

  private static final Set<Long> ACCOUNTS = Set.of(1L, 2L);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private final AccountHealth health = new AccountHealth();
  private final Bank bank = new Bank();
  private final RailGate gate = new Rails(List.of(bank)).gate(bank);
  private final Promise<String> answer = Promise.promise();

  private static final class Bank implements Rail {
    @Override
    public String name() {
      return "bank";
    }

    @Override
    public RailCapabilities capabilities() {
      return SandboxConnector.CAPABILITIES;
    }

    @Override
    public Future<List<TransferOutcome>> send(List<Transfer> transfers, SendBy by) {
      return Future.failedFuture(new UnsupportedOperationException());
    }
  }

  @AfterEach
  void close() throws Exception {
    World.await(vertx.close());
  }

  private Future<String> visit() {
    return new Visit(vertx, health, gate, false, true).answerOf(answer.future(), ACCOUNTS, bank);
  }

  @Test
  void accounts_that_others_overtake_are_suspect() {
    Future<String> visit = visit();
    gate.answered(0);

    Awaitility.await("given up").atMost(PATIENCE).until(visit::failed);
    assertThat(visit.cause()).hasMessageContaining("while others are answered");
    assertThat(health.slowAccounts()).isEqualTo(2);
  }

  @Test
  void a_bank_that_pauses_makes_no_account_suspect() throws Exception {
    long sent = System.nanoTime();
    Future<String> visit = visit();
    // One that was sent before is answered, and then nobody is.
    gate.answered(System.nanoTime() - sent + 1_000_000);
    TimeUnit.MILLISECONDS.sleep(
        Limits.SLOW_ANSWER.plus(Limits.SLOW_ANSWER_LOOKS).plusMillis(200).toMillis());

    // The first to be answered afterwards was sent later.
    gate.answered(0);
    answer.complete("paid");

    Awaitility.await("answered").atMost(PATIENCE).until(visit::isComplete);
    assertThat(visit.result()).isEqualTo("paid");
    assertThat(health.slowAccounts()).isZero();
  }
}
