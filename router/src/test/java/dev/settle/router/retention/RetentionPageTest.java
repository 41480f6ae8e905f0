package dev.settle.router.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/operating/retention.md says of every table how it grows and what bounds it. */
class RetentionPageTest {

  private static final Pattern MADE = Pattern.compile("(?m)^CREATE TABLE ([a-z_.]+)");
  private static final Pattern NAMED = Pattern.compile("`((?:archive\\.)?[a-z_]+)`");

  @Test
  void the_page_lists_every_table_and_no_other() throws IOException {
    Set<String> made = new TreeSet<>();
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
      for (Path file : files.toList()) {
        MADE.matcher(Files.readString(file)).results().forEach(found -> made.add(found.group(1)));
      }
    }
    assertThat(made).contains("credit", "archive.credit", "route_canary");

    Set<String> listed = new TreeSet<>();
    List<String> page = Files.readAllLines(Path.of("../docs/operating/retention.md"));
    page.subList(page.indexOf("## Every table"), page.size()).stream()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.split("\\|")[1])
        .forEach(
            names -> NAMED.matcher(names).results().forEach(name -> listed.add(name.group(1))));
    assertThat(listed).isEqualTo(made);
  }
}
