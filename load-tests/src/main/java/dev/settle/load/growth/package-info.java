/**
 * Measures whether the router cares how much history there is: {@link
 * dev.settle.load.growth.GrowthRun} its throughput, {@link dev.settle.load.growth.ConsoleRun} the
 * pages of the console; each from top to bottom.
 */
@NullMarked
package dev.settle.load.growth;

import org.jspecify.annotations.NullMarked;
