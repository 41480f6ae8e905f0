/**
 * {@code bin/settle load}: brings a router up or finds one, lets Gatling play a scenario against
 * it, and says whether what the scenario promises was kept. Uses {@link dev.settle.load.scenario}
 * and {@link dev.settle.load.stage}.
 */
@NullMarked
package dev.settle.load;

import org.jspecify.annotations.NullMarked;
