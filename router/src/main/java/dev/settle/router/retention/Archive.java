package dev.settle.router.retention;

import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Limits;
import dev.settle.router.retention.MonthReport.Outcome;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run over the months that are closed: every credit posted, nothing of them open, and the time
 * over within which a re-sent transaction is recognised. Each goes over into the archive as a
 * whole; then what belongs to its credits follows. A run that ends anywhere is taken up by the
 * next. Of two at once, one does nothing. Blocking, on a connection of its own.
 */
public final class Archive {

  private static final String ALONE = "SELECT pg_try_advisory_lock(7007, 0)";

  private final Connection connection;
  private final Duration replayWindow;
  private final ArchiveWatch watch;
  private final HotMonths months;
  private final Departure departure;
  private final Followers followers;

  /**
   * @param replayWindow how far back nodes take sales, by this command's settings; what nodes say
   *     themselves counts if it is more
   */
  public Archive(Connection connection, Duration replayWindow, ArchiveWatch watch) {
    this(connection, replayWindow, watch, Limits.ARCHIVE_PIECE_CREDITS);
  }

  /** As above; {@code piece} credits' departures and batches follow in one commit. */
  Archive(Connection connection, Duration replayWindow, ArchiveWatch watch, int piece) {
    this.connection = connection;
    this.replayWindow = replayWindow;
    this.watch = watch;
    Attempts attempts = new Attempts(connection, watch);
    this.months = new HotMonths(connection);
    this.departure = new Departure(connection, attempts, replayWindow, watch);
    this.followers = new Followers(connection, attempts, watch, piece);
  }

  /**
   * What a run found and did.
   *
   * @param horizon the first local date that may not leave
   * @param months the oldest first; null: another run is at work, and this one did nothing
   */
  public record Report(LocalDate horizon, @Nullable List<MonthReport> months) {

    /** Whether nobody has to do anything. */
    public boolean isGood() {
      return months == null || months.stream().allMatch(MonthReport::isGood);
    }
  }

  /**
   * Lets months leave that end before {@code before}, or all that may. Throws {@link
   * ConfigurationException} when that is a date whose sales nodes still take.
   *
   * @param dryRun only says which
   */
  public Report run(@Nullable LocalDate before, boolean dryRun)
      throws SQLException, InterruptedException {
    LocalDate horizon = months.horizon(replayWindow, Limits.ARCHIVE_MARGIN_DAYS);
    if (before != null && before.isAfter(horizon)) {
      throw new ConfigurationException(
          "--before "
              + before
              + ": sales of "
              + horizon
              + " and later may not leave, by the replay window (settle.replay.window.days, and"
              + " what nodes said within a day) and a margin of "
              + Limits.ARCHIVE_MARGIN_DAYS
              + " days");
    }
    if (!dryRun && !alone()) {
      return new Report(horizon, null);
    }
    List<MonthReport> reports = new ArrayList<>();
    if (!dryRun) {
      for (LocalDate month : months.moving()) {
        reports.add(follow(month, Outcome.COMPLETED, List.of()));
      }
    }
    LocalDate limit = before == null ? horizon : before;
    List<LocalDate> closed = months.before(limit);
    if (!closed.isEmpty()) {
      Map<LocalDate, List<String>> kept = months.kept(closed.get(0), limit);
      for (LocalDate month : closed) {
        List<String> why = kept.get(month);
        reports.add(
            why != null
                ? new MonthReport(month, Outcome.KEPT, why)
                : dryRun ? new MonthReport(month, Outcome.MAY_LEAVE, List.of()) : leave(month));
      }
    }
    return new Report(horizon, reports);
  }

  /** Held until the connection is closed. */
  private boolean alone() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(ALONE)) {
      row.next();
      return row.getBoolean(1);
    }
  }

  private MonthReport leave(LocalDate month) throws SQLException, InterruptedException {
    if (!departure.prepare(month)) {
      return inTheWay(month);
    }
    MonthCount count = MonthCount.of(connection, month);
    watch.reached(month, ArchiveStep.COUNTED);
    if (count.notPosted() > 0) {
      return new MonthReport(
          month,
          Outcome.WRONG,
          List.of(
              count.notPosted()
                  + " credits are not posted though nothing of them is open: run `settle verify`"));
    }
    String outcome = departure.leave(month, count);
    if (outcome == null) {
      return inTheWay(month);
    }
    return switch (outcome) {
      case "LEFT" -> {
        watch.reached(month, ArchiveStep.LEFT);
        yield follow(month, Outcome.LEFT, totals(count));
      }
      case "KEPT_HOT" ->
          new MonthReport(month, Outcome.KEPT, List.of("something was opened meanwhile"));
      case "WITHIN_WINDOW" ->
          new MonthReport(
              month, Outcome.KEPT, List.of("a node that takes sales of it started meanwhile"));
      default ->
          new MonthReport(
              month,
              Outcome.WRONG,
              List.of("credits were added to it meanwhile: by whom? Nodes refuse sales so old"));
    };
  }

  private MonthReport follow(LocalDate month, Outcome outcome, List<String> totals)
      throws SQLException, InterruptedException {
    return followers.moveAll(month) ? new MonthReport(month, outcome, totals) : inTheWay(month);
  }

  private static MonthReport inTheWay(LocalDate month) {
    return new MonthReport(
        month,
        Outcome.NOT_REACHED,
        List.of(
            "its table was in use at each of "
                + Limits.ARCHIVE_ATTEMPTS
                + " attempts: run it again while no `verify`, backup or long query runs"));
  }

  private static List<String> totals(MonthCount count) {
    List<String> totals = new ArrayList<>();
    totals.add(count.credits() + " credits");
    count.totals().forEach(total -> totals.add(total.currency() + " " + total.minor()));
    return totals;
  }
}
