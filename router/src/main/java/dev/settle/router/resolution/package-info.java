/**
 * Resolutions: what people found out from a bank, by letter or telephone, of a transfer whose end
 * nobody knows; proposed by one, approved by another, then written as the bank's word. Uses {@code
 * dispatch}'s words, {@code access} and {@code platform}.
 */
@NullMarked
package dev.settle.router.resolution;

import org.jspecify.annotations.NullMarked;
