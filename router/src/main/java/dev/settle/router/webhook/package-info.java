/**
 * Webhooks: what merchants and acquirers are told of their money, read out of the book in the
 * background and delivered in order, signed, until it is acknowledged. Uses {@code access}, {@code
 * binding}'s cipher, ids of {@code credit} and {@code cardchange}, {@code explanation} and {@code
 * platform}.
 */
@NullMarked
package dev.settle.router.webhook;

import org.jspecify.annotations.NullMarked;
