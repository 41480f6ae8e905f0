package dev.settle.load.bench;

import dev.settle.load.stand.Ratios;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;

/**
 * What was spent, in all or for each credit.
 *
 * @param routerMicros processor time of the router's process, microseconds
 * @param bankMicros the same of the sandbox bank's process
 * @param databaseMicros the same of all processes of PostgreSQL
 * @param walBytes write-ahead log
 * @param flushes of write-ahead log to the disk
 */
record Spent(
    double routerMicros,
    double bankMicros,
    double databaseMicros,
    double walBytes,
    double flushes) {

  private static final String WAL = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')";

  /** Since PostgreSQL 18 it is counted with the rest of input and output. */
  private static final String FLUSHES =
      "SELECT coalesce(sum(fsyncs), 0)::bigint FROM pg_stat_io WHERE object = 'wal'";

  /** As of now, since everything was started. */
  static Spent untilNow(DemoProcess demo, Book book) throws IOException, SQLException {
    return new Spent(
        ProcessTime.own(demo.router()),
        ProcessTime.own(demo.supervisor()),
        ProcessTime.withChildren(demo.postmaster()),
        book.number(WAL),
        book.number(FLUSHES));
  }

  Spent minus(Spent before) {
    return new Spent(
        routerMicros - before.routerMicros,
        bankMicros - before.bankMicros,
        databaseMicros - before.databaseMicros,
        walBytes - before.walBytes,
        flushes - before.flushes);
  }

  Spent per(double credits) {
    return new Spent(
        routerMicros / credits,
        bankMicros / credits,
        databaseMicros / credits,
        walBytes / credits,
        flushes / credits);
  }

  JsonObject json() {
    return new JsonObject()
        .put("routerCpuMicros", Ratios.rounded(routerMicros))
        .put("databaseCpuMicros", Ratios.rounded(databaseMicros))
        .put("walBytes", Ratios.rounded(walBytes))
        .put("flushes", Math.round(flushes * 1e6) / 1e6)
        .put("bankCpuMicros", Ratios.rounded(bankMicros));
  }

  /** For a person. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "router %.1f µs, database %.1f µs, bank %.1f µs of processor; %.0f bytes of log; %.4f flushes",
        routerMicros,
        databaseMicros,
        bankMicros,
        walBytes,
        flushes);
  }
}
