package dev.settle.router.merchant;

import dev.settle.router.binding.AccountNumber;
import java.util.List;

/**
 * A merchant as it is onboarded.
 *
 * @param mcc ISO 18245 category, four digits
 * @param bank the code of the bank that keeps the account
 * @param type PERSONAL or CORPORATE
 */
record Merchant(
    String merchantId,
    String name,
    String mcc,
    List<String> terminals,
    AccountNumber number,
    String bank,
    String holder,
    String type) {}
