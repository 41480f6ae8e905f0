package dev.settle.load.bench;

import dev.settle.load.stand.Ratios;
import dev.settle.load.stand.Ratios.Pair;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The paired ratios of a run as an SVG: a line for each part, a dot for each pair, a bar at the
 * median.
 */
final class Plot {

  private static final int WIDTH = 760;
  private static final int LEFT = 120;
  private static final int RIGHT = 700;
  private static final int LINE = 50;
  private static final double HEADROOM = 1.1;

  private final Map<String, Ratios> parts = new LinkedHashMap<>();

  void add(String name, Ratios ratios) {
    parts.put(name, ratios);
  }

  /** The whole document. */
  String svg() {
    double most = 1;
    for (Ratios ratios : parts.values()) {
      most = Math.max(most, ratios.ratio(1) * HEADROOM);
    }
    int height = LINE * parts.size() + 60;
    StringBuilder svg = new StringBuilder();
    append(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
        WIDTH,
        height);
    append(svg, "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, height);
    for (double mark = 0; mark <= most; mark += 0.5) {
      double x = x(mark, most);
      append(
          svg,
          "<path d=\"M%.1f 20V%d\" stroke=\"%s\"/><text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.1f</text>",
          x,
          height - 40,
          mark == 1 ? "#888" : "#ddd",
          x,
          height - 24,
          mark);
    }
    int y = 20;
    for (Map.Entry<String, Ratios> part : parts.entrySet()) {
      y += LINE;
      line(svg, part.getKey(), part.getValue(), y - LINE / 2, most);
    }
    append(
        svg,
        "<text x=\"%d\" y=\"%d\">router by peer, each pair of slices; the bar is the median</text>",
        LEFT,
        height - 6);
    return svg.append("</svg>\n").toString();
  }

  private static void line(StringBuilder svg, String name, Ratios ratios, int y, double most) {
    append(svg, "<text x=\"10\" y=\"%d\">%s %.2f</text>", y + 4, name, ratios.ratio());
    for (Pair pair : ratios.pairs()) {
      append(
          svg,
          "<circle cx=\"%.1f\" cy=\"%d\" r=\"4\" fill=\"#2980b9\" fill-opacity=\"0.6\"/>",
          x(pair.ratio(), most),
          y);
    }
    append(
        svg,
        "<path d=\"M%.1f %dV%d\" stroke=\"#c0392b\" stroke-width=\"2\"/>",
        x(ratios.ratio(), most),
        y - 12,
        y + 12);
  }

  private static double x(double ratio, double most) {
    return LEFT + ratio / most * (RIGHT - LEFT);
  }

  private static void append(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
