package dev.settle.router.dispatch;

import dev.settle.router.platform.Limits;
import dev.settle.router.rail.Rail;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.data.Interval;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks banks, every second, what became of single credits that they took and did not credit, or
 * only in part, that are announced to come back, or that nobody knows of: each under its own
 * end-to-end id, ever less often. What is still unknown after a configured time is a person's move;
 * it is asked about all the same.
 *
 * <p>Nodes may run this at once: what one has taken the others pass over until its lease is over.
 * Belongs to one event loop.
 */
public final class Enquirer {

  private static final Logger LOG = LoggerFactory.getLogger(Enquirer.class);

  private final Vertx vertx;
  private final DispatchParts parts;
  private final OutcomeStore outcomes;
  private final RefusedAccounts accounts;
  private final EnquirySizes sizes = new EnquirySizes();
  private long timer;
  private boolean running;
  private boolean stopped;
  private Future<Void> lastRun = Future.succeededFuture();

  /**
   * @param parts on this event loop
   */
  public Enquirer(Vertx vertx, DispatchParts parts) {
    this.vertx = vertx;
    this.parts = parts;
    this.outcomes = new OutcomeStore(parts.pool(), parts.writer(), parts.metrics());
    this.accounts = new RefusedAccounts(parts.pool(), parts.bindings(), parts.metrics());
  }

  public void start() {
    timer = vertx.setPeriodic(Limits.ENQUIRE_EVERY.toMillis(), tick -> run());
  }

  /** Asks no more; done when what was asked is answered. */
  public Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    return lastRun;
  }

  private void run() {
    if (running || stopped) {
      return;
    }
    running = true;
    lastRun =
        Future.succeededFuture()
            .compose(start -> round(Limits.ENQUIRY_ROUNDS))
            .onFailure(failure -> LOG.warn("an enquiry failed; the next one tries again", failure))
            .otherwiseEmpty()
            .onComplete(done -> running = false);
  }

  private Future<Void> round(int left) {
    List<String> usable =
        parts.rails().all().stream()
            .filter(rail -> rail.capabilities().enquiry() && !parts.rails().gate(rail).isOut())
            .map(Rail::name)
            .toList();
    if (left == 0 || stopped || usable.isEmpty()) {
      return Future.succeededFuture();
    }
    return parts
        .pool()
        .preparedQuery("SELECT *, clock_timestamp() AS now FROM enquiries_due($1, $2, $3)")
        .execute(
            Tuple.tuple()
                .addArrayOfString(usable.toArray(String[]::new))
                .addInteger(Limits.ENQUIRIES)
                .addValue(Interval.of(Limits.ENQUIRY_LEASE)))
        .compose(
            rows -> {
              Map<String, List<EnquiryDue>> byRail = new LinkedHashMap<>();
              for (Row row : rows) {
                EnquiryDue due = EnquiryDue.of(row, parts.clock().instant());
                byRail.computeIfAbsent(row.getString("rail"), r -> new ArrayList<>()).add(due);
              }
              // One bank that does not answer keeps no other from being asked.
              Future<Void> asked =
                  Future.join(
                          byRail.entrySet().stream()
                              .map(rail -> askApart(rail.getKey(), rail.getValue()))
                              .toList())
                      .mapEmpty();
              return rows.size() < Limits.ENQUIRIES
                  ? asked
                  : asked.compose(before -> round(left - 1));
            });
  }

  private Future<Void> askApart(String name, List<EnquiryDue> due) {
    return Future.succeededFuture()
        .compose(start -> ask(name, due))
        .onFailure(failure -> LOG.warn("rail {} could not be asked", name, failure))
        .otherwiseEmpty();
  }

  private Future<Void> ask(String name, List<EnquiryDue> due) {
    Rail rail = parts.rails().named(name);
    return rail == null
        ? Future.succeededFuture()
        : new EnquiryTurn(parts, rail, outcomes, accounts, sizes, due).run();
  }
}
