package dev.settle.router.platform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineSplitterTest {

  private static final int LIMIT = 16;
  private static final String TOO_LONG = "(too long)";

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 20261123})
  void however_the_stream_is_cut_the_lines_are_the_same(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      byte[] stream = stream(random);
      List<String> expected = lines(List.of(stream), null);
      List<byte[]> pieces = cut(stream, random);
      assertThat(lines(pieces, null)).as("seed %d round %d", seed, round).isEqualTo(expected);
      assertThat(lines(pieces, random))
          .as("with lines put back, seed %d round %d", seed, round)
          .isEqualTo(expected);
    }
  }

  @Test
  void both_ends_of_line_end_a_line_and_neither_belongs_to_it() {
    assertThat(lines("a\nb\r\n\r\nc")).containsExactly("a", "b", "", "c");
    assertThat(lines("a\rb\n")).containsExactly("a\rb");
    assertThat(lines("")).isEmpty();
    assertThat(lines("\n")).containsExactly("");
  }

  @Test
  void a_line_of_the_limit_is_kept_and_one_byte_more_is_too_long() {
    String longest = "x".repeat(LIMIT);
    assertThat(lines(longest + "\n" + longest)).containsExactly(longest, longest);
    assertThat(lines(longest + "\r\n" + longest + "\r\nok\n"))
        .containsExactly(longest, longest, "ok");
    assertThat(lines(longest + "y\nok\n" + longest + "y"))
        .containsExactly(TOO_LONG, "ok", TOO_LONG);
  }

  @Test
  void a_line_of_megabytes_is_not_kept_and_its_neighbours_are() {
    LineSplitter splitter = new LineSplitter(LIMIT);
    splitter.feed("before\nxxx".getBytes(UTF_8));
    assertThat(splitter.next(false)).isTrue();
    assertThat(splitter.next(false)).isFalse();
    for (int i = 0; i < 1_000; i++) {
      splitter.feed(new byte[10_000]);
      assertThat(splitter.next(false)).isFalse();
    }
    splitter.feed("\nafter\n".getBytes(UTF_8));
    assertThat(splitter.next(false)).isTrue();
    assertThat(splitter.isTooLong()).isTrue();
    assertThat(splitter.isBlank()).isFalse();
    assertThat(splitter.next(false)).isTrue();
    assertThat(text(splitter)).isEqualTo("after");
  }

  @Test
  void blanks_and_tabs_alone_are_a_blank_line() {
    LineSplitter splitter = new LineSplitter(LIMIT);
    splitter.feed(" \t \r\n\n x\n".getBytes(UTF_8));
    List<Boolean> blank = new ArrayList<>();
    while (splitter.next(false)) {
      blank.add(splitter.isBlank());
    }
    assertThat(blank).containsExactly(true, true, false);
  }

  @Test
  void a_piece_before_the_last_one_is_used_up_is_refused() {
    LineSplitter splitter = new LineSplitter(LIMIT);
    splitter.feed("a\nb\n".getBytes(UTF_8));
    splitter.next(false);
    assertThatThrownBy(() -> splitter.feed(new byte[1])).isInstanceOf(IllegalStateException.class);
  }

  private static List<String> lines(String stream) {
    return lines(List.of(stream.getBytes(UTF_8)), null);
  }

  /** All lines; with {@code putBack}, every other one is put back first and read again. */
  private static List<String> lines(List<byte[]> pieces, Random putBack) {
    LineSplitter splitter = new LineSplitter(LIMIT);
    List<String> lines = new ArrayList<>();
    for (byte[] piece : pieces) {
      splitter.feed(piece);
      take(splitter, false, putBack, lines);
    }
    take(splitter, true, putBack, lines);
    return lines;
  }

  private static void take(
      LineSplitter splitter, boolean ended, Random putBack, List<String> lines) {
    while (splitter.next(ended)) {
      if (putBack != null && putBack.nextBoolean() && !splitter.isTooLong()) {
        String before = text(splitter);
        splitter.putBack();
        assertThat(splitter.next(ended)).isTrue();
        assertThat(text(splitter)).isEqualTo(before);
      }
      lines.add(text(splitter));
    }
  }

  private static String text(LineSplitter line) {
    return line.isTooLong()
        ? TOO_LONG
        : new String(line.bytes(), line.offset(), line.length(), UTF_8);
  }

  private static byte[] stream(Random random) {
    StringBuilder stream = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      stream.append("abcdefghijklmnopqrstuvw", 0, random.nextInt(LIMIT + 5));
      stream.append(random.nextInt(3) == 0 ? "\r\n" : "\n");
    }
    stream.append("z".repeat(random.nextInt(3)));
    return stream.toString().getBytes(UTF_8);
  }

  private static List<byte[]> cut(byte[] stream, Random random) {
    List<byte[]> pieces = new ArrayList<>();
    for (int at = 0; at < stream.length; ) {
      int end = Math.min(stream.length, at + random.nextInt(10));
      pieces.add(Arrays.copyOfRange(stream, at, end));
      at = end;
    }
    return pieces;
  }
}
