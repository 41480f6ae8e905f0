package dev.settle.load.scenario;

import static io.gatling.javaapi.core.CoreDsl.asLongAsDuring;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.foreach;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.repeat;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.settle.load.stage.Sales;
import dev.settle.load.stage.Tally;
import dev.settle.load.stage.Verdict;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * A tenth of the merchants is frozen in one wave, goes on selling and uploads a backlog, all of
 * which is held; then all are thawed, and all that was held is posted in order of age, while the
 * others sell and are posted as if nothing was.
 */
public final class FrozenWave extends LoadSimulation {

  private static final int FROZEN_PART = 10;
  private static final double BEFORE = 0.2;
  private static final double STAYS_FROZEN = 0.25;
  private static final String FROZEN = "frozen";
  private static final String BEGAN = "began";
  private static final String HELD = "held";
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  /** Lines of one upload of the backlog, and how many of these for each second of the run. */
  private static final int LINES = 1_000;

  private static final double UPLOADS_A_SECOND = 0.8;
  private static final double PROBES_A_SECOND = 20;
  private static final int ACCEPT_P99_MILLIS = 500;
  private static final int POSTED_P99_MILLIS = 3_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final int frozen = Math.max(1, stage.target().merchants() / FROZEN_PART);
  private final int others = Math.max(1, stage.target().merchants() - frozen);
  private final Clerks clerks = new Clerks(stage);

  /** Sets the scenario up. */
  public FrozenWave() {
    List<String> accounts =
        IntStream.rangeClosed(others + 1, others + frozen).mapToObj(clerks::account).toList();
    setUp(
            scenario("others")
                .exec(sell("sale", stage.sales(1, others)))
                .injectOpen(rising(stage.rate() * 0.9)),
            scenario("others, watched")
                .exec(new Probing(stage, stage.sales(1, others)).once())
                .injectOpen(rising(PROBES_A_SECOND)),
            scenario("frozen ones")
                .exec(sell("frozen-sale", stage.sales(others + 1, frozen)))
                .injectOpen(rising(stage.rate() * 0.1)),
            scenario("operators").exec(wave(accounts)).injectOpen(atOnceUsers(1)))
        .protocols(router())
        .assertions(
            global().failedRequests().count().is(0L),
            details("sale thawed").responseTime().percentile(99).lt(ACCEPT_P99_MILLIS));
  }

  private ChainBuilder wave(List<String> accounts) {
    Sales backlog = stage.sales(others + 1, frozen);
    int uploads = (int) Math.max(1, Math.round(stage.lasts().toSeconds() * UPLOADS_A_SECOND));
    return exec(
        pause(stage.ramp()),
        phase("before"),
        pause(stage.share(BEFORE)),
        phase("freezing"),
        foreach(accounts, "account").on(clerks.setStatus("freeze", "FROZEN")),
        pause(Clerks.HEARD),
        phase(FROZEN),
        repeat(uploads).on(new Uploading(stage, "backlog", backlog, LINES, PATIENCE, 200).once()),
        pause(stage.share(STAYS_FROZEN)),
        phase("thawed"),
        exec(session -> session.set(BEGAN, System.nanoTime()).set(HELD, true)),
        foreach(accounts, "account").on(clerks.setStatus("thaw", "ACTIVE")),
        asLongAsDuring(session -> session.getBoolean(HELD), PATIENCE)
            .on(
                pause(LOOK_EVERY),
                clerks.unposted(),
                exec(
                    session ->
                        session.set(HELD, Answer.of(session).body().contains("ACCOUNT_FROZEN")))),
        exec(this::released),
        phase("after"));
  }

  private Session released(Session session) {
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - session.getLong(BEGAN));
    stage.tally().answered("release", session.getBoolean(HELD) ? "some are held" : "all", millis);
    return session;
  }

  @Override
  public void judge(Verdict verdict) throws IOException, InterruptedException {
    Judging judging = new Judging(stage, verdict);
    Tally tally = stage.tally();
    judging.allAccepted("sale");
    judging.allAccepted("probe");
    judging.all("posted", Probing.POSTED, "every watched sale of the others was posted");
    judging.all(
        "frozen-sale " + FROZEN,
        Selling.HELD,
        "a second after the freezes every sale of theirs is accepted and held");
    long held = tally.count("line", Uploading.HELD);
    judging.all("line", Uploading.HELD, "every uploaded sale of theirs is accepted and held");
    judging.times("sale", "before");
    judging.times("sale", "thawed");
    judging.times("posted", "before");
    judging.times("posted", "thawed");
    judging.percentile(
        "posted thawed", 99, POSTED_P99_MILLIS, "the others' sales are posted meanwhile");
    judging.times("freeze", "freezing");
    long millis = Math.max(1, tally.percentile("release", 100));
    verdict.promise(
        "all that was held is released when the accounts are thawed",
        tally.count("release", "all") == 1,
        String.format(
            Locale.ROOT,
            "%,d and more in %.1f s, %,d a second",
            held,
            millis / 1e3,
            held * 1_000 / millis));
    judging.allPosted();
  }
}
