/**
 * The look-up of routes alone, measured by JMH in processes of its own: {@link
 * dev.settle.load.bench.lookup.LookupBenchmark}.
 */
@NullMarked
package dev.settle.load.bench.lookup;

import org.jspecify.annotations.NullMarked;
