package dev.settle.router.binding;

/**
 * An account as a route names it: never its number.
 *
 * @param accountId see {@link AccountId}
 * @param bank the bank's code, for example 102
 */
public record RouteAccount(long accountId, String bank, AccountStatus status) {}
