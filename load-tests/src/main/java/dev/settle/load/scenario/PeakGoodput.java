package dev.settle.load.scenario;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.constantConcurrentUsers;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.rampConcurrentUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.settle.load.stage.Verdict;
import java.time.Duration;

/**
 * Finds the most that the router records: a few senders upload one file after the other, none
 * waiting for long. Played before and after {@link Overload}, whose goodput is held against it.
 */
public final class PeakGoodput extends LoadSimulation {

  private static final int SENDERS = 8;

  /** Parts of the run; the first time the router has just started and compiles itself. */
  private static final double WARM = 0.2;

  private static final double FIRST = 0.2;
  private static final double WARM_AGAIN = 0.03;
  private static final double AGAIN = 0.15;

  /** Sets it up: the first time the peak before, the second time the one after. */
  public PeakGoodput() {
    boolean first = stage.tally().count(Overload.UPLOAD) == 0;
    String phase = first ? Overload.PEAK : Overload.PEAK_AGAIN;
    Duration warm = stage.part(first ? WARM : WARM_AGAIN);
    Duration length = stage.part(first ? FIRST : AGAIN);
    stage.phase("warm");
    setUp(
            scenario("senders")
                .exec(Overload.upload(stage))
                .injectClosed(
                    rampConcurrentUsers(1).to(SENDERS).during(warm),
                    constantConcurrentUsers(SENDERS).during(length)),
            scenario("terminals")
                .exec(new Selling(stage, "sale", Overload.singles(stage), 201, 503).once())
                .injectOpen(constantUsersPerSec(Overload.SINGLE_SALES).during(warm.plus(length))),
            scenario("clock")
                .exec(pause(warm), phase(phase), pause(length), phase("end"))
                .injectOpen(atOnceUsers(1)))
        .protocols(router())
        .assertions(global().failedRequests().count().is(0L));
  }

  @Override
  public void judge(Verdict verdict) {
    // What it has measured is judged by Overload.
  }
}
