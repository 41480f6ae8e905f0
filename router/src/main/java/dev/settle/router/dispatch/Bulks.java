package dev.settle.router.dispatch;

import dev.settle.router.rail.Rail;
import dev.settle.router.rail.Transfer;
import dev.settle.router.rail.TransferOutcome;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** Sends transfers in requests no larger than the rail takes, one after the other. */
final class Bulks {

  private Bulks() {}

  /**
   * One outcome for each transfer, in their order. Fails as soon as one request gives no clear
   * answer: what stood before it in the list may have been executed.
   */
  static Future<List<TransferOutcome>> send(Rail rail, List<Transfer> transfers) {
    return sendFrom(rail, transfers, 0, new ArrayList<>(transfers.size()));
  }

  private static Future<List<TransferOutcome>> sendFrom(
      Rail rail, List<Transfer> transfers, int from, List<TransferOutcome> outcomes) {
    if (from == transfers.size()) {
      return Future.succeededFuture(outcomes);
    }
    int to = Math.min(from + rail.capabilities().bulkSize(), transfers.size());
    return rail.send(transfers.subList(from, to))
        .compose(
            answered -> {
              outcomes.addAll(answered);
              return sendFrom(rail, transfers, to, outcomes);
            });
  }
}
