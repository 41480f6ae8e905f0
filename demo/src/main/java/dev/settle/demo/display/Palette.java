package dev.settle.demo.display;

/** What a part of a line is to its reader; shown as a colour on a terminal, and nowhere else. */
enum Palette {
  GOOD("32"),
  BAD("31"),
  LOOK("33"),
  STRONG("1"),
  FAINT("2"),
  BAR("36");

  private static final String END = "\u001b[0m";

  private final String begin;

  Palette(String code) {
    this.begin = "\u001b[" + code + "m";
  }

  String paint(String text) {
    return begin + text + END;
  }
}
