package dev.settle.router.invariant;

/**
 * One rule over raw rows.
 *
 * @param violations a query whose rows are violations, with a column named violation that says in
 *     words what is wrong
 */
record RowRule(Invariant invariant, String violations) {}
