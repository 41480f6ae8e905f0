package dev.settle.sandbox.bank;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the books, then listens; on stop the other way round. */
final class SandboxBankVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(SandboxBankVerticle.class);

  /** How often it looks whether something is due; later bookings are at most that late. */
  private static final long TICK_MS = 50;

  private final BankOptions options;
  private final Clock clock;
  private boolean ticking;
  private long ticker;
  private @Nullable Notifier notifier;
  private @Nullable WorkerExecutor ledgerThread;
  private @Nullable Ledger ledger;
  private volatile @Nullable HttpServer server;

  SandboxBankVerticle(BankOptions options, Clock clock) {
    this.options = options;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    // A name of its own: executors of the same name share their threads, and a ledger must not
    // share its one.
    WorkerExecutor thread =
        vertx.createSharedWorkerExecutor("sandbox-bank-" + deploymentID(), 1, 1, TimeUnit.MINUTES);
    ledgerThread = thread;
    FaultBoard faults = new FaultBoard(options.notifiesAll());
    Notifier delivering = new Notifier(vertx, faults, clock, options);
    notifier = delivering;
    Rules rules = new Rules(faults, options.creditDelay(), options.returnDelay());
    Notices notices = new Notices(faults, delivering::hasTarget);
    return thread
        .executeBlocking(
            () -> new Ledger(options.books(), clock, rules, notices, delivering::accept))
        .compose(opened -> listen(thread, opened, faults, delivering));
  }

  private Future<HttpServer> listen(
      WorkerExecutor thread, Ledger opened, FaultBoard faults, Notifier delivering) {
    ledger = opened;
    ticker = vertx.setPeriodic(TICK_MS, tick -> tick(thread, opened, delivering));
    return vertx
        .createHttpServer(new HttpServerOptions().setHost(options.host()).setPort(options.port()))
        .requestHandler(new BankEndpoint(vertx, thread, opened, faults, delivering).router())
        .listen()
        .onSuccess(listening -> server = listening)
        .recover(e -> closeLedger().transform(closed -> Future.failedFuture(e)));
  }

  private void tick(WorkerExecutor thread, Ledger open, Notifier delivering) {
    if (ticking) {
      return;
    }
    List<String> settled = delivering.takeSettled();
    if (settled.isEmpty() && !open.isDue()) {
      return;
    }
    ticking = true;
    thread
        .<Void>executeBlocking(
            () -> {
              open.settled(settled);
              open.bookDue();
              return null;
            })
        .onFailure(e -> LOG.error("Later bookings failed and are tried again", e))
        .onComplete(done -> ticking = false);
  }

  @Override
  public Future<?> stop() {
    HttpServer listening = server;
    return (listening == null ? Future.succeededFuture() : listening.close())
        .eventually(this::closeNotifier)
        .eventually(this::closeLedger);
  }

  private Future<Void> closeNotifier() {
    return notifier == null ? Future.succeededFuture() : notifier.close();
  }

  /** On the ledger's own thread, behind the bookings that wait there. */
  private Future<Void> closeLedger() {
    Ledger open = ledger;
    WorkerExecutor thread = ledgerThread;
    if (open == null || thread == null) {
      return Future.succeededFuture();
    }
    // A handle to a closed bank must not keep a million decisions in memory.
    ledger = null;
    vertx.cancelTimer(ticker);
    List<String> settled = notifier == null ? List.of() : notifier.takeSettled();
    return thread
        .<Void>executeBlocking(
            () -> {
              open.settled(settled);
              open.close();
              return null;
            })
        .eventually(thread::close);
  }

  int port() {
    HttpServer listening = server;
    if (listening == null) {
      throw new IllegalStateException("the bank does not listen");
    }
    return listening.actualPort();
  }
}
