/**
 * What happens, as it happens: the figures that nodes tell each other every second, and the streams
 * of server-sent events that consoles read. Hints, all of it. Uses {@code access}, {@code credit}'s
 * totals, {@code platform} and {@code rail}.
 */
@NullMarked
package dev.settle.router.events;

import org.jspecify.annotations.NullMarked;
