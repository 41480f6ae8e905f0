package dev.settle.load.scenario;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.settle.load.stage.Verdict;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/**
 * The bank is down for a while: accepting does not feel it, what waits says why, and it drains when
 * the bank is back.
 */
public final class BankOutage extends LoadSimulation {

  private static final double BEFORE = 0.25;
  private static final double DOWN = 0.4;
  private static final int P99_MILLIS = 200;

  /** After the bank is back: the breaker looks every 15 s in the end, then what waited is sent. */
  private static final Duration DRAINED_WITHIN = Duration.ofSeconds(90);

  /** Sets the scenario up. */
  public BankOutage() {
    setUp(
            scenario("terminals")
                .exec(sell("sale", stage.sales()))
                .injectOpen(rising(stage.rate())),
            scenario("the bank")
                .exec(
                    exec(pause(stage.ramp()), phase("before"), pause(stage.share(BEFORE))),
                    exec(
                        bankFaults("bank down", new JsonObject().put("down", true)),
                        phase("down"),
                        pause(stage.share(DOWN))),
                    exec(bankFaults("bank back", new JsonObject()), phase("back")))
                .injectOpen(atOnceUsers(1)))
        .protocols(router())
        .assertions(
            global().failedRequests().count().is(0L),
            details("sale before").responseTime().percentile(99).lt(P99_MILLIS),
            details("sale down").responseTime().percentile(99).lt(P99_MILLIS));
  }

  @Override
  public void judge(Verdict verdict) throws IOException, InterruptedException {
    Judging judging = new Judging(stage, verdict);
    judging.allAccepted("sale");
    judging.times("sale", "before");
    judging.times("sale", "down");
    judging.times("sale", "back");
    long railOut =
        stage.watch().most(sample -> sample.phase().equals("down"), sample -> sample.railOut());
    long unposted = stage.watch().most(sample -> true, sample -> sample.unposted());
    verdict.promise(
        "what waits for the bank says RAIL_UNAVAILABLE",
        railOut != 0,
        String.format(Locale.ROOT, "%,d credits at most, of %,d unposted", railOut, unposted));
    judging.allPosted(DRAINED_WITHIN);
  }
}
