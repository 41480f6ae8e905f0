/**
 * The pure decision where a transaction's credit goes, or why it is held. Uses {@code transaction},
 * {@code binding}'s values and {@code explanation}; no I/O.
 */
@NullMarked
package dev.settle.router.routing;

import org.jspecify.annotations.NullMarked;
