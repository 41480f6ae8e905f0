package dev.settle.sandbox.bank;

import java.util.List;

/**
 * The body of {@code POST /credit-transfers}: the client's name for it and its transfers, in order.
 */
record CreditTransferRequest(String messageId, List<Transfer> transfers) {}
