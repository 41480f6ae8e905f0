/**
 * A terminal's transaction: its identity, its shape, and how it is read from JSON. Uses {@code
 * money} and nothing with I/O.
 */
@NullMarked
package dev.settle.router.transaction;

import org.jspecify.annotations.NullMarked;
