/** The commands, and the one file in which a node is wired together. Uses everything. */
@NullMarked
package dev.settle.router.app;

import org.jspecify.annotations.NullMarked;
