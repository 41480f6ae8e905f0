/**
 * What load runs share: a durable PostgreSQL, the sandbox bank and one router process on this
 * machine, and clients that cost little beside them.
 */
@NullMarked
package dev.settle.load.stand;

import org.jspecify.annotations.NullMarked;
