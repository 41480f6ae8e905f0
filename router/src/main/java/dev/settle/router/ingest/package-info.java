/**
 * The doors for terminals: single and bulk transactions over HTTP. Uses {@code access} for who may
 * send what, {@code transaction} to read and {@code credit} to record.
 */
@NullMarked
package dev.settle.router.ingest;

import org.jspecify.annotations.NullMarked;
