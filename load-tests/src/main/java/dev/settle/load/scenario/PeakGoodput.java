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
 * waiting for long. Played before and after each flood of {@link Overload}, whose goodput is held
 * against it.
 */
public final class PeakGoodput extends LoadSimulation {

  private static final int SENDERS = 8;

  /** Parts of the run; the first time the router has just started and compiles itself. */
  private static final double FIRST_RISE = 0.09;

  private static final double RISE = 0.03;
  private static final double LENGTH = 0.09;

  /** Sets it up. */
  public PeakGoodput() {
    String peak = Overload.next(stage.tally(), Overload.PEAKS);
    Duration rise = stage.part(Overload.PEAKS.indexOf(peak) == 0 ? FIRST_RISE : RISE);
    Duration length = stage.part(LENGTH);
    stage.phase("rise");
    setUp(
            scenario("senders")
                .exec(Overload.upload(stage))
                .injectClosed(
                    rampConcurrentUsers(1).to(SENDERS).during(rise),
                    constantConcurrentUsers(SENDERS).during(length)),
            scenario("terminals")
                .exec(Overload.single(stage))
                .injectOpen(constantUsersPerSec(Overload.SINGLE_SALES).during(rise.plus(length))),
            scenario("clock")
                .exec(pause(rise), phase(peak), pause(length), phase("end"))
                .injectOpen(atOnceUsers(1)))
        .protocols(router())
        .assertions(global().failedRequests().count().is(0L));
  }

  @Override
  public void judge(Verdict verdict) {
    // What it has measured is judged by Overload.
  }
}
