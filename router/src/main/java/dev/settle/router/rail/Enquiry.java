package dev.settle.router.rail;

/**
 * A question to a bank: what became of this transfer?
 *
 * @param endToEndId under which it was sent
 * @param amountMinor that was sent; a bank that knows the id with another amount knows another
 *     transfer
 */
public record Enquiry(String endToEndId, long amountMinor) {}
