package dev.settle.demo.terminal;

import io.vertx.core.json.JsonObject;

/**
 * One sale as a terminal sends it. Its key is the first seven components; a sale that is sent again
 * is the same in all of them and in all others.
 *
 * @param batchNo six digits
 * @param stan six digits
 * @param localDate the terminal's date, ISO 8601
 * @param amountMinor minor units of {@code currency}
 * @param rrn twelve digits
 * @param capturedAt RFC 3339
 */
public record Sale(
    String acquirerId,
    String merchantId,
    String terminalId,
    String batchNo,
    String stan,
    String localDate,
    String type,
    long amountMinor,
    String currency,
    String rrn,
    String capturedAt) {

  /** The body of {@code POST /v1/transactions}. */
  JsonObject document() {
    return new JsonObject()
        .put("acquirerId", acquirerId)
        .put("merchantId", merchantId)
        .put("terminalId", terminalId)
        .put("batchNo", batchNo)
        .put("stan", stan)
        .put("rrn", rrn)
        .put("localDate", localDate)
        .put("type", type)
        .put("amountMinor", amountMinor)
        .put("currency", currency)
        .put("capturedAt", capturedAt);
  }
}
