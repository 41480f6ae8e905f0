/**
 * The port to the banks: what a rail can do, transfers out, outcomes back. Uses {@code binding}'s
 * payees, {@code routing}'s choice and {@code explanation}.
 */
@NullMarked
package dev.settle.router.rail;

import org.jspecify.annotations.NullMarked;
