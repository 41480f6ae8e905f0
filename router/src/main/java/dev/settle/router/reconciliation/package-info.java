/**
 * Holds our book against a bank's statement, set against set in PostgreSQL's temporary tables, and
 * opens a break for every difference. Blocking: for a command. Uses {@code rail}'s statement
 * entries, {@code credit}'s end-to-end ids, {@code binding}'s keys, {@code explanation}'s owners.
 */
@NullMarked
package dev.settle.router.reconciliation;

import org.jspecify.annotations.NullMarked;
