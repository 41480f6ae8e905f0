package dev.settle.router.credit;

import dev.settle.router.binding.Bindings;
import dev.settle.router.binding.MerchantRoute;
import dev.settle.router.credit.RecordStore.Recorded;
import dev.settle.router.platform.Limits;
import dev.settle.router.routing.Decision;
import dev.settle.router.routing.Decision.Held;
import dev.settle.router.routing.Routing;
import dev.settle.router.transaction.Transaction;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records transactions by group commit, without a timer: while one commit is in flight, what
 * arrives is queued; when it returns, all that is queued goes into the next, up to {@link
 * Limits#RECORD_ROWS}. At low load a commit holds one transaction and its latency is one flush;
 * under load commits grow by themselves.
 *
 * <p>The line of a batch: look up the routes of all its merchants, decide each without I/O, record
 * all in one statement, answer each, hand the made batches to dispatch. A commit is never
 * cancelled, and never given up on for time.
 *
 * <p>Belongs to one event loop; there is one for each.
 */
public final class Recorder {

  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
  private static final Comparator<Decided> BY_KEY =
      Comparator.comparing(row -> row.transaction().key());
  private static final Set<String> WORTH_RETRYING = Set.of("40001", "40P01");

  /** Classes of SQL states: connection, rollback, resources, intervention, system, internal. */
  private static final Set<String> UNAVAILABLE = Set.of("08", "40", "53", "57", "58", "XX");

  private static final String READ_ONLY = "25006";

  private final Context context;
  private final Bindings bindings;
  private final Routing routing;
  private final RecordStore store;
  private final Consumer<Batch> dispatch;
  private final RecorderMetrics metrics;

  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
  private final ArrayDeque<Runnable> waitingForRoom = new ArrayDeque<>();
  private boolean committing;
  private boolean wakeScheduled;
  private Promise<Void> idle = Promise.promise();
  private long saidThatItIsOut = System.nanoTime() - Limits.OUTAGE_SAID_EVERY.toNanos();
  private int unconfirmed;

  private record Waiting(Transaction transaction, Consumer<Receipt> receiver) {}

  /**
   * @param pool of {@link Limits#RECORDER_CONNECTIONS}, used by this recorder alone
   * @param owner the node's lease id
   * @param writer the name of this event loop's control totals
   * @param dispatch takes the batches of every commit, on this event loop
   */
  public Recorder(
      Vertx vertx,
      Pool pool,
      long owner,
      String writer,
      Bindings bindings,
      Routing routing,
      Consumer<Batch> dispatch,
      RecorderMetrics metrics) {
    this.context = vertx.getOrCreateContext();
    this.store = new RecordStore(pool, owner, writer);
    this.bindings = bindings;
    this.routing = routing;
    this.dispatch = dispatch;
    this.metrics = metrics;
  }

  /** Transactions that wait for a commit. */
  public int depth() {
    return queue.size();
  }

  /** Whether {@link #offer} would refuse. */
  public boolean isFull() {
    return queue.size() >= Limits.RECORD_QUEUE;
  }

  /**
   * Queues a transaction; {@code receiver} is told what became of it, on this event loop, once that
   * is durable. Returns false, and does nothing, when the queue is full.
   */
  public boolean offer(Transaction transaction, Consumer<Receipt> receiver) {
    if (isFull()) {
      return false;
    }
    queue.add(new Waiting(transaction, receiver));
    wake();
    return true;
  }

  /** Calls {@code resume} once when the queue has room again. */
  public void whenRoom(Runnable resume) {
    waitingForRoom.add(resume);
  }

  /** Done when nothing is queued or in flight. */
  public Future<Void> drained() {
    return !committing && queue.isEmpty() ? Future.succeededFuture() : idle.future();
  }

  /** Waits for the end of this turn of the event loop, so that all it read goes into one commit. */
  private void wake() {
    if (!committing && !wakeScheduled) {
      wakeScheduled = true;
      context.runOnContext(
          turn -> {
            wakeScheduled = false;
            commitNext();
          });
    }
  }

  private void commitNext() {
    if (committing || queue.isEmpty()) {
      return;
    }
    committing = true;
    List<Waiting> taken = take();
    metrics.commitOf(taken.size());
    // All of it inside a future, so that whatever is thrown is answered and the next commit comes.
    Future.succeededFuture(merchantsOf(taken))
        .compose(bindings::routes)
        .compose(routes -> decide(taken, routes))
        .compose(rows -> record(rows, 1))
        .onFailure(failure -> refuse(taken, failure))
        .eventually(
            () -> {
              committing = false;
              return Future.succeededFuture();
            })
        .onComplete(done -> next());
  }

  private void next() {
    while (!isFull() && !waitingForRoom.isEmpty()) {
      guarded("a sender could not be resumed", waitingForRoom.poll());
    }
    if (!queue.isEmpty()) {
      commitNext();
    } else {
      Promise<Void> reached = idle;
      idle = Promise.promise();
      reached.complete();
    }
  }

  private List<Waiting> take() {
    int size = Math.min(queue.size(), Limits.RECORD_ROWS);
    List<Waiting> taken = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      taken.add(queue.poll());
    }
    return taken;
  }

  private static Set<String> merchantsOf(List<Waiting> taken) {
    Set<String> merchants = new HashSet<>(taken.size() * 2);
    taken.forEach(waiting -> merchants.add(waiting.transaction().key().merchantId()));
    return merchants;
  }

  /**
   * A claim looks at the database again before it pays, so a route to pay by may be old; nothing
   * looks again at what is held. So a cached route that says hold is read anew first.
   */
  private Future<List<Decided>> decide(List<Waiting> taken, Map<String, MerchantRoute> routes) {
    List<Decided> rows = decideBy(taken, routes);
    Set<String> toHold = new HashSet<>();
    for (Decided row : rows) {
      if (row.decision() instanceof Held && row.decision().version() > 0) {
        toHold.add(row.transaction().key().merchantId());
      }
    }
    if (toHold.isEmpty()) {
      return Future.succeededFuture(rows);
    }
    return bindings
        .refresh(toHold)
        .map(
            fresh -> {
              Map<String, MerchantRoute> current = new HashMap<>(routes);
              current.putAll(fresh);
              return decideBy(taken, current);
            });
  }

  private List<Decided> decideBy(List<Waiting> taken, Map<String, MerchantRoute> routes) {
    List<Decided> rows = new ArrayList<>(taken.size());
    for (Waiting waiting : taken) {
      Transaction transaction = waiting.transaction();
      Decision decision =
          routing.decide(
              routes.get(transaction.key().merchantId()),
              transaction.key().terminalId(),
              transaction.amount().currency(),
              transaction.amount().minor());
      rows.add(new Decided(transaction, decision, waiting.receiver()));
    }
    rows.sort(BY_KEY);
    return rows;
  }

  private Future<Void> record(List<Decided> rows, int attempt) {
    return store
        .record(rows)
        .map(recorded -> answer(rows, recorded))
        .recover(
            failure ->
                attempt < Limits.RECORD_ATTEMPTS && isWorthRetrying(failure)
                    ? record(rows, attempt + 1)
                    : Future.failedFuture(failure));
  }

  private static boolean isWorthRetrying(Throwable failure) {
    return failure instanceof PgException sql && WORTH_RETRYING.contains(sql.getSqlState());
  }

  private Void answer(List<Decided> rows, Recorded recorded) {
    for (int i = 0; i < rows.size(); i++) {
      tell(rows.get(i).receiver(), recorded.receipts().get(i));
    }
    for (Batch batch : recorded.batches()) {
      guarded("a batch was left to the sweep", () -> dispatch.accept(batch));
    }
    return null;
  }

  private void refuse(List<Waiting> taken, Throwable failure) {
    boolean ours = isOurs(failure);
    metrics.commitFailed(ours);
    if (ours) {
      LOG.error("a commit of {} transactions failed", taken.size(), failure);
    } else {
      sayThatItIsOut(taken.size(), failure);
    }
    taken.forEach(waiting -> tell(waiting.receiver(), ours ? Receipt.FAILED : Receipt.UNCERTAIN));
  }

  /** Not for every commit: there are hundreds a second, and the metrics count them. */
  private void sayThatItIsOut(int transactions, Throwable failure) {
    unconfirmed += transactions;
    long now = System.nanoTime();
    if (now - saidThatItIsOut > Limits.OUTAGE_SAID_EVERY.toNanos()) {
      LOG.warn(
          "the database did not confirm {} transactions; their terminals send them again: {}",
          unconfirmed,
          failure.toString());
      saidThatItIsOut = now;
      unconfirmed = 0;
    }
  }

  /**
   * A statement that the database understood and refused is our fault; anything else is its
   * availability: also a server that only reads, as a standby does before it is promoted.
   */
  private static boolean isOurs(Throwable failure) {
    if (!(failure instanceof PgException sql)) {
      return failure instanceof RuntimeException
          && !(failure instanceof io.vertx.core.VertxException);
    }
    String state = sql.getSqlState() == null ? "" : sql.getSqlState();
    return !state.equals(READ_ONLY)
        && UNAVAILABLE.stream().noneMatch(classOfStates -> state.startsWith(classOfStates));
  }

  private static void tell(Consumer<Receipt> receiver, Receipt receipt) {
    guarded("a receipt could not be handed over", () -> receiver.accept(receipt));
  }

  /** What is durable stays so: one receiver's fault is neither its neighbours' nor the commit's. */
  private static void guarded(String failed, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException fault) {
      LOG.error(failed, fault);
    }
  }
}
