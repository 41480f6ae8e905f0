/**
 * What callers may take of a node before anybody looks at what they want: connections, time,
 * frames, heads, calls in a second. Uses {@code access} and {@code platform}.
 */
@NullMarked
package dev.settle.router.edge;

import org.jspecify.annotations.NullMarked;
