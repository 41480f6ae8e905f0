/**
 * {@code load-tests/attack/run}: what others keep while a router is attacked. Uses {@code stand}.
 */
@NullMarked
package dev.settle.load.attack;

import org.jspecify.annotations.NullMarked;
