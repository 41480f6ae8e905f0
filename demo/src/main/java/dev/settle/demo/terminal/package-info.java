/**
 * Terminals and merchants of the demo: what they send, and what they were told. Uses Vert.x's HTTP
 * client, nothing of the router.
 */
@NullMarked
package dev.settle.demo.terminal;

import org.jspecify.annotations.NullMarked;
