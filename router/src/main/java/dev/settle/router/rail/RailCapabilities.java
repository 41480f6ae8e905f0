package dev.settle.router.rail;

import java.util.Set;

/**
 * What a rail can do, so that nobody has to ask which rail it is.
 *
 * @param bulkSize transfers in one request, at most
 * @param idempotentResend whether the same transfers under the same end-to-end ids may be sent
 *     again and are executed once
 * @param verifiesAccounts whether it can ask the bank if a name fits an account
 * @param currencies ISO 4217 codes that it carries
 */
public record RailCapabilities(
    int bulkSize, boolean idempotentResend, boolean verifiesAccounts, Set<String> currencies) {}
