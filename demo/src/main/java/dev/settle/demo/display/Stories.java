package dev.settle.demo.display;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What happened to merchants besides sales.
 *
 * @param played stories played to their end, by kind
 * @param failed one line for each that was not
 */
public record Stories(SortedMap<String, Long> played, List<String> failed) {

  public static final Stories NONE = new Stories(new TreeMap<>(), List.of());
}
