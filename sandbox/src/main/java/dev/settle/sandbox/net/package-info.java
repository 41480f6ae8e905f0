/** Ports for what is started beside the router. */
@NullMarked
package dev.settle.sandbox.net;

import org.jspecify.annotations.NullMarked;
