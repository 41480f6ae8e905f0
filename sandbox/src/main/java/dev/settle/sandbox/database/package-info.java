/**
 * A real PostgreSQL with durable settings for the demo and the tests, and test databases cloned
 * from migrated templates; it uses JDBC and the packaged PostgreSQL binaries and nothing of the
 * router.
 */
@NullMarked
package dev.settle.sandbox.database;

import org.jspecify.annotations.NullMarked;
