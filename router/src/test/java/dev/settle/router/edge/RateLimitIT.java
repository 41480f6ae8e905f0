package dev.settle.router.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.platform.CallerLimits;
import dev.settle.router.platform.Limits;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.RawConnection;
import dev.settle.router.testing.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class RateLimitIT {

  private static final int PER_SECOND = 10;
  private static final int BURST = PER_SECOND * Limits.RATE_BURST;

  @Test
  void who_calls_too_often_hears_when_to_come_again_and_others_are_not_touched(World world)
      throws Exception {
    world.callers(new CallerLimits(1_000, 1_000, PER_SECOND, PER_SECOND));
    Api api = world.startNode();
    world.onboard(api, 1);
    Api hasty = api.as("hasty");
    List<Api.Answer> refused = new ArrayList<>();
    for (int n = 0; n < 3 * BURST; n++) {
      Api.Answer answer = hasty.get("/v1/rails", Role.AUDITOR);
      if (answer.status() != 200) {
        refused.add(answer);
      }
    }
    assertThat(refused).isNotEmpty().hasSizeLessThanOrEqualTo(2 * BURST);
    assertLimited(refused.get(0));
    assertThat(api.as("calm").get("/v1/rails", Role.AUDITOR).status()).isEqualTo(200);
    assertThat(api.metric("settlement_turned_away_total{reason=\"person-rate\"}"))
        .isEqualTo(refused.size());
    Awaitility.await("the audit knows who was refused")
        .until(
            () ->
                world.queryLong(
                        "SELECT count(*) FROM audit_event WHERE action = 'ACCESS_REFUSED'"
                            + " AND actor = 'hasty' AND reason = 'person-rate'")
                    > 0);

    List<String> sales =
        IntStream.range(0, BURST + 20).mapToObj(n -> Documents.saleJson(1, n)).toList();
    long began = System.nanoTime();
    List<JsonNode> lines = api.sellBulk(sales);
    assertThat(lines).hasSize(sales.size()).allMatch(line -> line.has("creditId"));
    assertThat(System.nanoTime() - began)
        .as("twenty lines beyond the burst wait for their tokens")
        .isGreaterThan(1_500_000_000L);

    assertLimited(untilLimited(n -> api.sell(Documents.saleJson(1, 1_000 + n))));
    Api.Answer upload = untilLimited(n -> askToUpload(api));
    assertThat(upload.headers())
        .as("before a byte of the body was sent")
        .containsKey("retry-after");
    assertThat(api.metric("settlement_turned_away_total{reason=\"acquirer-rate\"}"))
        .isGreaterThanOrEqualTo(2);
  }

  /** Asks whether a body may be sent, and sends none: 100, or why not. */
  private static Api.Answer askToUpload(Api api) {
    try (RawConnection asking = new RawConnection(api.port())) {
      asking.head(
          "/v1/transactions/bulk",
          api.token(Role.TERMINAL),
          "application/x-ndjson",
          1_000_000,
          "Expect: 100-continue\r\n");
      return asking.readHead();
    } catch (IOException lost) {
      throw new UncheckedIOException(lost);
    }
  }

  /** A token comes each tenth of a second: the bucket is emptied first. */
  private static Api.Answer untilLimited(IntFunction<Api.Answer> call) {
    for (int n = 0; n < 5 * BURST; n++) {
      Api.Answer answer = call.apply(n);
      if (answer.status() == 429) {
        return answer;
      }
    }
    throw new AssertionError("no bucket gets empty");
  }

  private static void assertLimited(Api.Answer answer) {
    assertThat(answer.json().path("detail").asText())
        .as("the signature of a signed one is used up")
        .endsWith(" signed anew.");
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.json().path("code").asText()).isEqualTo("rate-limited");
    assertThat(answer.json().path("detail").asText()).contains(PER_SECOND + " ", "a second");
    assertThat(Integer.parseInt(answer.headers().get("retry-after").get(0))).isBetween(1, 2);
  }
}
