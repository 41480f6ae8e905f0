/**
 * Load scenarios in Gatling's Java DSL. They speak HTTP to a running router and use nothing of its
 * code.
 */
@NullMarked
package dev.settle.load;

import org.jspecify.annotations.NullMarked;
