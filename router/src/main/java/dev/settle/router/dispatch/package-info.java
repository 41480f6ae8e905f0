/**
 * From a recorded batch to the bank's answer: claim behind the fence, send, settle; and the sweep
 * that takes over what a dead node left. Uses {@code credit}, {@code routing}, {@code binding} and
 * {@code rail}.
 */
@NullMarked
package dev.settle.router.dispatch;

import org.jspecify.annotations.NullMarked;
