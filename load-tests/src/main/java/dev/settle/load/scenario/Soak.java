package dev.settle.load.scenario;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.settle.load.stage.Sales;
import dev.settle.load.stage.Verdict;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A long day: sales one by one and in files, changing cards, accounts frozen and thawed, for as
 * long as it takes to see several checkpoints and vacuums. The last third is as fast as the first,
 * and memory is flat.
 */
public final class Soak extends LoadSimulation {

  private static final int LINES = 2_000;
  private static final Duration A_FILE_EVERY = Duration.ofSeconds(5);
  private static final Duration A_FREEZE_EVERY = Duration.ofSeconds(10);
  private static final Duration FROZEN_FOR = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** The router takes five applications of a merchant a day. */
  private static final int CHANGES_OF_A_MERCHANT = 4;

  private static final String FIRST = "first";
  private static final String MIDDLE = "middle";
  private static final String LAST = "last";
  private static final double THIRD = 1 / 3.0;
  private static final double SLOWER = 1.5;
  private static final long SLOWER_MILLIS = 50;

  private final Clerks clerks = new Clerks(stage);
  private final AtomicInteger nextMerchant = new AtomicInteger();

  /** Sets the scenario up. */
  public Soak() {
    double freezes = 1.0 / A_FREEZE_EVERY.toSeconds();
    double changes =
        Math.min(
            1,
            (double) CHANGES_OF_A_MERCHANT
                * stage.target().merchants()
                / 2
                / stage.lasts().toSeconds());
    setUp(
            scenario("terminals")
                .exec(sell("sale", stage.sales()))
                .injectOpen(rising(stage.rate())),
            scenario("acquirers")
                .exec(new Uploading(stage, "upload", stage.sales(), LINES, PATIENCE, 200).once())
                .injectOpen(
                    nothingFor(stage.ramp()),
                    constantUsersPerSec(1.0 / A_FILE_EVERY.toSeconds()).during(stage.share(1))),
            scenario("merchants change cards")
                .exec(change())
                .injectOpen(
                    nothingFor(stage.ramp()),
                    constantUsersPerSec(changes).during(stage.share(0.95))),
            scenario("operators")
                .exec(freeze())
                .injectOpen(
                    nothingFor(stage.ramp()),
                    constantUsersPerSec(freezes).during(stage.share(0.9))),
            scenario("clock")
                .exec(
                    pause(stage.ramp()),
                    phase(FIRST),
                    pause(stage.share(THIRD)),
                    phase(MIDDLE),
                    pause(stage.share(THIRD)),
                    phase(LAST))
                .injectOpen(atOnceUsers(1)))
        .protocols(router())
        .assertions(global().failedRequests().count().is(0L));
  }

  /**
   * Cards of the first half of the merchants change; accounts of the second half are frozen, so
   * that no two orders meet.
   */
  private ChainBuilder change() {
    Sales ofClerks = stage.sales();
    Selling proof =
        new Selling(stage, "proof", ofClerks, 201)
            .choosing(session -> ofClerks.takeOf(session.getInt(Clerks.MERCHANT)));
    return exec(exec(session -> merchant(session, 0)), clerks.changeCard(proof.once()));
  }

  private ChainBuilder freeze() {
    return exec(
        exec(session -> merchant(session, 1)),
        clerks.findAccount(),
        clerks.setStatus("freeze", "FROZEN"),
        pause(FROZEN_FOR),
        clerks.setStatus("thaw", "ACTIVE"));
  }

  private Session merchant(Session session, int half) {
    int ofHalf = Math.max(1, stage.target().merchants() / 2);
    return clerks.about(
        session,
        1 + half * (stage.target().merchants() - ofHalf) + nextMerchant.getAndIncrement() % ofHalf);
  }

  @Override
  public void judge(Verdict verdict) throws IOException, InterruptedException {
    Judging judging = new Judging(stage, verdict);
    judging.allAcceptedOrHeld("sale");
    judging.all("upload", "200", "every upload was answered");
    judging.all(
        "credit",
        Clerks.NEW_CARD,
        "each sale after the answer to an approval goes to the new card");
    judging.all("thaw", "200", "every frozen account was thawed");
    judging.times("sale", FIRST);
    judging.times("sale", MIDDLE);
    judging.times("sale", LAST);
    long first = stage.tally().percentile("sale " + FIRST, 99);
    long most = Math.max(first + SLOWER_MILLIS, Math.round(first * SLOWER));
    judging.percentile("sale " + LAST, 99, most, "the last third is as fast as the first");
    judging.flatMemory(
        sample -> sample.phase().equals(FIRST), sample -> sample.phase().equals(LAST));
    judging.neverSuperseded();
    judging.allPosted();
  }
}
