package dev.settle.sandbox.bank;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Opens the books, then listens; on stop the other way round. */
final class SandboxBankVerticle extends VerticleBase {
  private static final String LOOPBACK = "127.0.0.1";

  private final int port;
  private final Path books;
  private final Clock clock;
  private @Nullable WorkerExecutor ledgerThread;
  private @Nullable Ledger ledger;
  private volatile @Nullable HttpServer server;

  SandboxBankVerticle(int port, Path books, Clock clock) {
    this.port = port;
    this.books = books;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    // A name of its own: executors of the same name share their threads, and a ledger must not
    // share its one.
    WorkerExecutor thread =
        vertx.createSharedWorkerExecutor("sandbox-bank-" + deploymentID(), 1, 1, TimeUnit.MINUTES);
    ledgerThread = thread;
    return thread
        .executeBlocking(() -> new Ledger(books, clock))
        .compose(opened -> listen(thread, opened));
  }

  private Future<HttpServer> listen(WorkerExecutor thread, Ledger opened) {
    ledger = opened;
    return vertx
        .createHttpServer(new HttpServerOptions().setHost(LOOPBACK).setPort(port))
        .requestHandler(new BankEndpoint(vertx, thread, opened).router())
        .listen()
        .onSuccess(listening -> server = listening)
        .recover(e -> closeLedger().transform(closed -> Future.failedFuture(e)));
  }

  @Override
  public Future<?> stop() {
    HttpServer listening = server;
    return (listening == null ? Future.succeededFuture() : listening.close())
        .eventually(this::closeLedger);
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
    return thread
        .<Void>executeBlocking(
            () -> {
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
