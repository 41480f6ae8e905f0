/**
 * Who may call which route: roles, bearer tokens, the table of routes. Uses {@code audit} and
 * {@code platform}.
 */
@NullMarked
package dev.settle.router.access;

import org.jspecify.annotations.NullMarked;
