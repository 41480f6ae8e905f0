package dev.settle.demo.node;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One reading of a node's {@code /metrics}: values by name and labels, as the Prometheus text
 * format writes them.
 */
public final class Scrape {

  private final Map<String, Double> values = new LinkedHashMap<>();

  private Scrape() {}

  /** Reads the text; a line that is no sample is passed over. */
  public static Scrape parse(String text) {
    Scrape scrape = new Scrape();
    for (String line : text.lines().toList()) {
      int space = line.lastIndexOf(' ');
      if (space > 0 && line.charAt(0) != '#') {
        scrape.put(line.substring(0, space), line.substring(space + 1));
      }
    }
    return scrape;
  }

  private void put(String series, String value) {
    try {
      values.put(series, Double.parseDouble(value.strip()));
    } catch (NumberFormatException notASample) {
      // The format allows comments and blank lines; there is nothing to read in them.
    }
  }

  /**
   * The sum over all series of this name whose labels contain {@code label} ({@code
   * outcome="accepted"}); empty: all of them.
   */
  public double sum(String name, String label) {
    double sum = 0;
    for (Map.Entry<String, Double> entry : values.entrySet()) {
      String series = entry.getKey();
      if (isOf(series, name) && series.contains(label)) {
        sum += entry.getValue();
      }
    }
    return sum;
  }

  private static boolean isOf(String series, String name) {
    return series.startsWith(name)
        && (series.length() == name.length() || series.charAt(name.length()) == '{');
  }
}
