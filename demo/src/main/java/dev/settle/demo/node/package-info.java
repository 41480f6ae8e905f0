/**
 * Router processes of the demo: how they are started, watched, asked and ended. Uses nothing of the
 * router but its command line and HTTP.
 */
@NullMarked
package dev.settle.demo.node;

import org.jspecify.annotations.NullMarked;
