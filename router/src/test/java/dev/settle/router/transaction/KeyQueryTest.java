package dev.settle.router.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyQueryTest {

  private static final Map<String, String> GOOD =
      Map.of(
          "acquirerId", "48201000",
          "merchantId", "M000001",
          "terminalId", "T0000001",
          "batchNo", "000012",
          "stan", "000123",
          "localDate", "2026-11-22",
          "type", "SALE");

  @Test
  void seven_good_parameters_are_a_key() {
    KeyQuery query = KeyQuery.read(GOOD::get);
    assertThat(query.refusal()).isNull();
    assertThat(query.key())
        .isEqualTo(
            new TransactionKey(
                "48201000",
                "M000001",
                "T0000001",
                12,
                123,
                LocalDate.of(2026, 11, 22),
                TransactionType.SALE));
  }

  @ParameterizedTest
  @CsvSource({
    "acquirerId,''",
    "acquirerId,123456789012",
    "acquirerId,4820100a",
    "merchantId,''",
    "merchantId,M-1",
    "merchantId,ABCDEFGHIJKLMNOP",
    "terminalId,''",
    "terminalId,T00000012",
    "batchNo,''",
    "batchNo,12",
    "batchNo,0000012",
    "batchNo,-00012",
    "stan,''",
    "stan,00 123",
    "stan,٠٠٠١٢٣",
    "localDate,''",
    "localDate,22.11.2026",
    "localDate,2026-02-30",
    "localDate,2026-11-22T00:00:00Z",
    "localDate,+999999999-12-31",
    "localDate,-2026-11-22",
    "type,''",
    "type,REFUND",
    "type,sale"
  })
  void a_bad_or_missing_parameter_is_named(String parameter, String value) {
    Map<String, String> query = new HashMap<>(GOOD);
    query.put(parameter, value);
    KeyQuery read = KeyQuery.read(query::get);
    assertThat(read.key()).isNull();
    assertThat(read.refusal()).isNotNull();
    assertThat(read.refusal().field()).isEqualTo(parameter);
  }
}
