package dev.settle.router.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a name is spelled, it is one person. */
class SubjectTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alice smith",
        "Alice Smith",
        "ALICE SMITH",
        " alice smith ",
        "alice  smith",
        "\u2003alice\u00A0smith",
        "\u3000alice\u3000smith",
        "ＡＬＩＣＥ smith",
        "𝒂lice smith",
        "alice ſmith"
      })
  void spellings_of_a_name_are_one(String spelling) {
    assertThat(Subject.of(spelling)).isEqualTo("alice smith");
  }

  @Test
  void letters_that_are_composed_or_not_are_one() {
    assertThat(Subject.of("jose\u0301")).isEqualTo(Subject.of("JOS\u00C9")).isEqualTo("jos\u00E9");
    assertThat(Subject.of("straße")).isEqualTo(Subject.of("STRASSE"));
    assertThat(Subject.of("σίσυφος")).isEqualTo(Subject.of("ΣΊΣΥΦΟΣ"));
    assertThat(Subject.of("王芳")).isEqualTo("王芳");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\u3000",
        "alice\u200B",
        "al\u00ADice",
        "alice\u0000",
        "alice\n",
        "\u202Eecila",
        "\uFEFFalice",
        "alice\uD800",
        "alice\uE000"
      })
  void what_cannot_be_seen_is_no_part_of_a_name(String spelling) {
    assertThat(Subject.of(spelling)).isNull();
  }

  @Test
  void a_name_is_bounded() {
    assertThat(Subject.of("a".repeat(255))).isNotNull();
    assertThat(Subject.of("a".repeat(256))).isNull();
  }

  @Test
  void once_spelled_it_stays_so() {
    for (String name : new String[] {"Alice", "STRASSE", "İstanbul", "ŉ", "ǅ", "ﬃ"}) {
      String once = Subject.of(name);
      assertThat(Subject.of(String.valueOf(once))).isEqualTo(once);
    }
  }
}
