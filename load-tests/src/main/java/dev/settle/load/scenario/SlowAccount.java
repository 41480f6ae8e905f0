package dev.settle.load.scenario;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.settle.demo.terminal.Merchants;
import dev.settle.load.stage.Verdict;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;

/** The bank answers late for one account, each time: all others are posted as fast as before. */
public final class SlowAccount extends LoadSimulation {

  private static final double BEFORE = 0.4;
  private static final double SLOW = 0.45;
  private static final double SALES_OF_THE_SLOW_ONE = 2;
  private static final double PROBES_A_SECOND = 20;
  private static final int LATE_MILLIS = 10_000;
  private static final int POSTED_P95_MILLIS = 500;

  /**
   * What happened to go in one request with the slow account waits until that is given up, after
   * 1.5 s, and enquired.
   */
  private static final int POSTED_P99_MILLIS = 2_500;

  private static final Duration POSTED_WITHIN = Duration.ofSeconds(90);

  /** Sets the scenario up. */
  public SlowAccount() {
    int others = Math.max(1, stage.target().merchants() - 1);
    String number = Merchants.document(others + 1).getJsonObject("account").getString("number");
    JsonObject slow = new JsonObject().put("slowAccount", number).put("slowMs", LATE_MILLIS);
    setUp(
            scenario("others")
                .exec(sell("sale", stage.sales(1, others)))
                .injectOpen(rising(stage.rate())),
            scenario("others, watched")
                .exec(new Probing(stage, stage.sales(1, others)).once())
                .injectOpen(rising(PROBES_A_SECOND)),
            scenario("the slow one")
                .exec(sell("slow-sale", stage.sales(others + 1, 1)))
                .injectOpen(rising(SALES_OF_THE_SLOW_ONE)),
            scenario("the bank")
                .exec(
                    exec(pause(stage.ramp()), phase("before"), pause(stage.share(BEFORE))),
                    exec(bankFaults("bank slow", slow), phase("slow"), pause(stage.share(SLOW))),
                    exec(bankFaults("bank good", new JsonObject()), phase("good")))
                .injectOpen(atOnceUsers(1)))
        .protocols(router())
        .assertions(
            global().failedRequests().count().is(0L),
            details("sale slow").responseTime().percentile(99).lt(200));
  }

  @Override
  public void judge(Verdict verdict) throws IOException, InterruptedException {
    Judging judging = new Judging(stage, verdict);
    judging.allAccepted("sale");
    judging.allAccepted("probe");
    judging.allAccepted("slow-sale");
    judging.all("posted", Probing.POSTED, "every watched sale of the others was posted");
    judging.times("posted", "before");
    judging.times("posted", "slow");
    judging.percentile(
        "posted slow", 95, POSTED_P95_MILLIS, "the others' sales are posted meanwhile");
    judging.percentile(
        "posted slow", 99, POSTED_P99_MILLIS, "the others' sales are posted meanwhile");
    int late = stage.calls().faultsFired().getInteger("slowAccount", 0);
    verdict.promise("the bank was late with the slow account", late > 0, late + " times");
    judging.allPosted(POSTED_WITHIN);
  }
}
