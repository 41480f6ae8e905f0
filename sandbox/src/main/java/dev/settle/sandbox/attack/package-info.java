/**
 * What attacks a server over HTTP from plain sockets, and the honest callers beside it. Knows
 * nothing of the router but how a sale is posted. Uses no other package.
 */
@NullMarked
package dev.settle.sandbox.attack;

import org.jspecify.annotations.NullMarked;
