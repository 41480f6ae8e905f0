package dev.settle.sandbox.bank;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Requests that were received and have not reached the ledger's queue yet; as many as {@link
 * Admission} admits. Used on one event loop.
 */
final class UndecidedRequests {
  private final Set<Future<Void>> waiting = new LinkedHashSet<>();

  /** Keeps a request until its future completes: then it stands in the ledger's queue. */
  void add(Future<Void> request) {
    waiting.add(request);
    request.onComplete(reached -> waiting.remove(request));
  }

  /** Completes when every request that waits now has reached the ledger's queue. */
  Future<Void> all() {
    return waiting.isEmpty()
        ? Future.succeededFuture()
        : Future.join(new ArrayList<>(waiting)).mapEmpty();
  }
}
