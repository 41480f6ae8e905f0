package dev.settle.router.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/DESIGN.md names files, tests and metrics that exist. */
class DesignPageTest {

  private static final Path PAGE = Path.of("../docs/DESIGN.md");
  private static final Path MAIN = Path.of("src/main/java/dev/settle/router");

  @Test
  void every_invariant_has_a_test_class_that_exists() throws IOException {
    List<String> rows =
        Files.readAllLines(PAGE).stream().filter(line -> line.matches("\\| I\\d+ \\|.*")).toList();
    assertThat(rows).hasSize(12);
    for (String row : rows) {
      var test = Pattern.compile("`(\\w+(IT|Test))`").matcher(row);
      assertThat(test.find()).as(row).isTrue();
      String file = test.group(1) + ".java";
      assertThat(
              Stream.concat(
                  files("src/test/java", file).stream(),
                  files("../demo/src/test/java", file).stream()))
          .as(row)
          .isNotEmpty();
    }
  }

  @Test
  void the_line_names_files_that_exist() throws IOException {
    var named = Pattern.compile("`((?:[a-z]+/)+[A-Z]\\w+)`").matcher(Files.readString(PAGE));
    int count = 0;
    while (named.find()) {
      assertThat(MAIN.resolve(named.group(1) + ".java")).exists();
      count++;
    }
    assertThat(count).isGreaterThan(10);
  }

  @Test
  void metrics_that_show_an_invariant_broken_exist() throws IOException {
    var named = Pattern.compile("`(settlement_[a-z_]+)").matcher(Files.readString(PAGE));
    String declared = Files.readString(MAIN.resolve("telemetry/MetricName.java"));
    while (named.find()) {
      assertThat(declared).contains("\"" + named.group(1) + "\"");
    }
  }

  private static List<Path> files(String below, String name) throws IOException {
    try (Stream<Path> all = Files.walk(Path.of(below))) {
      return all.filter(path -> path.getFileName().toString().equals(name)).toList();
    }
  }
}
