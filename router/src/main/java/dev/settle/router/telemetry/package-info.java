/**
 * Metrics, each named and described once. Implements what {@code ingest}, {@code credit}, {@code
 * dispatch}, {@code rail} and {@code binding} report.
 */
@NullMarked
package dev.settle.router.telemetry;

import org.jspecify.annotations.NullMarked;
