package dev.settle.router.retention;

import dev.settle.router.platform.Limits;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;

/**
 * Brings departures and batches after the credits they belong to, a piece in each commit. What a
 * run that died had moved stays moved; the next goes on there.
 */
final class Followers {

  private final Connection connection;
  private final Attempts attempts;
  private final ArchiveWatch watch;
  private final int credits;

  /**
   * @param credits whose departures and batches are one piece
   */
  Followers(Connection connection, Attempts attempts, ArchiveWatch watch, int credits) {
    this.connection = connection;
    this.attempts = attempts;
    this.watch = watch;
    this.credits = credits;
  }

  /** All of a month's. False: something was in the way at every attempt; the rest waits. */
  boolean moveAll(LocalDate month) throws SQLException, InterruptedException {
    while (true) {
      long started = System.nanoTime();
      Boolean more = attempts.commit(() -> piece(month));
      if (more == null) {
        return false;
      }
      if (!more) {
        watch.reached(month, ArchiveStep.DONE);
        return true;
      }
      watch.reached(month, ArchiveStep.FOLLOWED);
      // Half of the time is the others'.
      Duration took = Duration.ofNanos(System.nanoTime() - started);
      watch.pause(took.compareTo(Limits.ARCHIVE_PAUSE) < 0 ? took : Limits.ARCHIVE_PAUSE);
    }
  }

  private boolean piece(LocalDate month) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT move_followers(?, ?)")) {
      statement.setObject(1, month);
      statement.setInt(2, credits);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        if (row.getBoolean(1)) {
          watch.reached(month, ArchiveStep.FOLLOWING);
        }
        return row.getBoolean(1);
      }
    }
  }
}
