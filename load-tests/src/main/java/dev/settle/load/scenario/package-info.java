/**
 * The load scenarios, one class each, in Gatling's Java DSL, and the requests that they share.
 * {@link dev.settle.load.scenario.Scenario} lists them.
 */
@NullMarked
package dev.settle.load.scenario;

import org.jspecify.annotations.NullMarked;
