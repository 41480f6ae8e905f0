package dev.settle.load.scenario;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.settle.load.stage.Sales;
import dev.settle.load.stage.Sample;
import dev.settle.load.stage.Stage;
import dev.settle.load.stage.Tally;
import dev.settle.load.stage.Verdict;
import io.gatling.javaapi.core.ChainBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/**
 * Several times as much is offered as the router can record, open loop: whoever sends does not wait
 * for who sent before. What the router takes it answers in time, as much as at its best; the rest
 * hears 503 and when to come again, before its body is looked at; and its memory stays as it is.
 *
 * <p>Offered are files of five thousand sales, by senders who ask before they send: single sales at
 * five times of what is recorded of them are more than a sender on the same machine can make, and
 * every sender who asks costs router and machine a new connection, whatever his file holds. Goodput
 * is lines that were accepted in an answer within the deadline; the peak is what {@link
 * PeakGoodput} measures in the same way, before and after.
 */
public final class Overload extends LoadSimulation {

  static final String UPLOAD = "upload";
  static final String PEAK = "peak";
  static final String PEAK_AGAIN = "peak-again";
  static final double SINGLE_SALES = 20;

  private static final String FLOOD = "flood";
  private static final String GOODPUT = Uploading.GOODPUT + " ";
  private static final int LINES = 5_000;
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  /**
   * Parts of the run; refusing is something that the router has not done before, and compiles while
   * the flood rises.
   */
  private static final double RISE = 0.14;

  private static final double FLOODED = 0.28;
  private static final double LEAST_GOODPUT = 0.9;

  /** Of the rate times the peak: a sender that cannot keep up overloads nobody. */
  private static final double LEAST_OFFERED = 0.9;

  /**
   * Only the peak before is known when the flood is set up. The one after, which counts when it is
   * higher, was up to 16 % above it: with so much more offered it is still as many times that one.
   */
  private static final double MORE = 1.1;

  /** Sets it up: as many uploads a second as the rate says, times the peak that was measured. */
  public Overload() {
    Duration rise = stage.part(RISE);
    Duration length = stage.part(FLOODED);
    double offered = MORE * stage.rate() * stage.tally().perSecond(GOODPUT + PEAK) / LINES;
    stage.phase("rise");
    setUp(
            scenario("senders")
                .exec(upload(stage))
                .injectOpen(
                    rampUsersPerSec(1).to(Math.max(1, offered)).during(rise),
                    constantUsersPerSec(Math.max(1, offered)).during(length)),
            scenario("terminals")
                .exec(new Selling(stage, "sale", singles(stage), 201, 503).once())
                .injectOpen(constantUsersPerSec(SINGLE_SALES).during(rise.plus(length))),
            scenario("clock")
                .exec(pause(rise), phase(FLOOD), pause(length), phase("end"))
                .injectOpen(atOnceUsers(1)))
        .protocols(router())
        .assertions(global().failedRequests().count().is(0L));
  }

  static ChainBuilder upload(Stage stage) {
    return new Uploading(stage, UPLOAD, stage.sales(), LINES, DEADLINE, 200, 503).asking().once();
  }

  static Sales singles(Stage stage) {
    return stage.sales();
  }

  @Override
  public void judge(Verdict verdict) throws IOException, InterruptedException {
    Tally tally = stage.tally();
    Judging judging = new Judging(stage, verdict);
    double before = tally.perSecond(GOODPUT + PEAK);
    double after = tally.perSecond(GOODPUT + PEAK_AGAIN);
    double peak = Math.max(before, after);
    double good = tally.perSecond(GOODPUT + FLOOD);
    verdict.figure(
        "goodput at its peak, lines a second",
        String.format(Locale.ROOT, "%,.0f before, %,.0f after", before, after));
    verdict.promise(
        "goodput under the flood is at least 90 % of the peak",
        peak > 0 && good >= LEAST_GOODPUT * peak,
        String.format(Locale.ROOT, "%,.0f lines a second, %.0f %%", good, 100 * good / peak));
    double arrived = LINES * tally.perSecond(UPLOAD + " " + FLOOD);
    verdict.promise(
        "as many times the peak was offered as was meant",
        peak > 0 && arrived >= LEAST_OFFERED * stage.rate() * peak,
        String.format(
            Locale.ROOT, "%,.0f lines a second, %.1f times the peak", arrived, arrived / peak));
    refusals(verdict);
    judging.percentile(
        UPLOAD + "-taken " + FLOOD, 99, DEADLINE.toMillis(), "what is taken is answered in time");
    judging.times("sale", PEAK);
    judging.times("sale", FLOOD);
    verdict.figure("single sales under the flood", stage.tally().outcomes("sale " + FLOOD));
    verdict.figure(
        "transactions in the queue, at most",
        String.format(
            Locale.ROOT,
            "%,d",
            stage.watch().most(sample -> sample.phase().equals(FLOOD), Sample::queue)));
    judging.flatMemory(sample -> sample.phase().equals(PEAK), this::isEndOfFlood);
  }

  private boolean isEndOfFlood(Sample sample) {
    long last = stage.watch().most(seen -> seen.phase().equals(FLOOD), Sample::second);
    return sample.phase().equals(FLOOD)
        && sample.second() > last - stage.part(FLOODED).toSeconds() / 2;
  }

  private void refusals(Verdict verdict) {
    Tally tally = stage.tally();
    long refused = tally.count(UPLOAD, "503");
    long taken = tally.count(UPLOAD, "200");
    long all = tally.count(UPLOAD);
    verdict.promise(
        "the rest hears 503 with Retry-After, at once",
        refused > 0 && refused + taken == all,
        String.format(Locale.ROOT, "%,d of %,d, %s", refused, all, tally.outcomes(UPLOAD)));
    verdict.figure("answers of 503", tally.times(UPLOAD + "-refused " + FLOOD));
  }
}
