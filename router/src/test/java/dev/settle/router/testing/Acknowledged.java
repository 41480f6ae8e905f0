package dev.settle.router.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.invariant.Witnesses.Acknowledgement;
import java.time.LocalDate;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** What terminals were told, kept apart from everything that could forget it. */
public final class Acknowledged {

  private final Queue<Acknowledgement> all = new ConcurrentLinkedQueue<>();

  /** Keeps that {@code transaction} was acknowledged as {@code creditId}. */
  public void add(JsonNode transaction, String creditId) {
    all.add(
        new Acknowledgement(
            creditId,
            transaction.path("acquirerId").asText(),
            transaction.path("merchantId").asText(),
            transaction.path("terminalId").asText(),
            transaction.path("batchNo").asText(),
            transaction.path("stan").asText(),
            LocalDate.parse(transaction.path("localDate").asText()),
            transaction.path("type").asText(),
            transaction.path("amountMinor").asLong(),
            transaction.path("currency").asText()));
  }

  public Stream<Acknowledgement> stream() {
    return all.stream();
  }

  public int size() {
    return all.size();
  }
}
