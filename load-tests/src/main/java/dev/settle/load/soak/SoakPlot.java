package dev.settle.load.soak;

import dev.settle.load.soak.Panel.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** What is plotted of a soak. */
final class SoakPlot {

  private static final String RED = "#c0392b";
  private static final String BLUE = "#2471a3";
  private static final String GREEN = "#1e8449";
  private static final String GREY = "#7f8c8d";
  private static final double THOUSAND = 1e3;
  private static final double KILOBYTE = 1024;

  private final List<Sample> samples;

  private SoakPlot(List<Sample> samples) {
    this.samples = samples;
  }

  static String of(List<Sample> samples) {
    SoakPlot plot = new SoakPlot(samples);
    List<Panel> panels =
        List.of(
            new Panel("accepted per second", List.of(plot.line("", BLUE, Sample::perSecond))),
            new Panel(
                "accept, ms",
                List.of(
                    plot.line("p99", RED, Sample::p99Millis),
                    plot.line("p50", GREEN, Sample::p50Millis))),
            new Panel(
                "router's memory, MB",
                List.of(
                    plot.line("resident", GREY, Sample::residentMegabytes),
                    plot.line("heap with garbage", BLUE, Sample::heapMegabytes))),
            new Panel(
                "dead rows, thousand",
                List.of(
                    plot.line("batches", RED, s -> s.table("credit_batch").dead() / THOUSAND),
                    plot.line(
                        "departures", BLUE, s -> s.table("credit_exception").dead() / THOUSAND))),
            new Panel(
                "bytes per live row",
                List.of(
                    plot.line("credit", GREY, s -> s.table("credit").bytesPerRow()),
                    plot.line("batches", RED, s -> s.table("credit_batch").bytesPerRow()))),
            new Panel(
                "small tables, kB",
                List.of(
                    plot.line(
                        "departures", BLUE, s -> s.table("credit_exception").bytes() / KILOBYTE),
                    plot.line("control totals", RED, s -> s.table("book_total").bytes() / KILOBYTE),
                    plot.line("canary", GREEN, s -> s.table("route_canary").bytes() / KILOBYTE))));
    return StackedPlot.of(
        samples.stream().map(Sample::seconds).toList(),
        panels,
        Map.of("#e67e22", plot.when(Sample::checkpoints), "#d5dbdb", plot.when(Sample::vacuums)),
        "vertical lines: checkpoints (orange), autovacuums (grey)");
  }

  private Line line(String name, String colour, ToDoubleFunction<Sample> value) {
    return new Line(name, colour, samples.stream().map(s -> value.applyAsDouble(s)).toList());
  }

  /** When a count grew. */
  private List<Double> when(ToLongFunction<Sample> count) {
    List<Double> times = new ArrayList<>();
    for (int i = 1; i < samples.size(); i++) {
      if (count.applyAsLong(samples.get(i)) > count.applyAsLong(samples.get(i - 1))) {
        times.add(samples.get(i).seconds());
      }
    }
    return times;
  }
}
