package dev.settle.sandbox.bank;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;

/**
 * A bank to pay into: an HTTP server on the loopback address that keeps its own books on disk and
 * answers a restart on the same books as it answered before.
 *
 * <ul>
 *   <li>{@code POST /credit-transfers}: up to 5,000 transfers and 4 MiB; one ISO 20022 verdict
 *       each, in order. Idempotent by {@code endToEndId}; the same id with other content is {@code
 *       RJCT/DUPL}.
 *   <li>{@code GET /credit-transfers/{endToEndId}}: the verdict, or 404 if the id was never
 *       received.
 *   <li>{@code POST /accounts/verify}: name match and, with {@code "testCredit":true}, a credit of
 *       0.01 CNY. With a {@code requestId} (the shape of an end-to-end id) it is idempotent: the
 *       same id again books no second test credit and is answered the same.
 *   <li>{@code GET /books?since=}: every booking not before that RFC 3339 time, as NDJSON; {@code
 *       GET /books/summary}: count and amounts of the credits, without test credits.
 * </ul>
 *
 * <p>The last four digits of an account number choose a rejection: 0004 AC04, 0006 AC06, 0015 AC15,
 * 0001 BE01, 0002 AM02; every other account is credited at once. They choose the name match as
 * well: 0001 NO_MATCH, 0100 NOT_CHECKED, 0101 CLOSE, every other MATCH. The endings that take time
 * or lose answers (0008, 0009, 0010, 0012) are ordinary accounts here and {@code PUT /faults}
 * answers 404: this bank plays no faults.
 */
public final class SandboxBank {
  private final Vertx vertx;
  private final SandboxBankVerticle verticle;
  private final String deployment;

  private SandboxBank(Vertx vertx, SandboxBankVerticle verticle, String deployment) {
    this.vertx = vertx;
    this.verticle = verticle;
    this.deployment = deployment;
  }

  /**
   * Starts a bank on 127.0.0.1.
   *
   * @param port the port to listen on, 0 for a free one
   * @param books the file of its books, created with its directories when absent; fails when
   *     another bank holds it or a line other than a torn last one is damaged
   */
  public static Future<SandboxBank> start(Vertx vertx, int port, Path books) {
    SandboxBankVerticle verticle = new SandboxBankVerticle(port, books, Clock.systemUTC());
    return vertx.deployVerticle(verticle).map(id -> new SandboxBank(vertx, verticle, id));
  }

  /** The port that it listens on. */
  public int port() {
    return verticle.port();
  }

  /** Stops listening, finishes what is being booked, and gives the books free. */
  public Future<Void> close() {
    return vertx.undeploy(deployment);
  }
}
