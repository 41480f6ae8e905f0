package dev.settle.demo.display;

import java.io.PrintStream;

/**
 * Where the demo prints. On a terminal the live line is written over in place and what matters has
 * a colour; in a pipe or a file the live line is a plain one every few seconds. Safe for several
 * threads.
 */
public final class Screen {

  private static final String CLEAR = "\r\u001b[K";
  private static final String RED = "\u001b[31m";
  private static final String GREEN = "\u001b[32m";
  private static final String YELLOW = "\u001b[33m";
  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";

  /** A pipe gets every nth live line. */
  private static final int PIPE_EVERY = 5;

  private final PrintStream out;
  private final int columns;
  private final boolean terminal;
  private final boolean colours;
  private String live = "";
  private int liveLines;

  /** Prints to {@code out}; {@code columns} is the terminal's width, or 0 when it is none. */
  public Screen(PrintStream out, int columns, boolean coloursWanted) {
    this.out = out;
    this.terminal = columns > 0;
    this.columns = columns;
    this.colours = terminal && coloursWanted;
  }

  /** Prints a line that stays. */
  public synchronized void say(String line) {
    out.println(terminal ? CLEAR + line : line);
    redraw();
  }

  /** Prints a line that stays and that somebody should read. */
  public void warn(String line) {
    say(coloured(YELLOW, line));
  }

  /** The figures of now. */
  public synchronized void show(Figures figures) {
    if (terminal) {
      live = StatusLine.format(figures, columns - 1);
      redraw();
    } else if (liveLines++ % PIPE_EVERY == 0) {
      say(StatusLine.format(figures, Integer.MAX_VALUE));
    }
  }

  /** Ends the live line; the next {@link #show} begins a new one. */
  public synchronized void endLive() {
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

  public String good(String text) {
    return coloured(GREEN, text);
  }

  public String bad(String text) {
    return coloured(RED, text);
  }

  public String strong(String text) {
    return coloured(BOLD, text);
  }

  private String coloured(String colour, String text) {
    return colours ? colour + text + PLAIN : text;
  }
}
