/**
 * The sandbox bank: an HTTP server that books credits in its own file, and the reader of that file;
 * it uses Vert.x and Jackson and nothing of the router, so that its books witness independently
 * what was paid.
 */
@NullMarked
package dev.settle.sandbox.bank;

import org.jspecify.annotations.NullMarked;
