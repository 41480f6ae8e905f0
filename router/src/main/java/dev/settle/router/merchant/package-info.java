/**
 * Onboarding of merchants with their terminals and first account, and their profile. Uses {@code
 * binding}, {@code cardchange}, {@code access} and {@code platform}.
 */
@NullMarked
package dev.settle.router.merchant;

import org.jspecify.annotations.NullMarked;
