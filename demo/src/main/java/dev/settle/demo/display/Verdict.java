package dev.settle.demo.display;

import java.util.List;

/**
 * What was found of one invariant.
 *
 * @param invariant for example {@code I1}
 * @param promise the invariant in a few words
 * @param violations one line for each thing found; empty when it holds
 */
public record Verdict(String invariant, String promise, List<String> violations) {

  public boolean held() {
    return violations.isEmpty();
  }
}
