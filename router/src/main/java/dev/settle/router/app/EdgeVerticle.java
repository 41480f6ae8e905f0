package dev.settle.router.app;

import dev.settle.router.credit.Recorder;
import dev.settle.router.dispatch.Dispatcher;
import dev.settle.router.edge.HeadCheck;
import dev.settle.router.platform.Databases;
import dev.settle.router.platform.Limits;
import dev.settle.router.transaction.ReplayWindow;
import dev.settle.router.transaction.TransactionReader;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.util.concurrent.TimeUnit;

/**
 * One event loop's share of the work: its connections from terminals, its recorder, its dispatcher,
 * its database connections.
 */
final class EdgeVerticle extends VerticleBase {

  private final NodeParts parts;
  private final String writer;
  private HttpServer server;
  private Recorder recorder;
  private Dispatcher dispatcher;
  private int countedDepth;
  private long tickNanos;
  private volatile boolean leaving;

  /**
   * @param writer the name of this event loop's control totals, the same after a restart
   */
  @SuppressWarnings("NullAway.Init") // Made in start(), on the event loop that they belong to.
  EdgeVerticle(NodeParts parts, String writer) {
    this.parts = parts;
    this.writer = writer;
  }

  @Override
  public Future<?> start() {
    long owner = parts.lease().nodeId();
    dispatcher =
        new Dispatcher(
            vertx,
            parts.dispatch(pool(Limits.DISPATCHER_CONNECTIONS, "dispatcher"), writer),
            Limits.CONSIGNMENTS_PER_RAIL);
    recorder =
        new Recorder(
            vertx,
            pool(Limits.RECORDER_CONNECTIONS, "recorder"),
            owner,
            writer,
            parts.bindings(),
            parts.routing(),
            dispatcher::offer,
            parts.metrics());
    var window = new ReplayWindow(Clock.systemUTC(), parts.settings().replayWindow());
    var reader = new TransactionReader(window);
    tickNanos = System.nanoTime();
    parts.entrance().open(parts.settings().httpPort());
    vertx.setPeriodic(Limits.TICK.toMillis(), tick -> tick());
    Tls tls = new Tls(parts.settings().access().tls());
    return vertx
        .createHttpServer(tls.applyTo(parts.entrance().publicOptions()))
        .exceptionHandler(failure -> Tls.hear(failure, parts.credentials()))
        .invalidRequestHandler(PublicApi::invalid)
        .requestHandler(
            new HeadCheck(untilLeaving(PublicApi.router(vertx, parts, recorder, reader))))
        .listen(parts.settings().httpPort(), parts.settings().httpHost())
        .onSuccess(listening -> server = listening)
        .onSuccess(listening -> parts.entrance().open(listening.actualPort()))
        .onSuccess(listening -> tls.watch(vertx, listening));
  }

  private Pool pool(int connections, String use) {
    return Databases.pool(vertx, parts.settings().database(), connections, use + " " + writer);
  }

  private void tick() {
    long now = System.nanoTime();
    parts.metrics().eventLoopDelay(Math.max(0, now - tickNanos - Limits.TICK.toNanos()));
    tickNanos = now;
    countDepth();
  }

  private void countDepth() {
    int depth = recorder.depth();
    parts.queueDepth().addAndGet(depth - countedDepth);
    countedDepth = depth;
  }

  /** While the node is about to leave, callers are answered, and told to come by another line. */
  private Handler<HttpServerRequest> untilLeaving(Handler<HttpServerRequest> api) {
    return request -> {
      if (leaving && request.version() != HttpVersion.HTTP_2) {
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        request
            .response()
            .bodyEndHandler(end -> context.runOnContext(sent -> request.connection().close()));
      }
      api.handle(request);
    };
  }

  /** Closes connections from now on when their next answer is sent. */
  void leave() {
    leaving = true;
  }

  int port() {
    return server.actualPort();
  }

  boolean isIdle() {
    return dispatcher.isIdle() && recorder.depth() == 0;
  }

  /**
   * Stops listening, then waits a bounded time for commits and for what is on its way to the bank.
   */
  Future<Void> drain() {
    // On the event loop that recorder and dispatcher belong to, whoever calls.
    Promise<Void> drained = Promise.promise();
    context.runOnContext(turn -> drainHere().onComplete(drained));
    return drained.future();
  }

  private Future<Void> drainHere() {
    return server
        .shutdown(Limits.DRAIN.toMillis() / 2, TimeUnit.MILLISECONDS)
        .otherwiseEmpty()
        .compose(
            closed -> recorder.drained().timeout(Limits.DRAIN.toMillis(), TimeUnit.MILLISECONDS))
        .compose(recorded -> dispatcher.idle());
  }
}
