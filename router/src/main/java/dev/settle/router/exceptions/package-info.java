/**
 * Exceptions: credits that wait with a reason, as people list them, and what operators order of
 * them. {@code dispatch} carries the orders out. Uses {@code access}, {@code binding}'s and {@code
 * credit}'s ids, {@code explanation} and {@code platform}.
 */
@NullMarked
package dev.settle.router.exceptions;

import org.jspecify.annotations.NullMarked;
