package dev.settle.load.scenario;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.constantConcurrentUsers;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.rampConcurrentUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.settle.load.stage.Tally;
import dev.settle.load.stage.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/**
 * Acquirers upload the sales of a day, several at once and one after the other, while terminals
 * sell: every line is answered in order and durable, the bad one in each upload fails alone, and a
 * single sale is neither refused nor waits long.
 */
public final class BulkUpload extends LoadSimulation {

  private static final int LINES = 10_000;
  private static final double SINGLE_SALES = 100;
  private static final int P99_MILLIS = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * For credits that were accepted faster than the bank took them: what lies in the database alone
   * is fetched by a sweep.
   */
  private static final Duration POSTED_WITHIN = Duration.ofMinutes(5);

  /** Sets the scenario up. */
  public BulkUpload() {
    setUp(
            scenario("acquirers")
                .exec(
                    new Uploading(stage, "upload", stage.sales(), LINES, PATIENCE, 200)
                        .onceWithABadLine())
                .injectClosed(
                    rampConcurrentUsers(1).to(stage.rate()).during(stage.ramp()),
                    constantConcurrentUsers(stage.rate()).during(stage.share(1))),
            scenario("terminals")
                .exec(sell("sale", stage.sales()))
                .injectOpen(rising(SINGLE_SALES)),
            scenario("clock").exec(pause(stage.ramp()), phase("bulk")).injectOpen(atOnceUsers(1)))
        .protocols(router())
        .assertions(
            global().failedRequests().count().is(0L),
            details("sale bulk").responseTime().percentile(99).lt(P99_MILLIS));
  }

  @Override
  public void judge(Verdict verdict) throws IOException, InterruptedException {
    Judging judging = new Judging(stage, verdict);
    Tally tally = stage.tally();
    long uploads = tally.count("upload", "200");
    judging.all("upload", "200", "every upload was answered");
    long accepted = tally.count("line", Uploading.ACCEPTED);
    long refused = tally.count("line", Uploading.REFUSED);
    verdict.promise(
        "every line was accepted but the bad one of each upload",
        uploads > 0 && refused == uploads && accepted == uploads * (LINES - 1),
        String.format(Locale.ROOT, "%,d accepted, %,d refused", accepted, refused)
            + tally.otherThan("line", Uploading.ACCEPTED));
    verdict.figure(
        "lines a second", String.format(Locale.ROOT, "%,.0f", tally.perSecond("line bulk")));
    judging.times("upload", "bulk");
    judging.allAccepted("sale");
    judging.times("sale", "bulk");
    judging.allPosted(POSTED_WITHIN);
  }
}
