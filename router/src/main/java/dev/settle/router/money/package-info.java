/** Amounts and currencies. Uses nothing of the router. */
@NullMarked
package dev.settle.router.money;

import org.jspecify.annotations.NullMarked;
