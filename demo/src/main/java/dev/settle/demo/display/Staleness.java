package dev.settle.demo.display;

import java.util.SortedMap;

/**
 * How late nodes were in routing by changes.
 *
 * @param upTo how many measurements were at most so many milliseconds
 */
public record Staleness(Quantiles quantiles, SortedMap<Double, Long> upTo) {}
