/**
 * Sends the public API what no honest client sends: a seeded fuzzer whose grammar is the published
 * contract, and a corpus of what it once found.
 */
package dev.settle.router.fuzz;
