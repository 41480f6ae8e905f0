package dev.settle.router.merchant;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MerchantReaderTest {

  private static final String NUMBER = "6222021000000019100";
  private static final String GOOD =
      "{\"merchantId\":\"M000001\",\"name\":\"小店 1\",\"mcc\":\"5411\",\"terminals\":[\"T0000001\"],"
          + "\"account\":{\"number\":\"6222021000000019100\",\"bank\":\"102\",\"holder\":\"李 1\","
          + "\"type\":\"PERSONAL\"}}";

  @Test
  void a_merchant_is_read_field_by_field() {
    Merchant merchant = MerchantReader.read(GOOD.getBytes(UTF_8));
    assertThat(merchant.merchantId()).isEqualTo("M000001");
    assertThat(merchant.name()).isEqualTo("小店 1");
    assertThat(merchant.mcc()).isEqualTo("5411");
    assertThat(merchant.terminals()).containsExactly("T0000001");
    assertThat(merchant.number().reveal()).isEqualTo(NUMBER);
    assertThat(merchant.bank()).isEqualTo("102");
    assertThat(merchant.holder()).isEqualTo("李 1");
    assertThat(merchant.type()).isEqualTo("PERSONAL");
  }

  @Test
  void it_does_not_print_the_account_number() {
    assertThat(MerchantReader.read(GOOD.getBytes(UTF_8)).toString()).doesNotContain(NUMBER);
  }

  static Stream<Arguments> wrong() {
    String tooMany =
        IntStream.rangeClosed(0, 10_000)
            .mapToObj(n -> "\"T" + n + "\"")
            .collect(Collectors.joining(","));
    return Stream.of(
        change("\"M000001\"", "\"\"", 422, "invalid-value", "merchantId"),
        change("\"M000001\"", "\"M-1\"", 422, "invalid-value", "merchantId"),
        change("\"M000001\"", "1", 422, "wrong-type", "merchantId"),
        change("\"M000001\"", "null", 422, "missing-field", "merchantId"),
        change("\"merchantId\":\"M000001\",", "", 422, "missing-field", "merchantId"),
        change("小店 1", "", 422, "invalid-value", "name"),
        change("小店 1", "   ", 422, "invalid-value", "name"),
        change("小店 1", "a\\u0000b", 422, "invalid-value", "name"),
        change("小店 1", "a\\nb", 422, "invalid-value", "name"),
        change("小店 1", "a\\ud800b", 422, "invalid-value", "name"),
        change("小店 1", "a\\u2028b", 422, "invalid-value", "name"),
        change("小店 1", "店".repeat(141), 422, "invalid-value", "name"),
        change("小店 1", "x".repeat(2_000), 422, "invalid-value", "name"),
        change("5411", "541", 422, "invalid-value", "mcc"),
        change("[\"T0000001\"]", "\"T0000001\"", 422, "wrong-type", "terminals"),
        change("\"terminals\":[\"T0000001\"],", "", 422, "missing-field", "terminals"),
        change("\"T0000001\"", "\"T0000001\",5", 422, "invalid-value", "terminals[1]"),
        change("\"T0000001\"", "\"T1\",\"T1\"", 422, "invalid-value", "terminals[1]"),
        change("\"T0000001\"", "\"T00000012\"", 422, "invalid-value", "terminals[0]"),
        change("\"T0000001\"", tooMany, 422, "invalid-value", "terminals"),
        change("\"account\":{", "\"account\":null,\"x\":{", 422, "unknown-field", "x"),
        change(NUMBER, "1234567", 422, "invalid-value", "account.number"),
        change(NUMBER, "6222 0210 0000 0019", 422, "invalid-value", "account.number"),
        change("\"" + NUMBER + "\"", NUMBER, 422, "wrong-type", "account.number"),
        change("\"102\"", "\"1\"", 422, "invalid-value", "account.bank"),
        change("李 1", "\\u0007", 422, "invalid-value", "account.holder"),
        change("PERSONAL", "personal", 422, "invalid-value", "account.type"),
        change("\"holder\"", "\"owner\"", 422, "unknown-field", "account.owner"),
        change("\"mcc\"", "\"mcc\":\"5411\",\"mcc\"", 422, "duplicate-field", "mcc"),
        change("\"bank\"", "\"type\":1,\"bank\"", 422, "duplicate-field", "account.type"),
        change("}}", "}", 400, "malformed-json", null),
        change("}}", "}}}", 400, "malformed-json", null),
        change("\"T0000001\"", "[".repeat(10_000), 400, "malformed-json", null));
  }

  private static Arguments change(String from, String to, int status, String code, String field) {
    return Arguments.of(GOOD.replace(from, to), status, code, field);
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void what_is_wrong_is_refused_with_its_field(String json, int status, String code, String field) {
    Problem problem = problem(json.getBytes(UTF_8));
    assertThat(problem.code()).isEqualTo(code);
    assertThat(problem.status()).isEqualTo(status);
    assertThat(problem.field()).isEqualTo(field);
    assertThat(problem.detail()).doesNotContain(NUMBER).doesNotContain("Exception");
  }

  @Test
  void an_account_that_is_no_object_or_missing_is_named() {
    String without = GOOD.replaceFirst(",\"account\":.*}}", "}");
    assertThat(problem(without.getBytes(UTF_8)).code()).isEqualTo("missing-field");
    assertThat(problem(without.getBytes(UTF_8)).field()).isEqualTo("account");
    String text = GOOD.replaceFirst("\"account\":.*}}", "\"account\":\"x\"}");
    assertThat(problem(text.getBytes(UTF_8)).code()).isEqualTo("wrong-type");
    assertThat(problem(text.getBytes(UTF_8)).field()).isEqualTo("account");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "null", "1", "\"x\"", "{", "{]", "<x/>", "{'a':1}"})
  void what_is_no_object_is_malformed(String json) {
    assertThat(problem(json.getBytes(UTF_8)).code()).isEqualTo("malformed-json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\r\n"})
  void nothing_is_an_empty_body(String json) {
    assertThat(problem(json.getBytes(UTF_8)).code()).isEqualTo("empty-body");
  }

  @Test
  void bytes_that_are_not_utf8_are_malformed() {
    byte[][] documents = {
      GOOD.replace("小店 1", "caf\u00e9").getBytes(ISO_8859_1),
      GOOD.replace("小店 1", "\u00c1\u0081").replace("李", "L").getBytes(ISO_8859_1),
      GOOD.replace("小店 1", "\u00ed\u00a0\u0080").replace("李", "L").getBytes(ISO_8859_1),
      GOOD.getBytes(UTF_16)
    };
    for (byte[] document : documents) {
      assertThat(problem(document).code()).isEqualTo("malformed-json");
    }
  }

  private static Problem problem(byte[] document) {
    ProblemException refused =
        catchThrowableOfType(ProblemException.class, () -> MerchantReader.read(document));
    assertThat(refused).as("refused").isNotNull();
    return refused.problem();
  }
}
