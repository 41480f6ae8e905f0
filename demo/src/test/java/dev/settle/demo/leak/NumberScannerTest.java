package dev.settle.demo.leak;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** The scanner itself: each way to write a number is found, and what may be shown is not. */
class NumberScannerTest {

  private static final String CARD = "6222027391846250378";
  private static final Mark MARK = new Mark("a card", CARD, true);
  private static final NumberScanner SCANNER =
      new NumberScanner(List.of(new Mark("another", "6228480402564890018", true), MARK));

  private static Map<String, byte[]> leaks() throws IOException {
    byte[] clear = CARD.getBytes(UTF_8);
    Map<String, byte[]> leaks = new TreeMap<>();
    leaks.put("in clear", clear);
    leaks.put("in a sentence", ("paid to " + CARD + " today").getBytes(UTF_8));
    leaks.put("with spaces", "6222 0273 9184 6250 378".getBytes(UTF_8));
    leaks.put("with hyphens", "6222-0273-9184-6250-378".getBytes(UTF_8));
    leaks.put("with dots", "6222.0273.9184.6250.378".getBytes(UTF_8));
    leaks.put("with hard spaces", "6222\u00a00273\u00a09184\u00a06250\u00a0378".getBytes(UTF_8));
    leaks.put("with long dashes", "6222\u20130273\u20139184\u20136250\u2013378".getBytes(UTF_8));
    leaks.put("full width", wide().getBytes(UTF_8));
    leaks.put("as a JSON number", ("{\"n\":" + CARD + "}").getBytes(UTF_8));
    leaks.put("escaped for JSON", escaped("\\u%04x").getBytes(UTF_8));
    leaks.put("escaped for JSON twice", escaped("\\\\u%04X").getBytes(UTF_8));
    leaks.put("escaped for an address", escaped("%%%02x").getBytes(UTF_8));
    leaks.put("escaped for HTML", escaped("&#%d;").getBytes(UTF_8));
    leaks.put("UTF-16, big end first", CARD.getBytes(UTF_16BE));
    leaks.put("UTF-16, small end first", CARD.getBytes(UTF_16LE));
    leaks.put("hexadecimal", HexFormat.of().formatHex(clear).getBytes(UTF_8));
    leaks.put(
        "as PostgreSQL shows bytea", ("\\x" + HexFormat.of().formatHex(clear)).getBytes(UTF_8));
    leaks.put(
        "hexadecimal of UTF-16", HexFormat.of().formatHex(CARD.getBytes(UTF_16LE)).getBytes(UTF_8));
    for (int before = 0; before < 4; before++) {
      byte[] shifted = ("x".repeat(before) + CARD).getBytes(UTF_8);
      leaks.put("Base64 at " + before, Base64.getEncoder().encode(shifted));
      leaks.put(
          "Base64 inside at " + before,
          ("ab".repeat(before) + "/")
              .concat(Base64.getEncoder().encodeToString(clear))
              .getBytes(UTF_8));
    }
    leaks.put("Base64 for addresses", Base64.getUrlEncoder().withoutPadding().encode(clear));
    leaks.put("Base64 of Base64", Base64.getEncoder().encode(Base64.getEncoder().encode(clear)));
    leaks.put("packed decimals", HexFormat.of().parseHex(CARD + "F"));
    leaks.put("packed decimals, shifted", HexFormat.of().parseHex("0" + CARD));
    leaks.put("a long", ByteBuffer.allocate(8).putLong(Long.parseLong(CARD)).array());
    leaks.put(
        "a long, small end first",
        ByteBuffer.allocate(8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(Long.parseLong(CARD))
            .array());
    leaks.put("gzip", zipped(clear));
    leaks.put("its first eight", "62220273...".getBytes(UTF_8));
    leaks.put("without its end", CARD.substring(0, 13).getBytes(UTF_8));
    leaks.put("without its beginning", CARD.substring(6).getBytes(UTF_8));
    leaks.put("its last five", "**************50378".getBytes(UTF_8));
    leaks.put("its last seven, other mask", "xxxxxxxxxxxx6250378".getBytes(UTF_8));
    leaks.put(
        "between other bytes",
        new String(new byte[] {1, 2}, ISO_8859_1).concat(CARD).getBytes(ISO_8859_1));
    return leaks;
  }

  @Test
  void every_way_to_write_a_number_is_found_and_named() throws IOException {
    leaks()
        .forEach(
            (how, bytes) ->
                assertThat(SCANNER.look("the place", bytes))
                    .as(how)
                    .isNotEmpty()
                    .allSatisfy(
                        finding -> {
                          assertThat(finding.place()).isEqualTo("the place");
                          assertThat(finding.mark()).isEqualTo(MARK);
                          assertThat(finding.toString()).doesNotContain(CARD, "273918");
                        }));
  }

  @Test
  void what_may_be_shown_is_not_found() {
    for (String shown :
        List.of(
            "622202*********0378",
            "****0378",
            "0378",
            "622202",
            "6222021000000009103",
            "2026-11-28T10:05:07.123456Z 1764324307123456",
            "C00000000000V-1",
            "\\x0a1b2c3d4e5f60718293a4b5c6d7e8f9",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl")) {
      assertThat(SCANNER.look("the place", shown.getBytes(UTF_8))).as(shown).isEmpty();
    }
  }

  @Test
  void a_number_that_is_too_short_to_be_looked_for_is_refused() {
    assertThatThrownBy(() -> new NumberScanner(List.of(new Mark("short", "62220210", true))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String escaped(String format) {
    StringBuilder text = new StringBuilder();
    CARD.chars().forEach(digit -> text.append(String.format(format, digit)));
    return text.toString();
  }

  private static String wide() {
    StringBuilder text = new StringBuilder();
    CARD.chars().forEach(digit -> text.append((char) (0xFF10 + digit - '0')));
    return text.toString();
  }

  private static byte[] zipped(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    }
    return out.toByteArray();
  }
}
