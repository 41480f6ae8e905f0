package dev.settle.router.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CsvReportTest {

  @Test
  void a_field_is_quoted_where_it_has_to_be() {
    assertThat(CsvReport.field("plain")).isEqualTo("plain");
    assertThat(CsvReport.field("a,b")).isEqualTo("\"a,b\"");
    assertThat(CsvReport.field("say \"x\"")).isEqualTo("\"say \"\"x\"\"\"");
    assertThat(CsvReport.field("two\nlines")).isEqualTo("\"two\nlines\"");
    assertThat(CsvReport.field("")).isEmpty();
  }

  @Test
  void nothing_that_a_bank_sends_is_a_formula() {
    for (String begin : List.of("=", "+", "-", "@", "\t")) {
      assertThat(CsvReport.field(begin + "1")).startsWith("'" + begin);
    }
  }

  @Test
  void a_line_has_a_field_for_each_of_the_header() {
    var difference =
        new Difference(
            DifferenceKind.MISSING_HERE, false, "x", List.of(), null, null, 5L, "CNY", "CNY", 1);
    assertThat(CsvReport.line(difference))
        .isEqualTo(
            "MISSING_HERE,CREDIT,x,,,5,CNY,OPERATIONS,a credit of 5 CNY for a transfer that was never sent\r\n");
  }
}
