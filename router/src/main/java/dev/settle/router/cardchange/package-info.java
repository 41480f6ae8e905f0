/**
 * Changing a settlement account: the application, its checks, its verification with the bank, who
 * decides, and when it takes effect. Uses {@code access}, {@code binding}, {@code credit}, {@code
 * rail} and {@code platform}.
 */
@NullMarked
package dev.settle.router.cardchange;

import org.jspecify.annotations.NullMarked;
