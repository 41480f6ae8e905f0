package dev.settle.load.faults;

import dev.settle.demo.node.Scrape;
import dev.settle.demo.terminal.Acknowledgement;
import dev.settle.demo.terminal.AcknowledgementJournal;
import dev.settle.demo.terminal.Merchants;
import dev.settle.load.faults.CardChanges.Latest;
import dev.settle.load.faults.RouterApi.Answer;
import dev.settle.load.faults.RouterApi.Call;
import dev.settle.load.faults.RouterApi.Undecided;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long it takes after a fault until every node is back: ready, of one cluster again, routing by
 * fresh routes, and routing a sale by the newest card change that was answered when the fault
 * ended. Its sales are as real as the terminals'.
 */
final class Convergence {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  /** Of how many members a cluster is, is not looked at. */
  static final int ANY = 0;

  /** The demo's terminals use batches from 1000 on. */
  private static final String BATCH = "000900";

  private final RouterApi router;
  private final int nodes;
  private final int members;
  private final String terminal;
  private final String auditor;
  private final AcknowledgementJournal journal;
  private final List<Acknowledgement> unanswered = new ArrayList<>();
  private int stan;

  /**
   * @param members how many a node must see in its cluster, or {@link #ANY}
   * @param terminal a token of that role
   * @param auditor a token of that role
   */
  Convergence(
      RouterApi router,
      int nodes,
      int members,
      String terminal,
      String auditor,
      AcknowledgementJournal journal) {
    this.router = router;
    this.nodes = nodes;
    this.members = members;
    this.terminal = terminal;
    this.auditor = auditor;
    this.journal = journal;
  }

  /** Waits for it; returns null when it was there, and else what was missing after {@code most}. */
  @Nullable String await(@Nullable Latest change, Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    for (int node = 0; node < nodes; ) {
      String missing = missing(node, change);
      if (missing == null) {
        node++;
      } else if (System.nanoTime() - end > 0) {
        return "node-" + node + ": " + missing;
      } else {
        Thread.sleep(LOOK_EVERY.toMillis());
      }
    }
    return null;
  }

  private @Nullable String missing(int node, @Nullable Latest change) throws InterruptedException {
    try {
      Answer ready = router.management(node, "/health/ready");
      String bindings =
          ready.json().getJsonObject("checks", new JsonObject()).getString("bindings", "");
      if (ready.status() != 200 || !"ok".equals(bindings)) {
        return "not ready: " + ready.body();
      }
      double seen =
          Scrape.parse(router.management(node, "/metrics").body())
              .sum("settlement_cluster_members", "");
      if (members != ANY && seen != members) {
        return "sees " + seen + " members";
      }
      return change == null ? null : sell(node, change);
    } catch (IOException noAnswer) {
      return String.valueOf(noAnswer.getMessage());
    }
  }

  private @Nullable String sell(int node, Latest change) throws IOException, InterruptedException {
    Acknowledgement sale = sale(change.merchant(), Instant.now());
    unanswered.add(sale);
    Answer sold = router.once(node, offer(sale));
    if (sold.status() != 201) {
      return "a sale was answered " + sold.status() + " " + sold.body();
    }
    unanswered.remove(sale);
    String credit = sold.json().getString("creditId", "");
    journal.add(of(credit, sale));
    int version =
        router
            .once(node, new Call(auditor, "GET", "/v1/credits/" + credit, null))
            .json()
            .getInteger("bindingVersion", 0);
    return version >= change.version()
        ? null
        : "routes by version " + version + " and not " + change.version();
  }

  /** Offers again what had no answer, as a terminal would. */
  void finish() throws Undecided, InterruptedException {
    for (Acknowledgement sale : unanswered) {
      Answer sold = router.decided(0, offer(sale), PATIENCE);
      journal.add(of(sold.json().getString("creditId", ""), sale));
    }
    unanswered.clear();
  }

  private Call offer(Acknowledgement sale) {
    return new Call(terminal, "POST", "/v1/transactions", document(sale).encode());
  }

  private Acknowledgement sale(int merchant, Instant offered) {
    return new Acknowledgement(
        "",
        offered,
        "48201000",
        Merchants.merchantId(merchant),
        Merchants.terminalId(merchant),
        BATCH,
        String.format("%06d", ++stan),
        LocalDate.now(ZoneOffset.UTC).toString(),
        "SALE",
        100L + stan,
        "CNY");
  }

  private static Acknowledgement of(String credit, Acknowledgement sale) {
    return new Acknowledgement(
        credit,
        sale.offeredAt(),
        sale.acquirerId(),
        sale.merchantId(),
        sale.terminalId(),
        sale.batchNo(),
        sale.stan(),
        sale.localDate(),
        sale.type(),
        sale.amountMinor(),
        sale.currency());
  }

  private static JsonObject document(Acknowledgement sale) {
    return new JsonObject()
        .put("acquirerId", sale.acquirerId())
        .put("merchantId", sale.merchantId())
        .put("terminalId", sale.terminalId())
        .put("batchNo", sale.batchNo())
        .put("stan", sale.stan())
        .put("rrn", String.format("%012d", Integer.parseInt(sale.stan())))
        .put("localDate", sale.localDate())
        .put("type", sale.type())
        .put("amountMinor", sale.amountMinor())
        .put("currency", sale.currency())
        .put("capturedAt", sale.offeredAt().toString());
  }
}
