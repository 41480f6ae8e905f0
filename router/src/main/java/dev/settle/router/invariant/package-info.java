/**
 * Recomputes every invariant from raw rows and outside witnesses. Reads the database and nothing of
 * the running system.
 */
@NullMarked
package dev.settle.router.invariant;

import org.jspecify.annotations.NullMarked;
