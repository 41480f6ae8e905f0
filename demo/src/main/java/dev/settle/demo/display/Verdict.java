package dev.settle.demo.display;

import java.util.List;

/**
 * What was found of one invariant.
 *
 * @param invariant for example {@code I1}
 * @param state {@code held}, {@code broken} or {@code not checked}
 * @param details one line for each thing found; empty when it is held
 */
public record Verdict(String invariant, String state, List<String> details) {

  public boolean held() {
    return state.equals("held");
  }

  public boolean broken() {
    return state.equals("broken");
  }
}
