package dev.settle.router.dispatch;

import dev.settle.router.platform.Limits;
import dev.settle.router.rail.Rail;
import dev.settle.router.rail.RailGate;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.data.Interval;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.HashMap;
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

  /** Of the rails that are being asked. */
  private final Map<String, Future<Void>> turns = new HashMap<>();

  private long timer;
  private boolean stopped;

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
    return Future.join(List.copyOf(turns.values())).mapEmpty();
  }

  /** Each rail for itself: one that does not answer keeps no other from being asked. */
  private void run() {
    for (Rail rail : parts.rails().all()) {
      if (!stopped && rail.capabilities().enquiry() && !turns.containsKey(rail.name())) {
        Promise<Void> done = Promise.promise();
        turns.put(rail.name(), done.future());
        Future.succeededFuture()
            .compose(start -> rounds(rail, Limits.ENQUIRY_ROUNDS))
            .onFailure(failure -> LOG.warn("rail {} could not be asked", rail.name(), failure))
            .onComplete(
                asked -> {
                  turns.remove(rail.name());
                  done.complete();
                });
      }
    }
  }

  /** Nothing is taken that cannot be asked: it would be nobody's until its lease is over. */
  private Future<Void> rounds(Rail rail, int left) {
    RailGate gate = parts.rails().gate(rail);
    if (left == 0 || stopped || !gate.tryEnter()) {
      return Future.succeededFuture();
    }
    return parts
        .pool()
        .preparedQuery("SELECT *, clock_timestamp() AS now FROM enquiries_due($1, $2, $3)")
        .execute(
            Tuple.tuple()
                .addArrayOfString(new String[] {rail.name()})
                .addInteger(Limits.ENQUIRIES)
                .addValue(Interval.of(Limits.ENQUIRY_LEASE)))
        .map(this::due)
        .onFailure(untaken -> gate.left())
        .compose(
            due -> {
              Future<Void> asked =
                  new EnquiryTurn(parts, rail, outcomes, accounts, sizes, due).run();
              return due.size() < Limits.ENQUIRIES
                  ? asked
                  : asked.compose(before -> rounds(rail, left - 1));
            });
  }

  private List<EnquiryDue> due(RowSet<Row> rows) {
    Instant now = parts.clock().instant();
    return rows.stream().map(row -> EnquiryDue.of(row, now)).toList();
  }
}
