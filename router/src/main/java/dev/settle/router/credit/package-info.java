/**
 * The book of credits: recording, looking up, what is unposted. Uses {@code routing} for decisions
 * and {@code binding} for routes.
 */
@NullMarked
package dev.settle.router.credit;

import org.jspecify.annotations.NullMarked;
