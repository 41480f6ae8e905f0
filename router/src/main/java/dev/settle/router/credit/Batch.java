package dev.settle.router.credit;

import java.time.Instant;
import java.util.List;

/**
 * Credits that go to one rail in one currency and share a fate: the unit of progress.
 *
 * @param epoch raised by every take-over; writes with another epoch are refused
 * @param state what the database said last
 * @param tries how often it was sent without a clear answer
 * @param recordedAt when its credits were committed
 */
public record Batch(
    long batchId,
    String rail,
    String currency,
    int epoch,
    BatchState state,
    int tries,
    Instant recordedAt,
    List<BatchMember> members) {}
