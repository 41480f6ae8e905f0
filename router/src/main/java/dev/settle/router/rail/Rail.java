package dev.settle.router.rail;

import io.vertx.core.Future;
import java.util.List;

/** A way to pay: one bank or payment institution, as dispatch sees it. */
public interface Rail {

  /** The rail's name in the book, in metrics and in answers; lower-case, never changed. */
  String name();

  RailCapabilities capabilities();

  /**
   * Sends transfers, whose end-to-end ids are durable already, at most {@link
   * RailCapabilities#bulkSize()} of one currency.
   *
   * @return one outcome for each transfer, in their order. A failed future means that nobody knows
   *     which were executed.
   */
  Future<List<TransferOutcome>> send(List<Transfer> transfers);
}
