/**
 * Clients that cost little beside a router that is measured on the same machine: {@code wrk} for
 * single sales, {@code curl} for uploads.
 */
@NullMarked
package dev.settle.load.client;

import org.jspecify.annotations.NullMarked;
