package dev.settle.router.transaction;

/** What reading a document gave: a value, or why it is refused. */
public sealed interface Reading permits Transaction, Refusal {}
