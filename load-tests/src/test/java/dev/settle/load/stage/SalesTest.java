package dev.settle.load.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SalesTest {

  private static final Pattern KEY =
      Pattern.compile("\"merchantId\":\"(\\w+)\".*\"batchNo\":\"(\\d{6})\",\"stan\":\"(\\d{6})\"");

  @Test
  void no_two_sales_have_the_same_key() {
    Sales sales = new Sales(1, 7, 3, Instant.EPOCH);
    Set<String> keys = new HashSet<>();
    for (long n = 0; n < 20_000; n++) {
      var key = KEY.matcher(sales.json(n));
      assertThat(key.find()).isTrue();
      assertThat(keys.add(key.group(1) + key.group(2) + key.group(3))).isTrue();
    }
  }

  @Test
  void a_terminal_that_has_used_up_its_numbers_opens_the_next_batch() {
    Sales sales = new Sales(1, 1, 3, Instant.EPOCH);

    assertThat(sales.json(999_999)).contains("\"batchNo\":\"000003\",\"stan\":\"999999\"");
    assertThat(sales.json(1_000_000)).contains("\"batchNo\":\"000004\",\"stan\":\"000000\"");
  }
}
