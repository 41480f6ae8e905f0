package dev.settle.load.scenario;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.settle.load.stage.Sales;
import dev.settle.load.stage.Verdict;
import io.gatling.javaapi.core.ChainBuilder;
import java.io.IOException;

/**
 * One merchant makes four of five sales, as in a live stream: neither his sales nor the others'
 * wait for each other, and a change of his card and a freeze of his account are answered at once
 * although money is always on its way to him.
 */
public final class HotMerchant extends LoadSimulation {

  private static final int HOT = 1;
  private static final double HOT_PART = 0.8;
  private static final int P99_MILLIS = 250;
  private static final int ORDER_MILLIS = 2_000;
  private static final double QUARTER = 0.25;

  private final Clerks clerks = new Clerks(stage);

  /** Sets the scenario up. */
  public HotMerchant() {
    setUp(
            scenario("the hot one")
                .exec(sell("hot-sale", stage.sales(HOT, 1)))
                .injectOpen(rising(stage.rate() * HOT_PART)),
            scenario("others")
                .exec(
                    sell("sale", stage.sales(HOT + 1, Math.max(1, stage.target().merchants() - 1))))
                .injectOpen(rising(stage.rate() * (1 - HOT_PART))),
            scenario("people").exec(people()).injectOpen(atOnceUsers(1)))
        .protocols(router())
        .assertions(
            global().failedRequests().count().is(0L),
            details("hot-sale hot").responseTime().percentile(99).lt(P99_MILLIS),
            details("sale hot").responseTime().percentile(99).lt(P99_MILLIS),
            details("approval").responseTime().max().lt(ORDER_MILLIS),
            details("freeze").responseTime().max().lt(ORDER_MILLIS),
            details("thaw").responseTime().max().lt(ORDER_MILLIS));
  }

  private ChainBuilder people() {
    Sales proofs = stage.sales(HOT, 1);
    return exec(
        pause(stage.ramp()),
        phase("hot"),
        pause(stage.share(QUARTER)),
        exec(session -> clerks.about(session, HOT)),
        clerks.changeCard(sell("proof", proofs)),
        pause(stage.share(QUARTER)),
        clerks.findAccount(),
        clerks.setStatus("freeze", "FROZEN"),
        pause(Clerks.HEARD),
        phase("frozen"),
        pause(stage.share(QUARTER / 2)),
        // From the order on, not from its answer, a sale may be paid again.
        phase("hot again"),
        clerks.setStatus("thaw", "ACTIVE"));
  }

  @Override
  public void judge(Verdict verdict) throws IOException, InterruptedException {
    Judging judging = new Judging(stage, verdict);
    judging.allAccepted("sale");
    judging.allAccepted("proof");
    judging.all(
        "credit", Clerks.NEW_CARD, "a sale after the answer to the approval goes to the new card");
    judging.all(
        "hot-sale frozen",
        Selling.HELD,
        "a second after the freeze every sale is accepted and held");
    judging.allAcceptedOrHeld("hot-sale");
    judging.times("hot-sale", "hot");
    judging.times("sale", "hot");
    judging.times("approval", "");
    judging.times("freeze", "");
    judging.times("thaw", "");
    judging.neverSuperseded();
    judging.allPosted();
  }
}
