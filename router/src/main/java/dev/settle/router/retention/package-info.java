/**
 * Lets closed months leave the hot tables for the archive. Blocking, for a command; whoever takes
 * sales never waits for it longer than for one short lock.
 */
@NullMarked
package dev.settle.router.retention;

import org.jspecify.annotations.NullMarked;
