package dev.settle.router.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.platform.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of bounds that callers read is the one in the code. */
class LimitsPageTest {

  private static final Path PAGE = Path.of("../docs/operating/limits.md");
  private static final Path MAIN = Path.of("src/main/java");

  /** Statuses, or names, that say that something is more than is taken. */
  private static final Pattern TOO_MUCH =
      Pattern.compile(
          "new Problem\\(\\s*(?=4(?:08|13|14|15|29|31)|\\d+,\\s*\"(?:too-many-[a-z-]+|[a-z-]*(?:busy|full|limit|backlog))\")"
              + "(\\d+),\\s*\"([a-z-]+)\"");

  @Test
  void the_page_lists_what_the_code_bounds() throws IOException {
    if (Boolean.getBoolean("settle.regenerate")) {
      Files.writeString(PAGE, page());
    }
    assertThat(PAGE)
        .as("regenerate with -Dtest=LimitsPageTest -Dsettle.regenerate=true")
        .hasContent(page());
  }

  @Test
  void every_refusal_that_is_counted_is_on_it() {
    Set<Refusal> listed =
        Arrays.stream(CallerBound.values())
            .map(CallerBound::counted)
            .filter(refusal -> refusal != null)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(listed).containsExactly(Refusal.values());
  }

  @Test
  void every_problem_that_refuses_too_much_is_on_it() throws IOException {
    Set<String> codes = new TreeSet<>();
    try (Stream<Path> files = Files.walk(MAIN)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        TOO_MUCH
            .matcher(Files.readString(file))
            .results()
            .map((MatchResult found) -> found.group(1) + " `" + found.group(2) + "`")
            .forEach(codes::add);
      }
    }
    assertThat(codes).hasSizeGreaterThan(8);
    assertThat(codes).allSatisfy(code -> assertThat(page()).contains(code));
  }

  @Test
  void the_limits_it_names_exist() {
    Set<String> constants =
        Arrays.stream(Limits.class.getFields())
            .map(field -> field.getName())
            .collect(Collectors.toSet());
    for (CallerBound bound : CallerBound.values()) {
      Pattern.compile("`([A-Z0-9_]+)`")
          .matcher(bound.where())
          .results()
          .forEach(named -> assertThat(constants).as(bound.name()).contains(named.group(1)));
    }
  }

  private static String page() {
    StringBuilder page =
        new StringBuilder(
            """
            # Limits

            Everything that a caller can have too much of. In capitals: a constant of `platform/Limits`, where the reason stands; with `settle.`: a
            [setting](configuration.md). Every refusal is a problem document with that `code` and a sentence that says what to do, where there is a request
            that can be answered; 503 and 429 carry `Retry-After`. A signature is good once: what was signed and is sent again is
            signed anew. *Counted as* is the label of `settlement_turned_away_total{reason}`.

            How each is tried, and what honest callers keep meanwhile: `load-tests/attack/run`, [figures](../benchmarks/2026-11-28-attacks.md).

            This page is written from `CallerBound` and `Limits` by `LimitsPageTest`.

            | what | how much | what he hears | where | counted as |
            |---|---|---|---|---|
            """);
    for (CallerBound bound : CallerBound.values()) {
      page.append(bound.row());
    }
    page.append(
        """

        ## What these do not do

        * The rates are of one node: behind a load balancer over three nodes a person has three times as much.
        * Behind a proxy every connection has the proxy's address, unless it says whose each is
          ([`settle.proxy.protocol`](configuration.md#behind-a-load-balancer)). Without that it has to bound the addresses behind it, and
          `settle.connections.per.address` is then to be as large as `settle.connections`.
        * Whoever has more addresses than the node has connections can fill it. Those who ask nothing are gone after 5 seconds then, so that others
          get in between; to keep such a crowd out altogether is the network's work.
        * A flood of good requests costs what good requests cost. Sales beyond what the database takes are answered 503 before they are read.
        * What banks answer is bounded as well: never unpacked, 8 MiB, 30 seconds, 64 connections (`rail/sandbox`).
        """);
    return page.toString();
  }
}
