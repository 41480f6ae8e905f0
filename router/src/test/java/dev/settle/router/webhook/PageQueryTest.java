package dev.settle.router.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.platform.ProblemException;
import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be anybody's id never gets to the database. */
class PageQueryTest {

  private static PageQuery query(String name, String value) {
    return PageQuery.of(MultiMap.caseInsensitiveMultiMap().add(name, value));
  }

  @ParameterizedTest
  @CsvSource({
    "merchantId, NUL",
    "merchantId, M000001NUL",
    "merchantId, ''",
    "merchantId, M00000000000000000001",
    "acquirerId, NUL",
    "acquirerId, 123456789012",
    "acquirerId, A1",
  })
  void what_is_no_id_of_an_owner_is_refused(String name, String value) {
    assertThatThrownBy(() -> query(name, value.replace("NUL", "\0")))
        .isInstanceOf(ProblemException.class)
        .extracting(refused -> ((ProblemException) refused).problem().field())
        .isEqualTo(name);
  }

  @Test
  void an_owner_is_asked_for_by_its_id() {
    assertThat(query("merchantId", "M000001").owner()).isEqualTo("M:M000001");
    assertThat(query("acquirerId", "48201000").owner()).isEqualTo("A:48201000");
  }
}
