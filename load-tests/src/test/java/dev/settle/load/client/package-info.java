/** Tests of what reads the reports of other programs. */
@NullMarked
package dev.settle.load.client;

import org.jspecify.annotations.NullMarked;
