package dev.settle.demo.leak;

/**
 * A number where none may be.
 *
 * @param place what was looked at, for example a column of a table
 * @param mark whose number it is
 * @param how it was written there
 */
public record Finding(String place, Mark mark, String how) {

  @Override
  public String toString() {
    return place + ": " + mark + ", " + how;
  }
}
