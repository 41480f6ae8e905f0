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

  @Test
  void the_same_number_is_the_same_sale_to_the_byte() {
    Sales sales = new Sales(1, 7, 3, Instant.now());

    assertThat(sales.lines(40, 3))
        .isEqualTo(sales.json(40) + "\n" + sales.json(41) + "\n" + sales.json(42) + "\n");
    assertThat(sales.json(40, 1)).isNotEqualTo(sales.json(40));
    assertThat(sales.json(40)).contains("\"amountMinor\":" + Sales.amountMinor(40) + ",");
  }

  @Test
  void sales_of_one_merchant_are_his_and_differ() {
    Sales sales = new Sales(11, 7, 3, Instant.EPOCH);

    long one = sales.takeOf(13);
    long next = sales.takeOf(13);

    assertThat(sales.merchant(one)).isEqualTo(13).isEqualTo(sales.merchant(next));
    assertThat(sales.json(one))
        .contains("M000013")
        .contains("T0000013")
        .isNotEqualTo(sales.json(next));
    assertThat(sales.told(next, "C1", Instant.EPOCH).line())
        .isEqualTo(
            "C1,0,48201000,M000013,T0000013,000003,000001,1970-01-01,SALE,"
                + Sales.amountMinor(next)
                + ",CNY");
  }
}
