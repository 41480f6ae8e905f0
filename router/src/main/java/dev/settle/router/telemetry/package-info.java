/**
 * Metrics, each named and described once. Implements what {@code ingest}, {@code credit}, {@code
 * dispatch}, {@code rail}, {@code audit} and {@code binding} report, and shows {@code breaks}.
 */
@NullMarked
package dev.settle.router.telemetry;

import org.jspecify.annotations.NullMarked;
