package dev.settle.load.scenario;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.settle.load.stage.Sales;
import dev.settle.load.stage.Tally;
import dev.settle.load.stage.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Cards change, several a second, while all merchants sell: a sale that is offered after the answer
 * to an approval goes to the new card, and {@code verify} shows that none was sent to a superseded
 * one. A merchant applies four times at most, since the router takes five applications a day.
 */
public final class CardChangeStorm extends LoadSimulation {

  private static final int SALES_TO_A_CHANGE = 50;
  private static final int CHANGES_OF_A_MERCHANT = 4;
  private static final int P99_MILLIS = 250;
  private static final int APPROVAL_P99_MILLIS = 2_000;

  /** What is left for the last changes to come to their end while sales go on. */
  private static final double CHANGING = 0.85;

  private final AtomicInteger nextMerchant = new AtomicInteger();

  /** Sets the scenario up. */
  public CardChangeStorm() {
    double changes = Math.max(1.0, stage.rate() / (double) SALES_TO_A_CHANGE);
    Clerks clerks = new Clerks(stage);
    Sales ofClerks = stage.sales();
    Selling proof =
        new Selling(stage, "proof", ofClerks, 201)
            .choosing(session -> ofClerks.takeOf(session.getInt(Clerks.MERCHANT)));
    setUp(
            scenario("terminals")
                .exec(sell("sale", stage.sales()))
                .injectOpen(rising(stage.rate())),
            scenario("merchants change cards")
                .exec(
                    exec(
                        session ->
                            clerks.about(
                                session,
                                1 + nextMerchant.getAndIncrement() % stage.target().merchants())),
                    clerks.changeCard(proof.once()))
                .injectOpen(
                    nothingFor(stage.ramp()),
                    constantUsersPerSec(changes).during(changing(changes))),
            scenario("clock").exec(pause(stage.ramp()), phase("storm")).injectOpen(atOnceUsers(1)))
        .protocols(router())
        .assertions(
            global().failedRequests().count().is(0L),
            details("sale storm").responseTime().percentile(99).lt(P99_MILLIS),
            details("approval").responseTime().percentile(99).lt(APPROVAL_P99_MILLIS));
  }

  private Duration changing(double changes) {
    long most = Math.round(1_000 * CHANGES_OF_A_MERCHANT * stage.target().merchants() / changes);
    return Duration.ofMillis(Math.min(most, stage.share(CHANGING).toMillis()));
  }

  @Override
  public void judge(Verdict verdict) throws IOException, InterruptedException {
    Judging judging = new Judging(stage, verdict);
    Tally tally = stage.tally();
    judging.allAccepted("sale");
    judging.allAccepted("proof");
    judging.times("sale", "storm");
    judging.times("approval", "storm");
    judging.times("change", "storm");
    long approved = tally.count("approval", "200");
    long proofs = tally.count("credit", Clerks.NEW_CARD);
    verdict.promise(
        "each sale after the answer to an approval goes to the new card",
        approved > 0 && proofs == approved,
        String.format(Locale.ROOT, "%,d of %,d", proofs, approved)
            + tally.otherThan("credit", Clerks.NEW_CARD));
    judging.neverSuperseded();
    judging.allPosted();
  }
}
