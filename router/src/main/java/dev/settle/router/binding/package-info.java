/**
 * Which account a merchant's sales settle to, by version: the cached route, its copies in the
 * cluster and in this node, its truth in PostgreSQL. Uses {@code money} and {@code platform}.
 */
@NullMarked
package dev.settle.router.binding;

import org.jspecify.annotations.NullMarked;
