/**
 * Why money is not posted: the closed list of reasons, each with a sentence and whose move it is.
 * Uses nothing of the router.
 */
@NullMarked
package dev.settle.router.explanation;

import org.jspecify.annotations.NullMarked;
