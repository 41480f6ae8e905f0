/** Metrics, each named and described once. Uses {@code credit}'s reading of the book. */
@NullMarked
package dev.settle.router.telemetry;

import org.jspecify.annotations.NullMarked;
