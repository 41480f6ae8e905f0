/** Tests of the harness, and the gate on what a credit costs. */
@NullMarked
package dev.settle.load.bench;

import org.jspecify.annotations.NullMarked;
