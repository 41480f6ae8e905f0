package dev.settle.router.exceptions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.settle.router.platform.JsonDocument;
import dev.settle.router.platform.ProblemException;
import io.vertx.core.MultiMap;
import java.util.List;

/** {@code JAZZER_FUZZ=1} makes this a search; otherwise it tries what was once found. */
class QueriesFuzzTest {

  @FuzzTest
  void any_query_is_a_page_or_a_problem(byte[] bytes) {
    MultiMap parameters = MultiMap.caseInsensitiveMultiMap();
    List<String> names =
        List.of("reason", "rail", "merchantId", "assignee", "olderThan", "limit", "after");
    String[] words = new String(bytes, UTF_8).split("\n", -1);
    for (int i = 0; i < words.length; i++) {
      parameters.add(names.get(i % names.size()), words[i]);
    }
    try {
      assertThat(PageQuery.read(parameters)).isNotNull();
    } catch (ProblemException refused) {
      assertThat(refused.problem().status()).isEqualTo(422);
    }
  }

  @FuzzTest
  void any_order_is_read_or_a_problem_and_a_read_one_has_a_fingerprint(byte[] bytes) {
    try {
      Ordering ordering = Ordering.read(JsonDocument.read(bytes, "an order", Ordering.FIELDS));
      assertThat(ordering.fingerprint()).hasSize(32);
    } catch (ProblemException refused) {
      assertThat(refused.problem().status()).isIn(400, 422);
    }
  }
}
