package dev.settle.load.scenario;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.settle.load.stage.Verdict;
import java.io.IOException;
import java.time.Duration;

/**
 * A day in a minute: sales swell from a fifth of the rate to all of it, stay there, and ebb away
 * again.
 */
public final class PeakHour extends LoadSimulation {

  private static final int P99_MILLIS = 500;
  private static final double OFF_PEAK = 0.2;
  private static final double QUIET = 0.1;
  private static final double SWELL = 0.35;
  private static final double PEAK = 0.35;

  /** Sets the scenario up. */
  public PeakHour() {
    double low = Math.max(1, stage.rate() * OFF_PEAK);
    Duration ebb = stage.share(1 - QUIET - SWELL - PEAK);
    setUp(
            scenario("terminals")
                .exec(sell("sale", stage.sales()))
                .injectOpen(
                    rampUsersPerSec(1).to(low).during(stage.ramp()),
                    constantUsersPerSec(low).during(stage.share(QUIET)),
                    rampUsersPerSec(low).to(stage.rate()).during(stage.share(SWELL)),
                    constantUsersPerSec(stage.rate()).during(stage.share(PEAK)),
                    rampUsersPerSec(stage.rate()).to(low).during(ebb)),
            scenario("clock")
                .exec(
                    pause(stage.ramp()),
                    phase("quiet"),
                    pause(stage.share(QUIET)),
                    phase("swell"),
                    pause(stage.share(SWELL)),
                    phase("peak"),
                    pause(stage.share(PEAK)),
                    phase("ebb"))
                .injectOpen(atOnceUsers(1)))
        .protocols(router())
        .assertions(
            global().failedRequests().count().is(0L),
            details("sale peak").responseTime().percentile(99).lt(P99_MILLIS));
  }

  @Override
  public void judge(Verdict verdict) throws IOException, InterruptedException {
    Judging judging = new Judging(stage, verdict);
    judging.allAccepted("sale");
    judging.times("sale", "quiet");
    judging.times("sale", "peak");
    judging.times("sale", "ebb");
    judging.rate("sale", "peak");
    judging.allPosted();
  }
}
