package dev.settle.router.platform;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code JAZZER_FUZZ=1} makes this a search; otherwise it tries what was once found. */
class ParsersFuzzTest {

  private static final Set<String> FIELDS = Set.of("text", "number", "object", "list", "truth");
  private static final Pattern ANY = Pattern.compile("(?s).*");
  private static final int LIMIT = 16;

  @FuzzTest
  void any_bytes_are_a_document_or_a_problem_that_shows_nothing_of_them(byte[] bytes) {
    try {
      JsonDocument json = JsonDocument.read(bytes, "a test", FIELDS);
      json.optionalText("text");
      json.optionalWholeNumber("number", -5, 5);
      json.optionalObject("object", FIELDS).optionalText("text");
      json.optionalObjects("list", 3, FIELDS).forEach(item -> item.has("text"));
      if (json.has("truth")) {
        json.truth("truth");
      }
      if (json.has("text")) {
        assertThat(HiddenNumber.mayBeIn(json.plain("text", ANY, "text"))).isFalse();
      }
    } catch (ProblemException refused) {
      Problem problem = refused.problem();
      assertThat(problem.status()).isIn(400, 422);
      assertThat(problem.detail()).isNotBlank();
      if (problem.field() != null) {
        assertThat(problem.field()).matches("([A-Za-z_.?-]|\\[\\d+])*");
      }
    }
  }

  @FuzzTest
  void however_bytes_are_cut_their_lines_are_the_same(byte[] bytes) {
    int size = bytes.length == 0 ? 1 : 1 + (bytes[0] & 0x1F);
    assertThat(lines(bytes, size)).isEqualTo(lines(bytes, bytes.length + 1));
  }

  private static List<String> lines(byte[] bytes, int size) {
    LineSplitter splitter = new LineSplitter(LIMIT);
    List<String> lines = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += size) {
      splitter.feed(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size)));
      take(splitter, false, lines);
    }
    splitter.feed(new byte[0]);
    take(splitter, true, lines);
    return lines;
  }

  private static void take(LineSplitter splitter, boolean ended, List<String> lines) {
    while (splitter.next(ended)) {
      assertThat(splitter.length()).isLessThanOrEqualTo(LIMIT);
      lines.add(
          splitter.isTooLong()
              ? "(too long)"
              : new String(splitter.bytes(), splitter.offset(), splitter.length(), ISO_8859_1));
    }
  }

  @FuzzTest
  void any_text_is_looked_through_for_numbers(byte[] bytes) {
    String text = new String(bytes, UTF_8);
    if (HiddenNumber.mayBeIn(text)) {
      assertThat(text.codePoints().filter(Character::isDigit).count()).isGreaterThan(4);
    }
    Times.parse(text);
  }
}
