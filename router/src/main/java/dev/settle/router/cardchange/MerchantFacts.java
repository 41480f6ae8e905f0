package dev.settle.router.cardchange;

import dev.settle.router.binding.AccountStatus;
import org.jspecify.annotations.Nullable;

/**
 * What an application is checked against.
 *
 * @param name the merchant's
 * @param hasTerminal whether the terminal that the application names, if any, is the merchant's
 * @param holder of the account in effect for the scope, if one is
 * @param sameAccount whether the account applied for is the one in effect
 * @param known the status of the account applied for, when the merchant has it already; or what
 *     keeps its number from receiving, under whichever holder and type the merchant has that
 */
record MerchantFacts(
    String name,
    boolean hasTerminal,
    @Nullable String holder,
    boolean sameAccount,
    @Nullable AccountStatus known) {}
