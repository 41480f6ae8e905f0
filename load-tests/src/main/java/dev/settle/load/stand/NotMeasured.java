package dev.settle.load.stand;

import java.io.IOException;

/**
 * Why there is no result, where it is not the router's fault: the machine or a program that
 * measures. The message says what to do next.
 */
public final class NotMeasured extends IOException {

  private static final long serialVersionUID = 1;

  /**
   * @param why and what to do next
   */
  public NotMeasured(String why) {
    super(why);
  }
}
