package dev.settle.load.scenario;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.settle.load.stage.Sample;
import dev.settle.load.stage.Stage;
import dev.settle.load.stage.Tally;
import dev.settle.load.stage.Verdict;
import io.gatling.javaapi.core.ChainBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Several times as much is offered as the router can record, open loop: whoever sends does not wait
 * for who sent before. What the router takes it answers in time, as much as at its best; the rest
 * hears 503 and when to come again, before its body is looked at; and its memory stays as it is.
 *
 * <p>Offered are files of five thousand sales, by senders who ask before they send: single sales at
 * five times of what is recorded of them are more than a sender on the same machine can make, and
 * every sender who asks costs router and machine a new connection, whatever his file holds. Goodput
 * is lines that were accepted in an answer within the deadline; the peak is what {@link
 * PeakGoodput} measures in the same way.
 *
 * <p>Peaks and floods take turns, and each flood is held against the mean of the peaks before and
 * after it: what the database does once a minute, and a machine that becomes slower or faster, is
 * in both. The first of each is not judged. A router that has never refused compiles what that
 * takes, and has a tenth of its processor less for everything else meanwhile.
 */
public final class Overload extends LoadSimulation {

  static final String UPLOAD = "upload";
  static final double SINGLE_SALES = 20;

  private static final String PEAK = "peak";
  private static final String FLOOD = "flood";
  private static final String WARM = "warm ";

  /** Phases of {@link PeakGoodput} in the order in which it is played. */
  static final List<String> PEAKS = List.of(WARM + PEAK, "peak 1", "peak 2", "peak 3");

  /** Each comes after the peak of the same place. */
  private static final List<String> FLOODS = List.of(WARM + FLOOD, "flood 1", "flood 2");

  private static final String GOODPUT = Uploading.GOODPUT + " ";
  private static final int LINES = 5_000;
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  /** Parts of the run. */
  private static final double RISE = 0.03;

  private static final double WARM_FLOODED = 0.09;
  private static final double FLOODED = 0.14;
  private static final double LEAST_GOODPUT = 0.9;

  /** Of the rate times the peak: a sender that cannot keep up overloads nobody. */
  private static final double LEAST_OFFERED = 0.9;

  /**
   * Only the peak before is known when the flood is set up. The one after was up to 16 % above it:
   * with so much more offered it is still as many times that one.
   */
  private static final double MORE = 1.1;

  /** Sets it up: as many uploads a second as the rate says, times the peak before. */
  public Overload() {
    String flood = next(stage.tally(), FLOODS);
    int place = FLOODS.indexOf(flood);
    Duration rise = stage.part(RISE);
    Duration length = stage.part(place == 0 ? WARM_FLOODED : FLOODED);
    double peak = stage.tally().perSecond(GOODPUT + PEAKS.get(place));
    double offered = Math.max(1, MORE * stage.rate() * peak / LINES);
    stage.phase("rise");
    setUp(
            scenario("senders")
                .exec(upload(stage))
                .injectOpen(
                    rampUsersPerSec(1).to(offered).during(rise),
                    constantUsersPerSec(offered).during(length)),
            scenario("terminals")
                .exec(single(stage))
                .injectOpen(constantUsersPerSec(SINGLE_SALES).during(rise.plus(length))),
            scenario("clock")
                .exec(pause(rise), phase(flood), pause(length), phase("end"))
                .injectOpen(atOnceUsers(1)))
        .protocols(router())
        .assertions(global().failedRequests().count().is(0L));
  }

  /** The first of these phases in which nothing was offered yet. */
  static String next(Tally tally, List<String> phases) {
    return phases.stream()
        .filter(phase -> tally.count(UPLOAD + " " + phase) == 0)
        .findFirst()
        .orElseThrow();
  }

  static ChainBuilder upload(Stage stage) {
    return new Uploading(stage, UPLOAD, stage.common(), LINES, DEADLINE, 200, 503).asking().once();
  }

  static ChainBuilder single(Stage stage) {
    return new Selling(stage, "sale", stage.common(), 201, 503).once();
  }

  @Override
  public void judge(Verdict verdict) throws IOException, InterruptedException {
    Judging judging = new Judging(stage, verdict);
    goodput(verdict);
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
            stage.watch().most(sample -> sample.phase().startsWith(FLOOD), Sample::queue)));
    String lastFlood = FLOODS.get(FLOODS.size() - 1);
    judging.flatMemory(
        sample -> sample.phase().startsWith(PEAK), sample -> sample.phase().equals(lastFlood));
  }

  private void goodput(Verdict verdict) {
    List<Double> peaks = goodput(PEAKS);
    List<Double> floods = goodput(FLOODS);
    List<Double> shares = kept(peaks, floods);
    double share = average(shares);
    verdict.figure("goodput at its peak, lines a second", inWords("%,.0f", peaks));
    verdict.figure("goodput under the flood, lines a second", inWords("%,.0f", floods));
    verdict.promise(
        "goodput under the flood is at least 90 % of the peaks beside it",
        share >= LEAST_GOODPUT,
        String.format(
            Locale.ROOT,
            "%.0f %% in the middle of %s",
            100 * share,
            inWords("%.0f", shares.stream().map(one -> 100 * one).toList())));
    double peak = average(peaks);
    double arrived =
        average(
            FLOODS.stream()
                .skip(1)
                .map(flood -> LINES * stage.tally().perSecond(UPLOAD + " " + flood))
                .toList());
    verdict.promise(
        "as many times the peak was offered as was meant",
        peak > 0 && arrived >= LEAST_OFFERED * stage.rate() * peak,
        String.format(
            Locale.ROOT, "%,.0f lines a second, %.1f times the peak", arrived, arrived / peak));
  }

  /**
   * What each flood kept of the mean of the peaks before and after it; 0 where one of these is not
   * known.
   */
  static List<Double> kept(List<Double> peaks, List<Double> floods) {
    return IntStream.range(0, floods.size())
        .mapToObj(i -> kept(peaks.get(i), floods.get(i), peaks.get(i + 1)))
        .toList();
  }

  private static double kept(double before, double flood, double after) {
    return before > 0 && after > 0 ? flood / ((before + after) / 2) : 0;
  }

  /** Of each phase but the first, which is the warm one. */
  private List<Double> goodput(List<String> phases) {
    return phases.stream().skip(1).map(phase -> stage.tally().perSecond(GOODPUT + phase)).toList();
  }

  private static double average(List<Double> figures) {
    return figures.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  private static String inWords(String form, List<Double> figures) {
    return figures.stream()
        .map(figure -> String.format(Locale.ROOT, form, figure))
        .collect(Collectors.joining(", "));
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
