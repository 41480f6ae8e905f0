package dev.settle.router.cardchange;

import dev.settle.router.platform.Limits;
import dev.settle.router.rail.Verification;
import dev.settle.router.rail.Verification.TestCredit;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Card changes that the router itself has to move, in PostgreSQL: by whichever node comes first.
 */
final class DueChanges {

  private static final String UNANSWERED =
      """
      UPDATE card_change SET last_error = $3, verify_at = clock_timestamp() + $4 * interval '1 millisecond'
      WHERE change_id = $1 AND attempts = $2 AND state = 'VERIFYING'
      """;

  private final SqlClient client;

  DueChanges(SqlClient client) {
    this.client = client;
  }

  /**
   * A change that this node verifies.
   *
   * @param attempt the lease, from 1: an answer counts only under it
   */
  record Leased(long changeId, int attempt, long accountId, Risk.Facts facts) {}

  /** Takes up to {@code limit} changes for {@link Limits#VERIFICATION_LEASE}. */
  Future<List<Leased>> lease(int limit) {
    return client
        .preparedQuery("SELECT * FROM lease_card_changes($1, $2)")
        .execute(Tuple.of(limit, Limits.VERIFICATION_LEASE.toMillis()))
        .map(
            rows -> {
              List<Leased> leased = new ArrayList<>(rows.size());
              rows.forEach(row -> leased.add(leased(row)));
              return leased;
            });
  }

  private static Leased leased(Row row) {
    return new Leased(
        row.getLong("change"),
        row.getInteger("attempt"),
        row.getLong("account"),
        new Risk.Facts(
            ChangeReason.valueOf(row.getString("reason")),
            row.getString("maker"),
            row.getBoolean("same_owner"),
            row.getBoolean("recently_changed")));
  }

  /**
   * What the router moved.
   *
   * @param state where it stands now
   * @param superseded changes that it superseded
   */
  record Moved(ChangeState state, String merchantId, int superseded) {}

  /**
   * Writes what the bank said, and approves in the same commit where {@code approve}; null when the
   * lease is another's by now or the change has ended.
   */
  Future<@Nullable Moved> record(Leased leased, Verification verification, boolean approve) {
    TestCredit credit = verification.testCredit();
    ChangeState state =
        verification.passed() ? ChangeState.VERIFIED : ChangeState.FAILED_VERIFICATION;
    Tuple parameters =
        Tuple.of(
            leased.changeId(), leased.attempt(), state.name(), verification.nameMatch().name());
    parameters
        .addString(credit == null ? null : credit.booked() ? "ACCC" : "RJCT")
        .addString(credit == null ? null : credit.endToEndId())
        .addString(credit == null ? null : credit.bankCode())
        .addString(why(verification))
        .addBoolean(approve);
    return client
        .preparedQuery("SELECT * FROM record_verification($1,$2,$3,$4,$5,$6,$7,$8,$9)")
        .execute(parameters)
        .map(rows -> moved(rows.iterator().next()));
  }

  private static String why(Verification verification) {
    TestCredit credit = verification.testCredit();
    String match = "name match: " + verification.nameMatch();
    return credit == null
        ? match
        : match + ", test credit: " + (credit.booked() ? "ACCC" : "RJCT " + credit.bankCode());
  }

  /** Notes that the bank gave no answer; it is asked again after {@code pause}. */
  Future<Void> unanswered(Leased leased, String error, Duration pause) {
    return client
        .preparedQuery(UNANSWERED)
        .execute(Tuple.of(leased.changeId(), leased.attempt(), error, pause.toMillis()))
        .mapEmpty();
  }

  /**
   * What became of a scheduled change whose time has come.
   *
   * @param moved null: it failed, and is tried again later
   * @param fault the SQLSTATE, when it failed
   * @param tries how often it has failed
   */
  record Activated(long changeId, @Nullable Moved moved, @Nullable String fault, int tries) {}

  /**
   * Puts one scheduled change whose time has come into force; null when there is none. One that
   * fails stands back behind the others.
   */
  Future<@Nullable Activated> activateNext() {
    return client
        .preparedQuery("SELECT * FROM activate_next_card_change($1)")
        .execute(Tuple.of(Limits.ACTIVATION_PAUSE_MAX.toMillis()))
        .map(rows -> rows.size() == 0 ? null : activated(rows.iterator().next()));
  }

  private static Activated activated(Row row) {
    String fault = row.getString("fault");
    Moved moved =
        fault == null
            ? new Moved(
                ChangeState.EFFECTIVE, row.getString("merchant"), row.getInteger("superseded"))
            : null;
    return new Activated(row.getLong("change"), moved, fault, row.getInteger("tries"));
  }

  /** Ends changes that nobody decided in time; how many. */
  Future<Long> expire() {
    return client
        .preparedQuery("SELECT expire_card_changes($1)")
        .execute(Tuple.of(Limits.CARD_CHANGES_AT_ONCE))
        .map(rows -> rows.iterator().next().getLong(0));
  }

  private static @Nullable Moved moved(Row row) {
    String state = row.getString("outcome");
    return state == null
        ? null
        : new Moved(
            ChangeState.valueOf(state), row.getString("merchant"), row.getInteger("superseded"));
  }
}
