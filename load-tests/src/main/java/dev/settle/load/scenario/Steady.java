package dev.settle.load.scenario;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.settle.load.stage.Verdict;
import java.io.IOException;

/** Single sales at a steady rate, open loop, after a ramp: what a quiet day looks like. */
public final class Steady extends LoadSimulation {

  private static final int P99_MILLIS = 200;

  /** Sets the scenario up. */
  public Steady() {
    setUp(
            scenario("terminals")
                .exec(sell("sale", stage.sales()))
                .injectOpen(rising(stage.rate())),
            scenario("clock").exec(pause(stage.ramp()), phase("steady")).injectOpen(atOnceUsers(1)))
        .protocols(router())
        .assertions(
            global().failedRequests().count().is(0L),
            details("sale steady").responseTime().percentile(99).lt(P99_MILLIS));
  }

  @Override
  public void judge(Verdict verdict) throws IOException, InterruptedException {
    Judging judging = new Judging(stage, verdict);
    judging.allAccepted("sale");
    judging.times("sale", "steady");
    judging.allPosted();
  }
}
