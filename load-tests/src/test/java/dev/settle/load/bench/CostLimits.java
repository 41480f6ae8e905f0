package dev.settle.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * What a credit may cost: {@code load-tests/cost-limits.txt}.
 *
 * @param limits by the cost's name, in the order of the file
 */
record CostLimits(Map<String, Limit> limits) {

  /**
   * One cost.
   *
   * @param most that is allowed
   * @param measuredLeast the least that it was when the limit was set
   * @param measuredMost the most that it was then
   */
  record Limit(double most, double measuredLeast, double measuredMost) {}

  static CostLimits read(Path file) throws IOException {
    return parse(Files.readAllLines(file));
  }

  /** Lines of a name, the limit, and from what "to" what was measured; {@code #}: a comment. */
  static CostLimits parse(List<String> lines) {
    Map<String, Limit> limits = new LinkedHashMap<>();
    for (String line : lines) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] fields = line.trim().split("\\s+");
      if (fields.length != 5 || !fields[3].equals("to")) {
        throw new IllegalArgumentException("not NAME LIMIT LEAST to MOST: " + line);
      }
      limits.put(
          fields[0],
          new Limit(
              Double.parseDouble(fields[1]),
              Double.parseDouble(fields[2]),
              Double.parseDouble(fields[4])));
    }
    return new CostLimits(limits);
  }

  /** Those whose names begin so. */
  CostLimits of(String prefix) {
    Map<String, Limit> some = new LinkedHashMap<>(limits);
    some.keySet().removeIf(name -> !name.startsWith(prefix));
    return new CostLimits(some);
  }

  /**
   * The least that each cost was in any attempt: what is over its limit here was so every time. One
   * that could not be measured once is not a number here.
   */
  static Map<String, Double> least(List<Map<String, Double>> attempts) {
    Map<String, Double> least = new LinkedHashMap<>();
    attempts.forEach(costs -> costs.forEach((name, cost) -> least.merge(name, cost, Math::min)));
    return least;
  }

  /**
   * What is over its limit, in words; empty when all is well. Costs and limits must be the same.
   */
  List<String> exceeded(Map<String, Double> costs) {
    if (!costs.keySet().equals(limits.keySet())) {
      throw new IllegalArgumentException(
          "measured " + new TreeSet<>(costs.keySet()) + ", limited " + limits.keySet());
    }
    List<String> exceeded = new ArrayList<>();
    limits.forEach(
        (name, limit) -> {
          double cost = costs.getOrDefault(name, Double.NaN);
          // Not a number is no good news either.
          if (!(cost <= limit.most())) {
            exceeded.add(
                String.format(
                    Locale.ROOT,
                    "%s is %.4g, the limit is %.4g; it was %.4g to %.4g",
                    name,
                    cost,
                    limit.most(),
                    limit.measuredLeast(),
                    limit.measuredMost()));
          }
        });
    return exceeded;
  }
}
