/**
 * A steady load for long: {@link dev.settle.load.soak.SoakRun} from top to bottom; {@link
 * dev.settle.load.soak.Sampler} looks at whatever router and database it is given.
 */
@NullMarked
package dev.settle.load.soak;

import org.jspecify.annotations.NullMarked;
