package dev.settle.load.scenario;

import static io.gatling.javaapi.core.CoreDsl.asLongAs;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.http.HttpDsl.http;

import dev.settle.load.stage.Sales;
import dev.settle.load.stage.Stage;
import dev.settle.router.access.Role;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What a merchant sees: sells a sale and asks for it until it is posted, counted as {@code probe};
 * the time from the offer to the posting is counted as {@code posted}. It asks again after an
 * eighth of the time already waited, at least {@value #ASK_MILLIS} ms, so that a posting is seen
 * late by at most that. The router's own histogram of posting times would count released credits as
 * well, which waited for as long as their account was frozen.
 */
final class Probing {

  static final String POSTED = "POSTED";

  private static final int ASK_MILLIS = 20;
  private static final long POSTED_WITHIN_MILLIS = 60_000;
  private static final String OFFERED = "due";
  private static final String BEGAN = "asking since";
  private static final String STANDING = "standing";

  private final Stage stage;
  private final Sales sales;

  Probing(Stage stage, Sales sales) {
    this.stage = stage;
    this.sales = sales;
  }

  ChainBuilder once() {
    return exec(
        exec(session -> session.set(OFFERED, System.nanoTime())),
        new Selling(stage, "probe", sales, 201).once(),
        untilPosted(stage),
        exec(this::note));
  }

  /**
   * Asks for {@link Selling#CREDIT}, if there is one, until it is posted; the last answer stays in
   * the session.
   */
  static ChainBuilder untilPosted(Stage stage) {
    return exec(
        exec(session -> session.remove(STANDING).set(BEGAN, System.nanoTime())),
        asLongAs(Probing::isWaited)
            .on(
                pause(
                    session -> Duration.ofMillis(Math.max(ASK_MILLIS, since(session, BEGAN) / 8))),
                exec(
                    http("posted?")
                        .get("/v1/credits/#{" + Selling.CREDIT + "}")
                        .header("Authorization", "Bearer " + stage.target().token(Role.TERMINAL))
                        .check(Answer.kept(200))),
                exec(
                    session ->
                        session.set(STANDING, String.valueOf(Answer.of(session).text("status"))))));
  }

  private static boolean isWaited(Session session) {
    return session.contains(Selling.CREDIT)
        && !POSTED.equals(session.getString(STANDING))
        && since(session, BEGAN) < POSTED_WITHIN_MILLIS;
  }

  private static long since(Session session, String then) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - session.getLong(then));
  }

  private Session note(Session session) {
    if (session.contains(Selling.CREDIT)) {
      String standing = String.valueOf(session.getString(STANDING));
      stage
          .tally()
          .answered(
              "posted " + session.getString(Selling.PHASE), standing, since(session, OFFERED));
    }
    return session;
  }
}
