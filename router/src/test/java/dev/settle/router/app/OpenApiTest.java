package dev.settle.router.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.access.Role;
import dev.settle.router.access.Route;
import dev.settle.router.breaks.BreakKind;
import dev.settle.router.explanation.Reason;
import dev.settle.router.explanation.WhoActs;
import dev.settle.router.transaction.RefusalCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The published contract says what the code does: routes, roles, codes, reasons. */
class OpenApiTest {

  private static final Path MAIN = Path.of("src/main/java");
  private static final Path BREAKS =
      Path.of("src/main/resources/db/migration/V6__bank_answers.sql");
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
  private static final Pattern PROBLEM = Pattern.compile("new Problem\\(\\s*\\d+,\\s*\"([^\"]+)\"");
  private static final Pattern INVALID = Pattern.compile("\"(invalid-value|not-found)\"");

  private final Map<String, Object> contract = contract();

  @Test
  void it_has_the_routes_of_the_code_with_their_roles_and_no_other() {
    Map<String, Set<String>> coded = new TreeMap<>();
    for (Route route : Route.values()) {
      coded.put(
          name(route),
          route.roles().stream().map(Role::text).collect(Collectors.toCollection(TreeSet::new)));
    }
    Map<String, Set<String>> documented = new TreeMap<>();
    operations().forEach((name, operation) -> documented.put(name, roles(operation)));
    assertThat(documented).isEqualTo(coded);
  }

  @Test
  void every_route_says_what_it_asks_of_its_caller() {
    List<String> signed =
        Arrays.stream(Route.values())
            .filter(route -> route.proof() == Route.Proof.SIGNATURE)
            .map(OpenApiTest::name)
            .toList();
    operations()
        .forEach(
            (name, operation) -> {
              Set<String> answers = at(operation, "responses").keySet();
              if (signed.contains(name)) {
                assertThat(operation)
                    .as(name)
                    .containsEntry("security", List.of(Map.of("webhookSignature", List.of())));
                assertThat(answers).as(name).contains("401");
              } else if (roles(operation).isEmpty()) {
                assertThat(operation).as(name).containsEntry("security", List.of());
              } else {
                assertThat(operation).as(name).doesNotContainKey("security");
                assertThat(answers).as(name).contains("401", "403");
              }
            });
    assertThat(contract.get("security")).isEqualTo(List.of(Map.of("bearerAuth", List.of())));
  }

  @Test
  void it_lists_every_code_that_a_problem_document_can_have_and_no_other() throws IOException {
    Set<String> coded = new TreeSet<>();
    Arrays.stream(RefusalCode.values()).map(RefusalCode::code).forEach(coded::add);
    try (Stream<Path> files = Files.walk(MAIN)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String source = Files.readString(file);
        Stream.of(PROBLEM, INVALID)
            .flatMap(pattern -> pattern.matcher(source).results())
            .map((MatchResult found) -> found.group(1))
            .forEach(coded::add);
      }
    }
    assertThat(values("Problem", "code")).containsExactlyInAnyOrderElementsOf(coded);
  }

  @Test
  void it_lists_every_reason_and_whose_move_it_can_be() {
    assertThat(texts(at(contract, "components", "schemas", "Reason").get("enum")))
        .isEqualTo(names(Reason.values()));
    assertThat(values("Explanation", "whoActs")).isEqualTo(names(WhoActs.values()));
  }

  @Test
  void it_lists_every_kind_of_break_as_the_database_does() throws IOException {
    List<String> kinds = names(BreakKind.values());
    assertThat(texts(at(contract, "components", "schemas", "BreakKind").get("enum")))
        .isEqualTo(kinds);
    String table = Files.readString(BREAKS);
    String check = table.substring(table.indexOf("kind "), table.indexOf("end_to_end_id"));
    assertThat(Pattern.compile("'(\\w+)'").matcher(check).results().map(found -> found.group(1)))
        .containsExactlyElementsOf(kinds);
  }

  @Test
  void everything_that_it_refers_to_is_there() {
    assertThat(references(contract)).isNotEmpty().allSatisfy(this::assertResolves);
  }

  @Test
  void every_operation_has_a_name_of_its_own_and_an_example_of_what_it_takes() {
    assertThat(operations().values().stream().map(operation -> operation.get("operationId")))
        .doesNotContainNull()
        .doesNotHaveDuplicates();
    operations().values().stream()
        .filter(operation -> operation.containsKey("requestBody"))
        .flatMap(operation -> at(operation, "requestBody", "content").values().stream())
        .forEach(content -> assertThat(map(content)).containsKey("examples"));
  }

  private static String name(Route route) {
    return route.method() + " " + route.path().replaceAll(":(\\w+)", "{$1}").replace("*", "{file}");
  }

  private static List<String> names(Enum<?>[] values) {
    return Arrays.stream(values).map(Enum::name).toList();
  }

  private List<String> values(String schema, String property) {
    return texts(at(contract, "components", "schemas", schema, "properties", property).get("enum"));
  }

  private static List<String> texts(Object list) {
    return ((List<?>) list).stream().map(String::valueOf).toList();
  }

  private Map<String, Map<String, Object>> operations() {
    Map<String, Map<String, Object>> operations = new TreeMap<>();
    at(contract, "paths")
        .forEach(
            (path, item) ->
                map(item)
                    .forEach(
                        (method, operation) -> {
                          assertThat(METHODS).contains(method);
                          operations.put(
                              method.toUpperCase(Locale.ROOT) + " " + path, map(operation));
                        }));
    return operations;
  }

  private static Set<String> roles(Map<String, Object> operation) {
    return new TreeSet<>(texts(operation.get("x-roles")));
  }

  private static Stream<String> references(Object node, Stream<String> before) {
    return Stream.concat(before, references(node).stream());
  }

  private static Set<String> references(Object node) {
    Stream<String> found = Stream.empty();
    if (node instanceof Map<?, ?> map) {
      if (map.get("$ref") instanceof String reference) {
        found = Stream.of(reference);
      }
      for (Object child : map.values()) {
        found = references(child, found);
      }
    } else if (node instanceof List<?> list) {
      for (Object child : list) {
        found = references(child, found);
      }
    }
    return found.collect(Collectors.toCollection(TreeSet::new));
  }

  private void assertResolves(String reference) {
    assertThat(reference).startsWith("#/");
    assertThat(at(contract, reference.substring(2).split("/"))).as(reference).isNotNull();
  }

  private static Map<String, Object> at(Map<String, Object> node, String... path) {
    Map<String, Object> here = node;
    for (String name : path) {
      here = map(here.get(name));
      assertThat(here).as(String.join("/", path)).isNotNull();
    }
    return here;
  }

  @SuppressWarnings("unchecked") // YAML's maps have text for keys here; a test would see otherwise.
  private static Map<String, Object> map(Object node) {
    return (Map<String, Object>) node;
  }

  private static Map<String, Object> contract() {
    try (InputStream in =
        OpenApiTest.class.getClassLoader().getResourceAsStream("api/openapi.yaml")) {
      return new Yaml().load(in);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
