package dev.settle.router.transaction;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.money.Money;
import java.nio.charset.Charset;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionReaderTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC);

  private final TransactionReader reader =
      new TransactionReader(new ReplayWindow(CLOCK, Duration.ofDays(180)));

  @Test
  void a_sale_is_read_field_by_field() {
    assertThat(read(json(fields())))
        .isEqualTo(
            new Transaction(
                new TransactionKey(
                    "48201000",
                    "M000001",
                    "T0000001",
                    12,
                    123,
                    LocalDate.of(2026, 11, 22),
                    TransactionType.SALE),
                new Money(12850, "CNY"),
                "632512000123",
                OffsetDateTime.parse("2026-11-22T18:03:11+08:00")));
  }

  @Test
  void order_and_white_space_do_not_matter() {
    Map<String, String> backwards = new LinkedHashMap<>();
    fields().keySet().stream()
        .sorted(java.util.Comparator.reverseOrder())
        .forEach(name -> backwards.put(name, fields().get(name)));
    assertThat(read(json(backwards).replace(",", " ,\t\r\n ").replace(":\"", " : \"")))
        .isEqualTo(read(json(fields())));
  }

  @Test
  void only_the_bytes_of_the_line_are_read() {
    byte[] piece = ("}{" + json(fields()) + "}\"x").getBytes(UTF_8);
    assertThat(reader.read(piece, 2, piece.length - 5)).isInstanceOf(Transaction.class);
  }

  @Test
  void the_clock_is_cut_to_what_the_database_keeps() {
    Transaction one =
        (Transaction) read(with("capturedAt", "\"2026-11-22T18:03:11.123456789+08:00\""));
    assertThat(one.capturedAt().getNano()).isEqualTo(123_456_000);
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        Arguments.of("acquirerId", "\"\"", RefusalCode.INVALID_VALUE),
        Arguments.of("acquirerId", "\"123456789012\"", RefusalCode.INVALID_VALUE),
        Arguments.of("acquirerId", "\"4820100A\"", RefusalCode.INVALID_VALUE),
        Arguments.of("acquirerId", "\"48201\\u0000\"", RefusalCode.INVALID_VALUE),
        Arguments.of("acquirerId", "48201000", RefusalCode.WRONG_TYPE),
        Arguments.of("acquirerId", "null", RefusalCode.WRONG_TYPE),
        Arguments.of("acquirerId", "true", RefusalCode.WRONG_TYPE),
        Arguments.of("acquirerId", "{\"a\":1}", RefusalCode.WRONG_TYPE),
        Arguments.of("acquirerId", "[".repeat(1_000), RefusalCode.WRONG_TYPE),
        Arguments.of("merchantId", "\"\"", RefusalCode.INVALID_VALUE),
        Arguments.of("merchantId", "\"ABCDEFGHIJKLMNOP\"", RefusalCode.INVALID_VALUE),
        Arguments.of("merchantId", "\"商户1\"", RefusalCode.INVALID_VALUE),
        Arguments.of("merchantId", "\"" + "M".repeat(2_000) + "\"", RefusalCode.INVALID_VALUE),
        Arguments.of("terminalId", "\"T00000012\"", RefusalCode.INVALID_VALUE),
        Arguments.of("terminalId", "\"T-1\"", RefusalCode.INVALID_VALUE),
        Arguments.of("batchNo", "\"12\"", RefusalCode.INVALID_VALUE),
        Arguments.of("batchNo", "12", RefusalCode.WRONG_TYPE),
        Arguments.of("stan", "\"1234567\"", RefusalCode.INVALID_VALUE),
        Arguments.of("stan", "\"+00123\"", RefusalCode.INVALID_VALUE),
        Arguments.of("rrn", "\"63251200012\"", RefusalCode.INVALID_VALUE),
        Arguments.of("localDate", "\"\"", RefusalCode.INVALID_VALUE),
        Arguments.of("localDate", "\"2026-02-30\"", RefusalCode.INVALID_VALUE),
        Arguments.of("localDate", "\"20261122\"", RefusalCode.INVALID_VALUE),
        Arguments.of("localDate", "\"2026-11-25\"", RefusalCode.LOCAL_DATE_OUT_OF_WINDOW),
        Arguments.of("localDate", "\"2026-05-25\"", RefusalCode.LOCAL_DATE_OUT_OF_WINDOW),
        Arguments.of("localDate", "\"+999999999-12-31\"", RefusalCode.LOCAL_DATE_OUT_OF_WINDOW),
        Arguments.of("type", "\"REFUND\"", RefusalCode.INVALID_VALUE),
        Arguments.of("type", "\"sale\"", RefusalCode.INVALID_VALUE),
        Arguments.of("amountMinor", "0", RefusalCode.AMOUNT_OUT_OF_RANGE),
        Arguments.of("amountMinor", "-0", RefusalCode.AMOUNT_OUT_OF_RANGE),
        Arguments.of("amountMinor", "-1", RefusalCode.AMOUNT_OUT_OF_RANGE),
        Arguments.of("amountMinor", "1000000000000", RefusalCode.AMOUNT_OUT_OF_RANGE),
        Arguments.of("amountMinor", "9007199254740993", RefusalCode.AMOUNT_OUT_OF_RANGE),
        Arguments.of("amountMinor", "9223372036854775807", RefusalCode.AMOUNT_OUT_OF_RANGE),
        Arguments.of("amountMinor", "9223372036854775808", RefusalCode.AMOUNT_OUT_OF_RANGE),
        Arguments.of("amountMinor", "18446744073709551617", RefusalCode.AMOUNT_OUT_OF_RANGE),
        Arguments.of("amountMinor", "9".repeat(5_000), RefusalCode.AMOUNT_OUT_OF_RANGE),
        Arguments.of("amountMinor", "1.5", RefusalCode.WRONG_TYPE),
        Arguments.of("amountMinor", "1.0", RefusalCode.WRONG_TYPE),
        Arguments.of("amountMinor", "1e2", RefusalCode.WRONG_TYPE),
        Arguments.of("amountMinor", "1e400", RefusalCode.WRONG_TYPE),
        Arguments.of("amountMinor", "\"12850\"", RefusalCode.WRONG_TYPE),
        Arguments.of("amountMinor", "null", RefusalCode.WRONG_TYPE),
        Arguments.of("amountMinor", "NaN", RefusalCode.MALFORMED_JSON),
        Arguments.of("amountMinor", "007", RefusalCode.MALFORMED_JSON),
        Arguments.of("amountMinor", "+5", RefusalCode.MALFORMED_JSON),
        Arguments.of("currency", "\"RMB\"", RefusalCode.UNKNOWN_CURRENCY),
        Arguments.of("currency", "\"cny\"", RefusalCode.UNKNOWN_CURRENCY),
        Arguments.of("currency", "\"XXX\"", RefusalCode.UNKNOWN_CURRENCY),
        Arguments.of("currency", "156", RefusalCode.WRONG_TYPE),
        Arguments.of("capturedAt", "\"2026-11-22T18:03:11\"", RefusalCode.INVALID_VALUE),
        Arguments.of("capturedAt", "\"yesterday\"", RefusalCode.INVALID_VALUE),
        Arguments.of("capturedAt", "\"+12026-11-22T18:03:11Z\"", RefusalCode.INVALID_VALUE),
        Arguments.of("capturedAt", "\"1969-11-22T18:03:11Z\"", RefusalCode.INVALID_VALUE));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void a_wrong_value_is_refused_with_its_field(String field, String literal, RefusalCode code) {
    Refusal refusal = refusal(with(field, literal));
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal.field()).isEqualTo(field);
  }

  @Test
  void each_field_is_needed_and_taken_once() {
    for (String name : fields().keySet()) {
      Map<String, String> fields = fields();
      fields.remove(name);
      assertThat(refusal(json(fields)).code()).isEqualTo(RefusalCode.MISSING_FIELD);
      assertThat(refusal(json(fields)).field()).isEqualTo(name);

      String twice = json(fields()).replaceFirst("}$", ",\"" + name + "\":1}");
      assertThat(refusal(twice).code()).isEqualTo(RefusalCode.DUPLICATE_FIELD);
      assertThat(refusal(twice).field()).isEqualTo(name);
    }
  }

  @Test
  void an_escaped_name_is_the_same_name() {
    String escaped = json(fields()).replace("\"stan\"", "\"\\u0073tan\"");
    assertThat(read(escaped)).isEqualTo(read(json(fields())));
    assertThat(refusal(escaped.replaceFirst("}$", ",\"stan\":\"000124\"}")).code())
        .isEqualTo(RefusalCode.DUPLICATE_FIELD);
  }

  @ParameterizedTest
  @CsvSource({
    "amount,amount",
    "amountminor,amountminor",
    "'',''",
    "<script>,?script?",
    "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee,aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd"
  })
  void an_unknown_field_is_named_in_plain_letters_and_cut_short(String name, String shown) {
    Refusal refusal = refusal(json(fields()).replaceFirst("}$", ",\"" + name + "\":{}}"));
    assertThat(refusal.code()).isEqualTo(RefusalCode.UNKNOWN_FIELD);
    assertThat(refusal.field()).isEqualTo(shown);
  }

  @Test
  void a_name_that_is_too_long_is_not_blamed_on_the_field_before() {
    Refusal refusal =
        refusal(json(fields()).replaceFirst("}$", ",\"" + "n".repeat(60_000) + "\":1}"));
    assertThat(refusal.code()).isIn(RefusalCode.MALFORMED_JSON, RefusalCode.UNKNOWN_FIELD);
    assertThat(refusal.field()).isNotEqualTo("capturedAt");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "[{}]",
        "\"x\"",
        "42",
        "null",
        "{",
        "}",
        "{\"stan\"",
        "{\"stan\":}",
        "{\"stan\":\"000123\",}",
        "{'stan':'000123'}",
        "{stan:1}",
        "// comment",
        "{} {}",
        "<xml/>",
        "%",
        "\u0000"
      })
  void what_is_not_one_json_object_is_malformed(String text) {
    RefusalCode code = refusal(text).code();
    if (!text.startsWith("{}")) {
      assertThat(code).isEqualTo(RefusalCode.MALFORMED_JSON);
    } else {
      assertThat(code).isIn(RefusalCode.MALFORMED_JSON, RefusalCode.MISSING_FIELD);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t \r\n"})
  void nothing_is_an_empty_body(String text) {
    assertThat(refusal(text).code()).isEqualTo(RefusalCode.EMPTY_BODY);
  }

  @Test
  void something_after_the_object_is_malformed() {
    assertThat(refusal(json(fields()) + "x").code()).isEqualTo(RefusalCode.MALFORMED_JSON);
    assertThat(refusal(json(fields()) + json(fields())).code())
        .isEqualTo(RefusalCode.MALFORMED_JSON);
  }

  @Test
  void every_way_to_cut_a_document_short_is_malformed() {
    String whole = json(fields());
    for (int length = 1; length < whole.length(); length++) {
      assertThat(refusal(whole.substring(0, length)).code())
          .as("cut after %d", length)
          .isEqualTo(RefusalCode.MALFORMED_JSON);
    }
  }

  static Stream<Arguments> notUtf8() {
    return Stream.of(
        Arguments.of("UTF-16BE", json(fields()), UTF_16BE),
        Arguments.of("UTF-16LE", json(fields()), UTF_16LE),
        Arguments.of("UTF-16 with its mark", json(fields()), UTF_16),
        Arguments.of("UTF-32", json(fields()), Charset.forName("UTF-32")),
        Arguments.of("Latin 1", with("merchantId", "\"M\u00e9\""), ISO_8859_1),
        Arguments.of("a lone continuation", with("merchantId", "\"M\u0080\""), ISO_8859_1),
        Arguments.of("A in two bytes", with("merchantId", "\"\u00c1\u0081\""), ISO_8859_1),
        Arguments.of("A in three bytes", with("merchantId", "\"\u00e0\u0081\u0081\""), ISO_8859_1),
        Arguments.of("a raw NUL", with("merchantId", "\"M\u0000\""), ISO_8859_1),
        Arguments.of("a raw newline", with("merchantId", "\"M\n\""), ISO_8859_1),
        Arguments.of("FF", with("merchantId", "\"\u00ff\""), ISO_8859_1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("notUtf8")
  void bytes_that_are_not_utf8_are_malformed(String what, String text, Charset charset) {
    byte[] bytes = text.getBytes(charset);
    Reading reading = reader.read(bytes, 0, bytes.length);
    assertThat(reading).isInstanceOf(Refusal.class);
    assertThat(((Refusal) reading).code()).isEqualTo(RefusalCode.MALFORMED_JSON);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 20261123})
  void whatever_comes_it_answers_and_never_throws(long seed) {
    Random random = new Random(seed);
    byte[] good = json(fields()).getBytes(UTF_8);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = good.clone();
      for (int hits = 1 + random.nextInt(4); hits > 0; hits--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Reading reading = reader.read(bytes, 0, bytes.length);
      if (reading instanceof Refusal refusal) {
        assertThat(refusal.detail()).as("seed %d", seed).matches("[\\x20-\\x7e]{10,120}");
      }
    }
    assertThat(reader.read(good, 0, good.length)).isInstanceOf(Transaction.class);
  }

  private Reading read(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return reader.read(bytes, 0, bytes.length);
  }

  private Refusal refusal(String text) {
    Reading reading = read(text);
    assertThat(reading).isInstanceOf(Refusal.class);
    return (Refusal) reading;
  }

  private static String with(String field, String literal) {
    Map<String, String> fields = fields();
    fields.put(field, literal);
    return json(fields);
  }

  private static String json(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> "\"" + field.getKey() + "\":" + field.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }

  /** Names and literals, in the order of the reader's complaint about missing ones. */
  private static Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("acquirerId", "\"48201000\"");
    fields.put("merchantId", "\"M000001\"");
    fields.put("terminalId", "\"T0000001\"");
    fields.put("batchNo", "\"000012\"");
    fields.put("stan", "\"000123\"");
    fields.put("rrn", "\"632512000123\"");
    fields.put("localDate", "\"2026-11-22\"");
    fields.put("type", "\"SALE\"");
    fields.put("amountMinor", "12850");
    fields.put("currency", "\"CNY\"");
    fields.put("capturedAt", "\"2026-11-22T18:03:11+08:00\"");
    return fields;
  }
}
