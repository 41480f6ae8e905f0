/** The connector to the sandbox bank. Uses the {@code rail} port and {@code platform}. */
@NullMarked
package dev.settle.router.rail.sandbox;

import org.jspecify.annotations.NullMarked;
