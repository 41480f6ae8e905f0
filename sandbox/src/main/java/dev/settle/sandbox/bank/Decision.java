package dev.settle.sandbox.bank;

/**
 * What the bank remembers of a transfer it has decided: small, because a million of them stay in
 * memory.
 *
 * @param content {@link Transfer#content()} of the transfer as it came first
 */
record Decision(long content, long amountMinor, String currency, Verdict verdict) {}
