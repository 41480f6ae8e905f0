package dev.settle.router.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/threat-model.md names defences and tests that exist, and says what is not stopped. */
class ThreatModelTest {

  private static final Path ROOT = Path.of("..");
  private static final Path PAGE = ROOT.resolve("docs/threat-model.md");
  private static final Path MAIN = Path.of("src/main/java/dev/settle/router");
  private static final Pattern TEST = Pattern.compile("`(\\w+(?:IT|Test))`");
  private static final Pattern PLACE = Pattern.compile("`([a-z]+(?:/[a-z]+)*/)([A-Z]\\w+)?`");
  private static final Pattern MIGRATION = Pattern.compile("\\bV(\\d+)\\b");

  private static Set<String> testClasses() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT, 14)) {
      return files
          .filter(file -> file.toString().contains("/src/test/java/"))
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".java"))
          .map(name -> name.substring(0, name.length() - ".java".length()))
          .collect(Collectors.toSet());
    }
  }

  private static Set<String> found(Pattern pattern, int group) throws IOException {
    return pattern
        .matcher(Files.readString(PAGE))
        .results()
        .map(result -> result.group(group))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void every_test_that_it_names_exists() throws IOException {
    Set<String> named = found(TEST, 1);
    assertThat(named).hasSizeGreaterThan(20);
    assertThat(testClasses()).containsAll(named);
  }

  @Test
  void every_place_that_it_names_exists() throws IOException {
    List<String> places =
        PLACE
            .matcher(Files.readString(PAGE))
            .results()
            .map(place -> place.group(1) + (place.group(2) == null ? "" : place.group(2) + ".java"))
            .filter(place -> !place.startsWith("router/") && !place.startsWith("db/"))
            .toList();
    assertThat(places).hasSizeGreaterThan(20);
    for (String place : places) {
      assertThat(MAIN.resolve(place)).exists();
    }
    Set<String> migrations;
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
      migrations =
          files
              .map(file -> file.getFileName().toString().replaceAll("^V(\\d+)__.*", "$1"))
              .collect(Collectors.toSet());
    }
    assertThat(migrations).containsAll(found(MIGRATION, 1));
  }

  @Test
  void each_attacker_has_a_defence_with_a_test_and_what_is_not_stopped() throws IOException {
    String[] sections = Files.readString(PAGE).split("\n## ");
    assertThat(sections).hasSize(9);
    for (int i = 1; i < sections.length; i++) {
      String name = sections[i].substring(0, sections[i].indexOf('\n'));
      assertThat(sections[i]).as(name).contains("Wants ", "**Not stopped:** ");
      List<String> rows =
          sections[i]
              .lines()
              .filter(line -> line.startsWith("| ") && !line.startsWith("| what stops"))
              .toList();
      assertThat(rows).as(name).isNotEmpty();
      for (String row : rows) {
        assertThat(TEST.matcher(row).find()).as(row).isTrue();
      }
    }
  }
}
