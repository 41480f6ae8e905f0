/**
 * What the demo prints: the live line, the summary for people, and the summary as JSON. Pure, but
 * for the screen itself.
 */
@NullMarked
package dev.settle.demo.display;

import org.jspecify.annotations.NullMarked;
