package dev.settle.load.scenario;

import static io.gatling.javaapi.core.CoreDsl.bodyString;
import static io.gatling.javaapi.core.CoreDsl.responseTimeInMillis;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.status;

import dev.settle.load.stage.Tally;
import io.gatling.javaapi.core.CheckBuilder;
import io.gatling.javaapi.core.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request, out of the session of who made it.
 *
 * @param code of HTTP, or 0 when there was no answer
 * @param retryAfter whether it says when to come again
 */
record Answer(int code, long millis, String body, boolean retryAfter) {

  private static final String STATUS = "status";
  private static final String MILLIS = "millis";
  private static final String BODY = "body";
  private static final String RETRY_AFTER = "retryAfter";

  /**
   * What to look at in an answer, so that {@link #of} finds it; any other status is a failed
   * request.
   */
  static List<CheckBuilder> kept(Integer... statuses) {
    return new ArrayList<>(
        List.of(
            status().saveAs(STATUS),
            responseTimeInMillis().saveAs(MILLIS),
            bodyString().saveAs(BODY),
            header("Retry-After").optional().saveAs(RETRY_AFTER),
            status().in(Arrays.asList(statuses))));
  }

  /** Forgets the answer before, so that none is not taken for it. */
  static Session none(Session session) {
    return session.removeAll(STATUS, MILLIS, BODY, RETRY_AFTER);
  }

  static Answer of(Session session) {
    return session.contains(STATUS)
        ? new Answer(
            session.getInt(STATUS),
            session.getInt(MILLIS),
            String.valueOf(session.getString(BODY)),
            session.contains(RETRY_AFTER))
        : new Answer(0, 0, "", false);
  }

  /** The outcome under which it is counted. */
  String outcome() {
    if (code == 0) {
      return Tally.NO_ANSWER;
    }
    if (code == 503 && !retryAfter) {
      return "503 without Retry-After";
    }
    return code == 201 && body.contains("\"status\":\"HELD\"")
        ? Selling.HELD
        : String.valueOf(code);
  }

  /** Counts it. */
  void countIn(Tally tally, String name) {
    if (code == 0) {
      tally.counted(name, Tally.NO_ANSWER, 1);
    } else {
      tally.answered(name, outcome(), millis);
    }
  }

  /** The text of a field, where its name first comes; null without one. */
  @Nullable String text(String field) {
    return text(body, field, 0);
  }

  /** The same from a place on. */
  static @Nullable String text(String json, String field, int from) {
    String name = "\"" + field + "\":\"";
    int at = json.indexOf(name, from);
    int end = at < 0 ? -1 : json.indexOf('"', at + name.length());
    return end < 0 ? null : json.substring(at + name.length(), end);
  }
}
