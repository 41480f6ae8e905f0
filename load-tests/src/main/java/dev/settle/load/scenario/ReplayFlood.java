package dev.settle.load.scenario;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;

import dev.settle.load.stage.Sales;
import dev.settle.load.stage.Tally;
import dev.settle.load.stage.Verdict;
import dev.settle.router.access.Role;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Terminals that lost their answers send everything again, and again: each replay is answered with
 * the first credit, one with another amount is refused, nothing is owed twice, and who sells for
 * the first time meanwhile does not feel it.
 */
public final class ReplayFlood extends LoadSimulation {

  private static final int P99_MILLIS = 250;
  private static final double FIRST_SALES = 0.2;

  /** New sales while the flood comes, as a part of the replays. */
  private static final double NEW_OF_REPLAYS = 0.1;

  /** Replays under another amount, of a hundred. */
  private static final int CONFLICTS_OF_100 = 5;

  /** How many sales are remembered to be sent again. */
  private static final int REMEMBERED = 20_000;

  private static final String REPLAY = "replay";
  private static final String CONFLICT = "conflict";
  private static final String SAME_CREDIT = "200 same credit";
  private static final String KIND = "again";
  private static final String SALE = "sale";
  private static final String EXPECTED = "expected";

  private final Sales sales = stage.sales();
  private final AtomicReferenceArray<Told> told = new AtomicReferenceArray<>(REMEMBERED);
  private final AtomicInteger remembered = new AtomicInteger();

  private record Told(long sale, String credit) {}

  /** Sets the scenario up. */
  public ReplayFlood() {
    Duration first = stage.ramp().plus(stage.share(FIRST_SALES));
    Duration flood = stage.lasts().minus(first);
    Duration rise = flood.dividedBy(4);
    setUp(
            scenario("terminals")
                .exec(new Selling(stage, "sale", sales, 201).telling(this::remember).once())
                .injectOpen(
                    rampUsersPerSec(1).to(stage.rate() / 2.0).during(stage.ramp()),
                    constantUsersPerSec(stage.rate() / 2.0).during(stage.share(FIRST_SALES)),
                    constantUsersPerSec(Math.max(1, stage.rate() * NEW_OF_REPLAYS)).during(flood)),
            scenario("terminals again")
                .exec(again())
                .injectOpen(
                    nothingFor(first),
                    rampUsersPerSec(1).to(stage.rate()).during(rise),
                    constantUsersPerSec(stage.rate()).during(flood.minus(rise))),
            scenario("clock")
                .exec(
                    pause(stage.ramp()),
                    phase("first"),
                    pause(stage.share(FIRST_SALES)),
                    phase("flood"))
                .injectOpen(atOnceUsers(1)))
        .protocols(router())
        .assertions(
            global().failedRequests().count().is(0L),
            details("sale flood").responseTime().percentile(99).lt(P99_MILLIS),
            details(REPLAY).responseTime().percentile(99).lt(P99_MILLIS));
  }

  private void remember(long sale, String credit) {
    int place = remembered.getAndUpdate(n -> Math.min(n + 1, REMEMBERED));
    if (place < REMEMBERED) {
      told.set(place, new Told(sale, credit));
    }
  }

  private ChainBuilder again() {
    return exec(
        exec(this::choose),
        exec(
            http("#{" + KIND + "}")
                .post("/v1/transactions")
                .header("Authorization", "Bearer " + stage.target().token(Role.TERMINAL))
                .header("Content-Type", "application/json")
                .body(StringBody(this::body))
                .check(Answer.kept(200, 409))),
        exec(this::note));
  }

  private Session choose(Session session) {
    Told chosen = null;
    while (chosen == null) {
      chosen = told.get(ThreadLocalRandom.current().nextInt(Math.max(1, remembered.get())));
    }
    boolean changed = ThreadLocalRandom.current().nextInt(100) < CONFLICTS_OF_100;
    return session
        .set(KIND, changed ? CONFLICT : REPLAY)
        .set(SALE, chosen.sale())
        .set(EXPECTED, chosen.credit());
  }

  private String body(Session session) {
    return sales.json(session.getLong(SALE), CONFLICT.equals(session.getString(KIND)) ? 1 : 0);
  }

  private Session note(Session session) {
    Answer answer = Answer.of(session);
    boolean same =
        answer.code() == 200 && session.getString(EXPECTED).equals(answer.text("creditId"));
    if (same) {
      stage.tally().answered(session.getString(KIND), SAME_CREDIT, answer.millis());
    } else {
      answer.countIn(stage.tally(), session.getString(KIND));
    }
    return session;
  }

  @Override
  public void judge(Verdict verdict) throws IOException, InterruptedException {
    Judging judging = new Judging(stage, verdict);
    judging.allAccepted("sale");
    judging.all(REPLAY, SAME_CREDIT, "every replay is answered with the first credit");
    judging.all(CONFLICT, "409", "every sale under a used key with another amount is refused");
    judging.times("sale", "first");
    judging.times("sale", "flood");
    judging.times(REPLAY, "");
    Tally tally = stage.tally();
    judging.acceptedByTheRouter(tally.count("sale", Selling.ACCEPTED));
    judging.allPosted();
  }
}
