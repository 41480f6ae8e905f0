/**
 * What banks report by themselves: each of their messages is kept once, and written to the credits
 * that it speaks of. Uses {@code access}, {@code binding}, {@code cardchange}, {@code dispatch},
 * {@code rail} and {@code platform}.
 */
@NullMarked
package dev.settle.router.notification;

import org.jspecify.annotations.NullMarked;
