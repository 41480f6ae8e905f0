package dev.settle.router.audit.check;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Computes the chain of the audit and the seals of the book anew, in one read-only snapshot.
 * Blocking: for commands and tests.
 */
public final class AuditCheck {

  private AuditCheck() {}

  /**
   * The connection is handed back as it came.
   *
   * @param head the end of the chain as it was kept elsewhere; null: none was
   */
  public static AuditReport check(
      Connection connection, @Nullable AuditHead head, AuditProgress progress) throws SQLException {
    AuditReport report = new AuditReport();
    boolean autoCommit = connection.getAutoCommit();
    int isolation = connection.getTransactionIsolation();
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try (Statement statement = connection.createStatement()) {
      // Until the end no month leaves for the archive, which is no part of a snapshot.
      statement.execute("LOCK TABLE credit, archive.credit IN ACCESS SHARE MODE");
      // One row after the other by the indexes, so that nothing is gathered before the first comes.
      statement.execute("SET LOCAL enable_seqscan = off");
      statement.execute("SET LOCAL enable_hashjoin = off");
      statement.execute("SET LOCAL enable_mergejoin = off");
      statement.execute("SET LOCAL jit = off");
      new ChainCheck(report, head, progress).walk(connection);
      new SealCheck(report, progress).walk(connection);
    } finally {
      connection.rollback();
      connection.setTransactionIsolation(isolation);
      connection.setAutoCommit(autoCommit);
    }
    return report;
  }
}
