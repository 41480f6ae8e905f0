/**
 * The audit: what nodes record of refusals, log-ins and settings, and the steps that link events
 * into the chain and seal the book. Uses {@code platform}.
 */
@NullMarked
package dev.settle.router.audit;

import org.jspecify.annotations.NullMarked;
