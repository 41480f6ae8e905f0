package dev.settle.router.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The build's bill of materials says what the product consists of, and all of it may be shipped:
 * each library has a licence of this list. Another licence needs a decision (docs/decisions/0003),
 * then a line here.
 */
class LicencesIT {

  private static final Path BOM = Path.of("target/bom.json");
  private static final Path LIBRARIES = Path.of("target/lib");

  private static final Set<String> ALLOWED =
      Set.of(
          "Apache-2.0",
          "BSD-2-Clause",
          "BSD-3-Clause",
          "CC0-1.0",
          "EPL-2.0",
          "MIT",
          "MIT-0",
          "PostgreSQL");

  private JsonNode bom;

  /** Maven leaves the bill out when it is told to stay offline. */
  @BeforeEach
  void read() throws IOException {
    assumeThat(BOM).exists();
    bom = new ObjectMapper().readTree(BOM.toFile());
  }

  @Test
  void every_library_has_a_licence_that_is_allowed() {
    assertThat(notAllowed(bom)).as("libraries without an allowed licence").isEmpty();
  }

  @Test
  void a_library_with_another_licence_or_none_is_found() throws IOException {
    JsonNode planted =
        new ObjectMapper()
            .readTree(
                """
                {"components": [
                  {"group": "a", "name": "dual", "licenses": [{"license": {"id": "GPL-3.0-only"}}, {"license": {"id": "MIT"}}]},
                  {"group": "b", "name": "strong", "licenses": [{"license": {"id": "AGPL-3.0-only"}}]},
                  {"group": "c", "name": "own", "licenses": [{"license": {"name": "Our own terms"}}]},
                  {"group": "d", "name": "none"}]}
                """);
    assertThat(notAllowed(planted)).containsOnlyKeys("b:strong", "c:own", "d:none");
  }

  private static Map<String, Set<String>> notAllowed(JsonNode bom) {
    Map<String, Set<String>> others = new TreeMap<>();
    for (JsonNode library : bom.path("components")) {
      Set<String> licences = licences(library);
      if (licences.stream().noneMatch(ALLOWED::contains)) {
        others.put(name(library), licences);
      }
    }
    return others;
  }

  @Test
  void it_lists_what_is_shipped_and_no_more() throws IOException {
    Set<String> listed = new TreeSet<>();
    bom.path("components")
        .forEach(
            library ->
                listed.add(library.path("name").asText() + "-" + library.path("version").asText()));
    Set<String> shipped = new TreeSet<>();
    try (Stream<Path> jars = Files.list(LIBRARIES)) {
      jars.map(jar -> jar.getFileName().toString())
          .map(jar -> jar.replaceFirst("(-linux-(x86_64|aarch_64))?\\.jar$", ""))
          .forEach(shipped::add);
    }
    assertThat(listed).isNotEmpty().isEqualTo(shipped);
  }

  @Test
  void each_has_a_hash_and_nothing_changes_from_build_to_build() {
    assertThat(bom.path("specVersion").asText()).isEqualTo("1.6");
    assertThat(bom.has("serialNumber")).isFalse();
    bom.path("components")
        .forEach(library -> assertThat(library.path("hashes")).as(name(library)).isNotEmpty());
  }

  private static String name(JsonNode library) {
    return library.path("group").asText() + ":" + library.path("name").asText();
  }

  private static Set<String> licences(JsonNode library) {
    Set<String> licences = new TreeSet<>();
    for (JsonNode each : library.path("licenses")) {
      JsonNode licence = each.path("license");
      licences.add(
          each.has("expression")
              ? each.path("expression").asText()
              : licence.has("id") ? licence.path("id").asText() : licence.path("name").asText());
    }
    return licences;
  }
}
