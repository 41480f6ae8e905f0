package dev.settle.load.stage;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a run came to: promises that were kept or not, and figures beside them. Belongs to one
 * thread.
 */
public final class Verdict {

  private static final String KEPT = "kept";
  private static final String BROKEN = "BROKEN";
  private static final String FIGURE = "";

  private record Line(String state, String what, String figure) {}

  private final List<Line> lines = new ArrayList<>();

  /** A promise, whether it was kept, and the figure that shows it. */
  public void promise(String promise, boolean kept, String figure) {
    lines.add(new Line(kept ? KEPT : BROKEN, promise, figure));
  }

  /** A figure that nothing is promised of. */
  public void figure(String what, String figure) {
    lines.add(new Line(FIGURE, what, figure));
  }

  /** Whether every promise was kept. */
  public boolean good() {
    return lines.stream().noneMatch(line -> line.state.equals(BROKEN));
  }

  /** One line for each, in the order in which they came. */
  public void print(PrintStream out) {
    for (Line line : lines) {
      out.println(
          String.format(Locale.ROOT, "  %-7s %-66s %s", line.state, line.what, line.figure));
    }
  }
}
