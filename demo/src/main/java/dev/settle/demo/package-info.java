/**
 * The demo: a supervisor that owns a database, a sandbox bank, terminals and router processes, and
 * judges in the end whether every promise was kept. Uses the router's commands, schema and
 * invariant check, and the sandbox.
 */
@NullMarked
package dev.settle.demo;

import org.jspecify.annotations.NullMarked;
