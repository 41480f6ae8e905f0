package dev.settle.router.fuzz;

import dev.settle.router.access.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.Yaml;

/** What the published contract says of each route, as far as a fuzzer needs it. */
final class Contract {

  private final Map<String, Object> contract;

  private Contract(Map<String, Object> contract) {
    this.contract = contract;
  }

  static Contract read() {
    try (InputStream in = Contract.class.getClassLoader().getResourceAsStream("api/openapi.yaml")) {
      return new Contract(new Yaml().load(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every code that a problem document may have. */
  Set<String> codes() {
    Set<String> codes = new TreeSet<>();
    ((List<?>) at(contract, "components", "schemas", "Problem", "properties", "code").get("enum"))
        .forEach(code -> codes.add(String.valueOf(code)));
    return codes;
  }

  /** The examples of a route's body, as YAML's maps and lists; none when it takes no body. */
  List<Object> bodies(Route route) {
    List<Object> bodies = new ArrayList<>();
    if (operation(route).get("requestBody") instanceof Map<?, ?> body) {
      for (Object content : map(resolved(body).get("content")).values()) {
        for (Object example : map(map(content).get("examples")).values()) {
          bodies.add(resolved(example).get("value"));
        }
      }
    }
    return bodies;
  }

  /** What a route's body is to be; JSON when it takes none. */
  String mediaType(Route route) {
    return operation(route).get("requestBody") instanceof Map<?, ?> body
        ? map(resolved(body).get("content")).keySet().iterator().next()
        : "application/json";
  }

  /** The names of a route's query parameters. */
  List<String> queryNames(Route route) {
    List<String> names = new ArrayList<>();
    if (operation(route).get("parameters") instanceof List<?> parameters) {
      for (Object each : parameters) {
        Map<String, Object> parameter = resolved(each);
        if ("query".equals(parameter.get("in"))) {
          names.add(String.valueOf(parameter.get("name")));
        }
      }
    }
    return names;
  }

  private Map<String, Object> operation(Route route) {
    String path = route.path().replaceAll(":(\\w+)", "{$1}").replace("*", "{file}");
    return at(contract, "paths", path, route.method().name().toLowerCase(Locale.ROOT));
  }

  private Map<String, Object> resolved(Object node) {
    Map<String, Object> here = map(node);
    return here.get("$ref") instanceof String reference
        ? at(contract, reference.substring(2).split("/"))
        : here;
  }

  private static Map<String, Object> at(Map<String, Object> node, String... path) {
    Map<String, Object> here = node;
    for (String name : path) {
      here = map(here.get(name));
      if (here == null) {
        throw new IllegalStateException("not in the contract: " + String.join("/", path));
      }
    }
    return here;
  }

  @SuppressWarnings(
      "unchecked") // The contract's maps have text for keys; a test would see otherwise.
  private static Map<String, Object> map(Object node) {
    return (Map<String, Object>) node;
  }
}
