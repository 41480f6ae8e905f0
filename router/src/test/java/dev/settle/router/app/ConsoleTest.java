package dev.settle.router.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.settle.router.explanation.Reason;
import dev.settle.router.explanation.WhoActs;
import dev.settle.router.money.Currencies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What can be said of the console's files without a browser. */
class ConsoleTest {

  private static final Path DIRECTORY = Path.of("src/main/resources/console");
  private static final Path CONTRACT = Path.of("src/main/resources/api/openapi.yaml");
  private static final Pattern TEXT = Pattern.compile("\\bt\\(\"([^\"]+)\"");
  private static final Pattern QUOTED = Pattern.compile("\"([A-Z_]+)\"");
  private static final Pattern PLACE = Pattern.compile("\\{\\w+}");
  private static final Pattern DIGITS = Pattern.compile("(\\d): \"([A-Z]{3}(?: [A-Z]{3})*)\"");
  private static final Pattern LOADED =
      Pattern.compile("(?:from|src=|href=)\\s*\"(?:\\./)?([\\w-]+\\.\\w+)\"");

  @Test
  void every_file_that_is_there_is_served_and_loaded() throws IOException {
    Set<String> loaded = new TreeSet<>(Set.of("index.html"));
    for (String name : Console.FILES) {
      LOADED.matcher(text(name)).results().forEach(found -> loaded.add(found.group(1)));
    }
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(Console.FILES);
    }
    assertThat(loaded).containsExactlyInAnyOrderElementsOf(Console.FILES);
  }

  @Test
  void both_languages_have_the_same_texts_with_the_same_places_to_fill() throws IOException {
    JsonNode english = texts("en.js");
    JsonNode chinese = texts("zh.js");
    assertThat(keys(chinese)).isEqualTo(keys(english));
    for (String key : keys(english)) {
      assertThat(english.path(key).asText()).as(key).isNotBlank();
      assertThat(chinese.path(key).asText()).as(key).matches("(?s).*[\\p{IsHan}].*");
      assertThat(places(chinese.path(key))).as(key).isEqualTo(places(english.path(key)));
    }
  }

  @Test
  void every_text_that_a_page_asks_for_is_there() throws IOException {
    Set<String> known = keys(texts("en.js"));
    for (String name : Console.FILES) {
      TEXT.matcher(text(name))
          .results()
          .forEach(found -> assertThat(known).as(name).contains(found.group(1)));
    }
  }

  @Test
  void every_state_that_the_contract_names_has_a_word() throws IOException {
    Set<String> known = keys(texts("en.js"));
    assertWords(known, "acts", Arrays.stream(WhoActs.values()).map(Enum::name).toList());
    assertWords(known, "state", values("CardChangeState"));
    assertWords(known, "why", values("CardChangeReason"));
    assertWords(known, "account", values("AccountStatus"));
    assertWords(known, "credit", values("Credit", "properties", "status"));
    assertWords(known, "fact", values("Fact", "properties", "fact"));
    assertWords(known, "document", values("CardChangeDocument", "properties", "kind"));
    assertWords(known, "reason", reasons());
    assertWords(known, "action", values("ExceptionAction"));
    assertWords(known, "actionHint", values("ExceptionAction"));
    assertWords(known, "skip", values("ExceptionSkip"));
    assertWords(known, "order", values("ExceptionOrder", "properties", "state"));
    assertWords(known, "rail", values("RailState"));
    assertWords(known, "railOrder", values("RailOrderKind"));
    assertWords(known, "railHint", values("RailOrderKind"));
    assertWords(known, "proposal", values("RailOrder", "properties", "state"));
  }

  @Test
  void exceptions_can_be_filtered_by_every_reason() throws IOException {
    Set<String> offered =
        QUOTED
            .matcher(text("reasons.js"))
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(offered).containsExactlyInAnyOrderElementsOf(reasons());
  }

  @Test
  void no_file_makes_markup_or_code_of_data_or_reaches_elsewhere() throws IOException {
    for (String name : Console.FILES) {
      assertThat(text(name).replace("http://www.w3.org/2000/svg", ""))
          .as(name)
          .doesNotContain(
              "innerHTML",
              "outerHTML",
              "insertAdjacentHTML",
              "document.write",
              "eval(",
              "Function(")
          .doesNotContain("http:", "https:", "@import", "url(");
    }
    assertThat(text("index.html")).doesNotContain("<style", "style=", "onclick");
    assertThat(Console.ONLY_FROM_HERE)
        .startsWith("default-src 'none'")
        .doesNotContain("unsafe", "*", "data:", "http");
  }

  @Test
  void amounts_never_pass_through_floating_point() throws IOException {
    for (String name : Console.FILES) {
      assertThat(text(name)).as(name).doesNotContain("toFixed", "parseFloat", "Number(");
    }
  }

  @Test
  void amounts_have_the_digits_that_the_router_takes_them_to_have() throws IOException {
    String source = text("money.js");
    Map<String, Integer> exceptions = new HashMap<>();
    DIGITS
        .matcher(source)
        .results()
        .forEach(
            found -> {
              for (String code : found.group(2).split(" ")) {
                assertThat(exceptions.put(code, Integer.valueOf(found.group(1)))).as(code).isNull();
              }
            });
    assertThat(source)
        .contains("const TWO = 2;", "BEHIND.get(currency) ?? TWO")
        .doesNotContain("style: \"currency\"");
    List<Currency> accepted =
        Currency.getAvailableCurrencies().stream()
            .filter(currency -> Currencies.isKnown(currency.getCurrencyCode()))
            .toList();
    assertThat(accepted).hasSizeGreaterThan(150);
    for (Currency currency : accepted) {
      assertThat(exceptions.getOrDefault(currency.getCurrencyCode(), 2))
          .as(currency.getCurrencyCode())
          .isEqualTo(currency.getDefaultFractionDigits());
    }
  }

  private static List<String> reasons() {
    return Arrays.stream(Reason.values()).map(Enum::name).toList();
  }

  private static void assertWords(Set<String> known, String kind, List<String> codes) {
    assertThat(codes).as(kind).isNotEmpty();
    assertThat(known).containsAll(codes.stream().map(code -> kind + "." + code).toList());
  }

  private static List<String> values(String... path) throws IOException {
    Map<?, ?> node = new Yaml().load(Files.readString(CONTRACT));
    List<String> steps = new ArrayList<>(List.of("components", "schemas"));
    steps.addAll(List.of(path));
    for (String step : steps) {
      node = (Map<?, ?>) node.get(step);
    }
    return ((List<?>) node.get("enum")).stream().map(String::valueOf).toList();
  }

  private static Set<String> places(JsonNode text) {
    return PLACE
        .matcher(text.asText())
        .results()
        .map(found -> found.group())
        .collect(Collectors.toSet());
  }

  private static Set<String> keys(JsonNode texts) {
    Set<String> keys = new TreeSet<>();
    texts.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static JsonNode texts(String name) throws IOException {
    String module = text(name).strip();
    assertThat(module).startsWith("export default {").endsWith("};");
    return new ObjectMapper()
        .readTree(module.substring("export default ".length(), module.length() - 1));
  }

  private static String text(String name) throws IOException {
    return Files.readString(DIRECTORY.resolve(name));
  }
}
