package dev.settle.router.observability;

import dev.settle.router.cardchange.ChangeState;
import dev.settle.router.explanation.Reason;
import dev.settle.router.telemetry.MetricName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds what an expression asks for that nobody has: metrics, labels, values of labels. */
final class Names {

  private static final Pattern MATCHERS = Pattern.compile("\\{([^}]*)\\}");
  private static final Pattern MATCHER =
      Pattern.compile("([a-zA-Z_]+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
  private static final Pattern NAME =
      Pattern.compile("(?<![a-zA-Z0-9_:])[a-zA-Z_:][a-zA-Z0-9_:]*+(?!\\s*\\()");
  private static final Set<String> WORDS =
      Set.of("and", "or", "unless", "offset", "bool", "inf", "nan");

  /** What every target has. */
  private static final Set<String> TARGET = Set.of("job", "instance");

  /** Labels with a closed list of values. */
  private static final Map<String, Set<String>> VALUES =
      Map.of("reason", namesOf(Reason.values()), "state", namesOf(ChangeState.values()));

  private final Map<String, Set<String>> labels = new HashMap<>();

  /**
   * @param recorded names and expressions of recording rules
   */
  Names(Map<String, String> recorded) {
    labels.put("up", TARGET);
    labels.put("ALERTS", Set.of("alertname", "alertstate", "severity"));
    for (MetricName metric : MetricName.values()) {
      Set<String> own = new TreeSet<>(TARGET);
      Arrays.stream(metric.labels().split(",")).filter(l -> !l.isEmpty()).forEach(own::add);
      if (metric.type().equals("histogram")) {
        List.of("_sum", "_count", "_max")
            .forEach(s -> labels.put(metric.prometheusName() + s, own));
        Set<String> bucket = new TreeSet<>(own);
        bucket.add("le");
        labels.put(metric.prometheusName() + "_bucket", bucket);
      } else {
        labels.put(metric.prometheusName(), own);
      }
    }
    recorded.forEach((name, expression) -> labels.put(name, labelsOf(expression)));
  }

  private static Set<String> namesOf(Enum<?>[] values) {
    return Stream.of(values).map(Enum::name).collect(Collectors.toUnmodifiableSet());
  }

  /** One line for each thing that an expression asks for in vain. */
  List<String> unknown(String expression) {
    List<String> unknown = new ArrayList<>();
    metrics(expression).stream()
        .filter(name -> !labels.containsKey(name))
        .forEach(name -> unknown.add("no metric " + name));
    Set<String> known = labelsOf(expression);
    for (MatchResult braces : all(MATCHERS, expression)) {
      for (MatchResult matcher : all(MATCHER, braces.group(1))) {
        if (!known.contains(matcher.group(1))) {
          unknown.add("no label " + matcher.group(1));
        }
        unknown.addAll(unknownValues(matcher.group(1), matcher.group(3)));
      }
    }
    for (MatchResult group : all(GROUPING, expression)) {
      Stream.of(group.group(1).split(","))
          .map(String::strip)
          .filter(label -> !label.isEmpty() && !known.contains(label))
          .forEach(label -> unknown.add("no label " + label));
    }
    return unknown;
  }

  private static List<String> unknownValues(String label, String values) {
    Set<String> known = VALUES.get(label);
    return known == null
        ? List.of()
        : Stream.of(values.split("\\|"))
            .filter(value -> !known.contains(value))
            .map(value -> "no " + label + " " + value)
            .toList();
  }

  /** The names of series in an expression. */
  static Set<String> metrics(String expression) {
    String bare =
        expression
            .replaceAll("\\{[^}]*\\}", "")
            .replaceAll("\\[[^]]*\\]", "")
            .replaceAll("\"[^\"]*\"", "")
            .replaceAll("\\b\\d+(?:ms|[smhdwy])\\b", "");
    return all(NAME, GROUPING.matcher(bare).replaceAll("")).stream()
        .map(MatchResult::group)
        .filter(name -> !WORDS.contains(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Set<String> labelsOf(String expression) {
    return metrics(expression).stream()
        .flatMap(name -> labels.getOrDefault(name, Set.of()).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<MatchResult> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }
}
