package dev.settle.demo.display;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * So many credits and what they are worth.
 *
 * @param amountMinor minor units by ISO 4217 code
 */
public record Amounts(long count, SortedMap<String, Long> amountMinor) {

  public static final Amounts NONE = new Amounts(0, new TreeMap<>());
}
