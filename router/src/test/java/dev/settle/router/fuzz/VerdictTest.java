package dev.settle.router.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A fuzzer that takes every answer for good finds nothing. */
class VerdictTest {

  private static final Probe PROBE = new Probe("A", "GET / HTTP/1.1\r\n\r\n");
  private final Verdict verdict = new Verdict(Set.of("not-found", "busy", "not-confirmed"));

  @Test
  void what_the_contract_knows_is_good() {
    assertThat(on(200, "application/json", "{}")).isEmpty();
    assertThat(problem(404, 404, "not-found", "There is none.")).isEmpty();
    assertThat(problem(503, 503, "busy", "Later.")).isEmpty();
    assertThat(on(200, "application/x-ndjson", "{\"line\":1,\"code\":\"not-found\"}\n\n"))
        .isEmpty();
    assertThat(verdict.on(new Probe("A", "HEAD / HTTP/1.1"), new Reply(404, Map.of(), "")))
        .isEmpty();
  }

  @Test
  void whatever_else_is_said_or_not_said_is_found() {
    assertThat(verdict.on(PROBE, new Reply(0, Map.of(), ""))).contains("closed");
    assertThat(on(500, "application/problem+json", "{}")).contains("fault");
    assertThat(on(404, "text/html", "<h1>404</h1>")).contains("no problem document");
    assertThat(problem(404, 404, "made-up", "There is none.")).contains("made-up");
    assertThat(problem(404, 400, "not-found", "There is none.")).contains("another status");
    assertThat(problem(404, 404, "not-found", " ")).contains("no sentence");
    assertThat(problem(503, 503, "not-confirmed", "Nobody knows.")).contains("5xx");
    assertThat(on(200, "application/x-ndjson", "{\"line\":1,\"code\":\"made-up\"}"))
        .contains("made-up");
    assertThat(on(200, "application/x-ndjson", "{\"line\":1,\"status\":503}")).contains("5xx");
    assertThat(on(200, "application/x-ndjson", "oops")).contains("no answer");
  }

  private String problem(int status, int said, String code, String detail) {
    return on(
        status,
        "application/problem+json",
        String.format("{\"status\":%d,\"code\":\"%s\",\"detail\":\"%s\"}", said, code, detail));
  }

  private String on(int status, String type, String body) {
    return verdict.on(PROBE, new Reply(status, Map.of("content-type", type), body));
  }
}
