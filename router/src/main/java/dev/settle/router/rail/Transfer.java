package dev.settle.router.rail;

import dev.settle.router.binding.Payee;

/**
 * One payment to one account.
 *
 * @param endToEndId unique for each attempt to pay a credit; at most 35 characters (ISO 20022)
 */
public record Transfer(String endToEndId, Payee payee, long amountMinor, String currency) {}
