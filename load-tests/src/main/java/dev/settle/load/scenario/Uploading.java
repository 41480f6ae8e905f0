package dev.settle.load.scenario;

import static io.gatling.javaapi.core.CoreDsl.ByteArrayBody;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.http.HttpDsl.http;

import dev.settle.load.stage.Sales;
import dev.settle.load.stage.Stage;
import dev.settle.router.access.Role;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * One upload of many sales by one request, counted under its kind and the phase in which it was
 * offered, and apart as taken or refused; its lines are counted as {@code line}, by their outcome:
 * ACCEPTED, HELD, REFUSED, or MISSING in the answer. A line that is accepted in an answer that came
 * later than the deadline is {@code LATE}: it is owed like any other, and its sender has given up.
 * What is acknowledged goes into the journal.
 */
final class Uploading {

  static final String ACCEPTED = "ACCEPTED";
  static final String HELD = "HELD";
  static final String REFUSED = "REFUSED";
  static final String LATE = "LATE";
  static final String MISSING = "MISSING";

  /**
   * Counts lines that were accepted in time, whether they are held or not, under the phase in which
   * their answer came: work that is under way when a phase begins is as much as when it ends.
   */
  static final String GOODPUT = "goodput";

  private static final String FIRST = "first";
  private static final String OFFERED = "offered";

  private final Stage stage;
  private final String kind;
  private final Sales sales;
  private final int lines;
  private final Duration deadline;
  private final Integer[] statuses;
  private final Map<String, String> headers = new HashMap<>();

  /**
   * @param lines of an upload
   * @param deadline of the whole answer
   * @param statuses that are good answers
   */
  Uploading(
      Stage stage, String kind, Sales sales, int lines, Duration deadline, Integer... statuses) {
    this.stage = stage;
    this.kind = kind;
    this.sales = sales;
    this.lines = lines;
    this.deadline = deadline;
    this.statuses = statuses;
    headers.put("Authorization", "Bearer " + stage.target().token(Role.TERMINAL));
    headers.put("Content-Type", "application/x-ndjson");
  }

  /**
   * Asks before it sends a body whether that is wanted, as curl does with a large file: what is
   * refused is not sent.
   */
  Uploading asking() {
    headers.put("Expect", "100-continue");
    return this;
  }

  /** Uploads the next sales. */
  ChainBuilder once() {
    return once(session -> sales.lines(session.getLong(FIRST), lines));
  }

  /** Uploads the next sales with a line in the middle that is none. */
  ChainBuilder onceWithABadLine() {
    return once(
        session -> {
          long first = session.getLong(FIRST);
          int half = lines / 2;
          return sales.lines(first, half)
              + "{\"what\":\"is this?\"}\n"
              + sales.lines(first + half + 1, lines - half - 1);
        });
  }

  private ChainBuilder once(Function<Session, String> body) {
    return exec(
        exec(this::take),
        exec(
            http(kind + " #{" + Selling.PHASE + "}")
                .post("/v1/transactions/bulk")
                .headers(headers)
                .body(
                    ByteArrayBody(
                        session -> body.apply(session).getBytes(StandardCharsets.US_ASCII)))
                .check(Answer.kept(statuses))),
        exec(this::note));
  }

  private Session take(Session session) {
    return Answer.none(session)
        .set(FIRST, sales.take(lines))
        .set(Selling.PHASE, stage.phase())
        .set(OFFERED, System.currentTimeMillis());
  }

  private Session note(Session session) {
    Answer answer = Answer.of(session);
    String phase = session.getString(Selling.PHASE);
    answer.countIn(stage.tally(), kind + " " + phase);
    if (answer.code() == 200) {
      stage.tally().answered(kind + "-taken " + phase, ACCEPTED, answer.millis());
      noteLines(session, answer, phase);
    } else if (answer.code() != 0) {
      stage.tally().answered(kind + "-refused " + phase, REFUSED, answer.millis());
    }
    return Answer.none(session);
  }

  private void noteLines(Session session, Answer answer, String phase) {
    String name = "line " + phase;
    long first = session.getLong(FIRST);
    Instant offered = Instant.ofEpochMilli(session.getLong(OFFERED));
    String body = answer.body();
    int accepted = 0;
    int held = 0;
    int refused = 0;
    int line = 0;
    for (int at = 0; at < body.length() && line < lines; line++) {
      int end = body.indexOf('\n', at);
      String result = body.substring(at, end < 0 ? body.length() : end);
      at += result.length() + 1;
      String credit =
          result.startsWith("{\"line\":" + (line + 1) + ",")
              ? Answer.text(result, "creditId", 0)
              : null;
      if (credit != null) {
        held += result.contains("\"status\":\"HELD\"") ? 1 : 0;
        accepted++;
        stage.journal().add(sales.told(first + line, credit, offered));
      } else if (REFUSED.equals(Answer.text(result, "outcome", 0))) {
        refused++;
      }
    }
    boolean inTime = answer.millis() <= deadline.toMillis();
    count(GOODPUT + " " + stage.phase(), ACCEPTED, inTime ? accepted : 0);
    count(name, HELD, inTime ? held : 0);
    count(name, inTime ? ACCEPTED : LATE, inTime ? accepted - held : accepted);
    count(name, REFUSED, refused);
    count(name, MISSING, lines - accepted - refused);
  }

  private void count(String name, String outcome, int times) {
    if (times > 0) {
      stage.tally().counted(name, outcome, times);
    }
  }
}
