package dev.settle.router.retention;

import dev.settle.router.platform.Limits;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Commits what needs a lock that sales or readers are in the way of: each attempt waits for it so
 * shortly that a sale behind it does not feel it, and the next comes after a pause.
 */
final class Attempts {

  /** PostgreSQL's codes for a lock that did not come in time, and for a deadlock. */
  private static final Set<String> IN_THE_WAY = Set.of("55P03", "40P01");

  private final Connection connection;
  private final ArchiveWatch watch;

  Attempts(Connection connection, ArchiveWatch watch) {
    this.connection = connection;
    this.watch = watch;
  }

  /** One attempt's work, in its own transaction. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws SQLException;
  }

  /** What the work returned, committed; or null when something was in the way each time. */
  <T> @Nullable T commit(Work<T> work) throws SQLException, InterruptedException {
    for (int attempt = 1; attempt <= Limits.ARCHIVE_ATTEMPTS; attempt++) {
      if (attempt > 1) {
        watch.pause(Limits.ARCHIVE_PAUSE);
      }
      connection.setAutoCommit(false);
      boolean committed = false;
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET LOCAL lock_timeout = " + Limits.ARCHIVE_LOCK.toMillis());
        T done = work.run();
        connection.commit();
        committed = true;
        return done;
      } catch (SQLException failed) {
        if (!IN_THE_WAY.contains(String.valueOf(failed.getSQLState()))) {
          throw failed;
        }
      } finally {
        // First: to switch back would commit what is there.
        if (!committed) {
          connection.rollback();
        }
        connection.setAutoCommit(true);
      }
    }
    return null;
  }
}
