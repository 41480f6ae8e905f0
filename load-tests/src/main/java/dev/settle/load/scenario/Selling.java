package dev.settle.load.scenario;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.http.HttpDsl.http;

import dev.settle.load.stage.Sales;
import dev.settle.load.stage.Stage;
import dev.settle.router.access.Role;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Instant;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;

/**
 * One sale by one request, counted under its kind and the phase in which it was offered. What is
 * acknowledged goes into the journal. Outcomes: {@code 201}, {@code 201 HELD}, or whatever else was
 * answered.
 */
final class Selling {

  static final String ACCEPTED = "201";
  static final String HELD = "201 HELD";

  /** The answer's credit, in the session of whoever sold. */
  static final String CREDIT = "creditId";

  /** The phase in which it was offered, in the same session. */
  static final String PHASE = "phase";

  private static final String SALE = "sale";
  private static final String OFFERED = "offered";

  private final Stage stage;
  private final String kind;
  private final Sales sales;
  private final Integer[] statuses;
  private ToLongFunction<Session> which;
  private BiConsumer<Long, String> taken = (sale, credit) -> {};

  /**
   * @param kind under which it is counted, one word, for example {@code sale}
   * @param statuses that are good answers
   */
  Selling(Stage stage, String kind, Sales sales, Integer... statuses) {
    this.stage = stage;
    this.kind = kind;
    this.sales = sales;
    this.statuses = statuses;
    this.which = session -> sales.take(1);
  }

  /** Chooses the sale by who sells it. */
  Selling choosing(ToLongFunction<Session> sale) {
    which = sale;
    return this;
  }

  /** Tells who wants to know which sale was acknowledged, as which credit. */
  Selling telling(BiConsumer<Long, String> who) {
    taken = who;
    return this;
  }

  /** Offers the next sale. */
  ChainBuilder once() {
    return exec(
        exec(this::take),
        exec(
            http(kind + " #{" + PHASE + "}")
                .post("/v1/transactions")
                .header("Authorization", "Bearer " + stage.target().token(Role.TERMINAL))
                .header("Content-Type", "application/json")
                .body(StringBody(session -> sales.json(session.getLong(SALE))))
                .check(Answer.kept(statuses))),
        exec(this::note));
  }

  private Session take(Session session) {
    return Answer.none(session)
        .remove(CREDIT)
        .set(SALE, which.applyAsLong(session))
        .set(PHASE, stage.phase())
        .set(OFFERED, System.currentTimeMillis());
  }

  private Session note(Session session) {
    Answer answer = Answer.of(session);
    answer.countIn(stage.tally(), kind + " " + session.getString(PHASE));
    String credit = answer.code() == 201 ? answer.text("creditId") : null;
    if (credit == null) {
      return session;
    }
    long sale = session.getLong(SALE);
    stage.journal().add(sales.told(sale, credit, Instant.ofEpochMilli(session.getLong(OFFERED))));
    taken.accept(sale, credit);
    return session.set(CREDIT, credit);
  }
}
