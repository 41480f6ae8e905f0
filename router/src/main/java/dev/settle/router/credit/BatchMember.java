package dev.settle.router.credit;

/**
 * A credit as it stands in a batch.
 *
 * @param attempt 1 in the credit's first batch, one more in each that it moved to
 * @param accountId the account it is to be paid to by this attempt
 * @param version the merchant's route version that the account was decided by
 */
public record BatchMember(
    long creditId,
    int attempt,
    String merchantId,
    String terminalId,
    long amountMinor,
    long accountId,
    int version) {}
