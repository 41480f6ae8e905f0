package dev.settle.demo.display;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Where the demo prints. On a terminal the live line is written over in place and what matters has
 * a colour; in a pipe or a file the live line is a plain one every few seconds. Safe for several
 * threads.
 */
public final class Screen {

  private static final String CLEAR = "\r\u001b[K";

  /** A pipe gets every nth live line. */
  private static final int PIPE_EVERY = 5;

  private final PrintStream out;
  private final int columns;
  private final boolean terminal;
  private final Ink ink;
  private String live = "";
  private int liveLines;

  /**
   * @param columns the terminal's width, or 0 when it is none; then neither colours nor Unicode are
   *     used
   * @param unicode whether the terminal shows characters beyond ASCII
   */
  public Screen(PrintStream out, int columns, boolean coloursWanted, boolean unicode) {
    this.out = out;
    this.terminal = columns > 0;
    this.columns = columns;
    this.ink = terminal ? new Ink(coloursWanted, unicode) : Ink.PLAIN;
  }

  /** Prints a line that stays. */
  public synchronized void say(String line) {
    out.println(terminal ? CLEAR + line : line);
    redraw();
  }

  /** Prints what something is, in two columns. */
  public void fact(String name, String value) {
    say(ink.paint(Palette.STRONG, String.format(Locale.ROOT, "%-12s", name)) + " " + value);
  }

  /** Prints a line that stays and that somebody should read. */
  public void warn(String line) {
    say(ink.paint(Palette.LOOK, line));
  }

  /** The figures of now. */
  public synchronized void show(Figures figures) {
    live(StatusLine.format(figures, terminal ? columns - 1 : Integer.MAX_VALUE, ink));
  }

  /** What is waited for now; plain text, cut where the terminal ends. */
  public synchronized void progress(String text) {
    live(terminal && text.length() >= columns ? text.substring(0, columns - 1) : text);
  }

  private void live(String line) {
    if (terminal) {
      live = line;
      redraw();
    } else if (liveLines++ % PIPE_EVERY == 0) {
      say(line);
    }
  }

  /** Ends the live line; the next one begins anew. */
  public synchronized void endLive() {
    liveLines = 0;
    if (!live.isEmpty()) {
      out.println();
      live = "";
    }
  }

  private void redraw() {
    if (terminal && !live.isEmpty()) {
      out.print(CLEAR + live);
    }
    out.flush();
  }

  String good(String text) {
    return ink.paint(Palette.GOOD, text);
  }

  String bad(String text) {
    return ink.paint(Palette.BAD, text);
  }

  String strong(String text) {
    return ink.paint(Palette.STRONG, text);
  }
}
