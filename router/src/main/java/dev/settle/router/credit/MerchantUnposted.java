package dev.settle.router.credit;

import dev.settle.router.credit.UnpostedTotals.Line;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * Where one merchant's money is: what is not posted at one instant, and why.
 *
 * @param complete false when more batches are open than one question looks through; what waits or
 *     is under way is then a lower bound
 */
public record MerchantUnposted(String merchantId, UnpostedTotals totals, boolean complete) {

  /** The answer of {@code GET /v1/merchants/{merchantId}/unposted}. */
  JsonObject json() {
    Map<String, List<Line>> byReason = totals.grouped(Line::reason);
    JsonObject reasons = UnpostedTotals.explained(byReason);
    byReason.forEach(
        (reason, lines) ->
            reasons.getJsonObject(reason).put("sentence", UnpostedSentence.of(reason, lines)));
    return totals
        .sum()
        .put("merchantId", merchantId)
        .put("complete", complete)
        .put("byReason", reasons)
        .put("sentence", UnpostedSentence.ofAll(byReason, complete));
  }
}
