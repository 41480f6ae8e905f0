/**
 * Breaks: differences and contradictions between our book and a bank's, which a person looks after
 * and closes with a word. Uses {@code access}, {@code credit}'s ids and {@code platform}.
 */
@NullMarked
package dev.settle.router.breaks;

import org.jspecify.annotations.NullMarked;
