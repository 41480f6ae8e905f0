package dev.settle.demo.display;

/**
 * How much of a reader's terminal is known: without colours text stays as it is, without Unicode a
 * bar is drawn in ASCII.
 */
record Ink(boolean colours, boolean unicode) {

  /** For pipes and files. */
  static final Ink PLAIN = new Ink(false, false);

  String paint(Palette as, String text) {
    return colours && !text.isEmpty() ? as.paint(text) : text;
  }

  /**
   * A bar of {@code width} characters and its two ends, of which {@code done} are done.
   *
   * @return what can be printed; it takes {@code width + 2} columns
   */
  String bar(int done, int width) {
    String ends = unicode ? "▕▏" : "[]";
    String full = (unicode ? "█" : "#").repeat(done);
    String rest = (unicode ? "░" : ".").repeat(width - done);
    return ends.charAt(0) + paint(Palette.BAR, full) + paint(Palette.FAINT, rest) + ends.charAt(1);
  }
}
