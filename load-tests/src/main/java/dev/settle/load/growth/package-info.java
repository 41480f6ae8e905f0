/**
 * Measures whether the router cares how much history there is: {@link
 * dev.settle.load.growth.GrowthRun} from top to bottom.
 */
@NullMarked
package dev.settle.load.growth;

import org.jspecify.annotations.NullMarked;
