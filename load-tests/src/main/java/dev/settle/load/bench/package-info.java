/**
 * Measures the router beside peers that nobody here wrote, on one machine and in one run: {@link
 * dev.settle.load.bench.BenchRun} from top to bottom, {@link dev.settle.load.stand.Duel} for how
 * two sides are compared. Started by {@code load-tests/bench/run}.
 */
@NullMarked
package dev.settle.load.bench;

import org.jspecify.annotations.NullMarked;
