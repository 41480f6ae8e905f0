package dev.settle.load.soak;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws panels above each other over one axis of time, as SVG. */
final class StackedPlot {

  private static final int WIDTH = 760;
  private static final int LEFT = 60;
  private static final int RIGHT = 720;
  private static final int PANEL = 150;
  private static final int PLOT = 100;
  private static final int HEAD = 34;

  private final StringBuilder svg = new StringBuilder();
  private final List<Double> times;

  private StackedPlot(List<Double> times) {
    this.times = times;
  }

  /**
   * The picture.
   *
   * @param times in seconds, ascending
   * @param events times at which something happened, by its colour; a line through all panels
   * @param legend what the events' colours mean
   */
  static String of(
      List<Double> times, List<Panel> panels, Map<String, List<Double>> events, String legend) {
    StackedPlot plot = new StackedPlot(times);
    int height = HEAD + panels.size() * PANEL + 10;
    plot.add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
        WIDTH, height);
    plot.add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, height);
    plot.add("<text x=\"%d\" y=\"18\" fill=\"#555\">%s</text>", LEFT, legend);
    events.forEach(
        (colour, at) ->
            at.forEach(
                time ->
                    plot.add(
                        "<path d=\"M%.1f %dV%d\" stroke=\"%s\" stroke-width=\"1\" opacity=\"0.5\"/>",
                        plot.x(time), HEAD, height - 40, colour)));
    for (int i = 0; i < panels.size(); i++) {
      plot.panel(panels.get(i), HEAD + i * PANEL);
    }
    plot.svg.append("</svg>\n");
    return plot.svg.toString();
  }

  private void panel(Panel panel, int top) {
    int bottom = top + 20 + PLOT;
    double most = panel.top();
    add("<path d=\"M%d %dV%dH%d\" fill=\"none\" stroke=\"#888\"/>", LEFT, top + 20, bottom, RIGHT);
    add("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", LEFT - 4, top + 26, number(most));
    add("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">0</text>", LEFT - 4, bottom);
    add("<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>", LEFT, top + 14, panel.title());
    int at = LEFT + 8 * panel.title().length();
    for (Panel.Line line : panel.lines()) {
      add(
          "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>",
          at, top + 14, line.colour(), line.name());
      at += 16 + 7 * line.name().length();
      line(line, bottom, most);
    }
    add("<text x=\"%d\" y=\"%d\">0</text>", LEFT, bottom + 14);
    add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.0f min</text>",
        RIGHT, bottom + 14, last() / 60);
  }

  private void line(Panel.Line line, int bottom, double most) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < times.size(); i++) {
      double y = bottom - PLOT * Math.min(most, line.values().get(i)) / most;
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(times.get(i)), y));
    }
    add(
        "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" points=\"%s\"/>",
        line.colour(), points.toString().strip());
  }

  private double last() {
    return times.isEmpty() ? 1 : times.get(times.size() - 1);
  }

  private double x(double time) {
    return LEFT + (RIGHT - LEFT) * time / last();
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%s", (float) value);
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
