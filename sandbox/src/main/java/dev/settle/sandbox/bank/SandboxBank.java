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
 *   <li>{@code POST /credit-transfers}: up to 5,000 transfers and 4 MiB; one ISO 20022 status each,
 *       in order: {@code ACCC} credited, {@code ACWP} accepted and credited later, {@code RJCT}
 *       with a reason; {@code bookedMinor} when it is not the amount. Idempotent by {@code
 *       endToEndId}: the same id is answered with what it is by now; with other content {@code
 *       RJCT/DUPL}.
 *   <li>{@code GET /credit-transfers/{endToEndId}}: the present status, the amount, and {@code
 *       returned}; 404 if the id was never received. {@code POST /credit-transfers/enquiries}: the
 *       same of up to 5,000 {@code endToEndIds}, in order; {@code NOTFOUND} for one never received.
 *       Both see every request that was received before them.
 *   <li>{@code POST /accounts/verify}: name match and, with {@code "testCredit":true}, a credit of
 *       0.01 CNY. With a {@code requestId} (the shape of an end-to-end id) it is idempotent: the
 *       same id again books no second test credit and is answered the same.
 *   <li>{@code GET /books?since=}: every booking not before that RFC 3339 time, as NDJSON; {@code
 *       GET /books/summary}: count and amounts of the credits, without test credits; {@code GET
 *       /statement?since=}: credits and returns, for reconciliation.
 *   <li>{@code PUT /faults}, {@code GET /faults}, {@code GET /faults/fired}, {@code PUT
 *       /notification-target}: steer it; see {@code docs/operating/sandbox-bank.md}.
 * </ul>
 *
 * <p>The last four digits of an account number give the bank orders: 0004 AC04, 0006 AC06, 0015
 * AC15, 0001 BE01, 0002 AM02; 0008 is credited and the request never answered, 0009 is accepted and
 * credited later, 0010 is credited and returned later, 0012 is credited half. They choose the name
 * match as well: 0001 NO_MATCH, 0100 NOT_CHECKED, 0101 CLOSE, every other MATCH. Every other
 * account is credited at once, unless a fault hits.
 *
 * <p>With a notification target it reports, signed and at least once, what its answers did not tell
 * whole: later credits, returns, parts, changed accounts.
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

  /** Starts a bank on 127.0.0.1 with the defaults of {@link BankOptions#of}. */
  public static Future<SandboxBank> start(Vertx vertx, int port, Path books) {
    return start(vertx, BankOptions.of(port, books));
  }

  /**
   * Starts a bank; fails when another bank holds the books or a line of them other than a torn last
   * one is damaged.
   */
  public static Future<SandboxBank> start(Vertx vertx, BankOptions options) {
    SandboxBankVerticle verticle = new SandboxBankVerticle(options, Clock.systemUTC());
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
