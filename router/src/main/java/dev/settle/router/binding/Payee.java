package dev.settle.router.binding;

/** Whom a bank is told to pay. */
public record Payee(AccountNumber number, String bank, String holder) {}
