/**
 * Merchants and what is done to them: onboarding with terminals and first account, more terminals,
 * holds, account status; their profile and the history of their bindings. Uses {@code binding},
 * {@code cardchange}, {@code credit}, {@code access} and {@code platform}.
 */
@NullMarked
package dev.settle.router.merchant;

import org.jspecify.annotations.NullMarked;
