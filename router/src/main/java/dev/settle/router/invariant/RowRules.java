package dev.settle.router.invariant;

import java.util.List;

/** The rules over raw rows. What belongs to archived months stands in {@link ArchiveRules}. */
final class RowRules {

  private static final RowRule DURABLE_SETTINGS =
      new RowRule(
          Invariant.I1,
          """
          SELECT 'the database runs with ' || name || '=' || setting AS violation FROM pg_settings
          WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes') AND setting = 'off'
          """);

  private static final RowRule ONE_CREDIT_FOR_EACH_KEY =
      new RowRule(
          Invariant.I2,
          """
          SELECT 'transaction ' || concat_ws('/', merchant_id, terminal_id, local_date, batch_no, stan, type, acquirer_id)
                 || ' has ' || count(*) || ' credits' AS violation
          FROM credit GROUP BY merchant_id, terminal_id, local_date, batch_no, stan, type, acquirer_id HAVING count(*) > 1
          """);

  private static final RowRule ONE_ID_FOR_EACH_CREDIT =
      new RowRule(
          Invariant.I2,
          """
          SELECT 'credit id ' || credit_id || ' stands ' || count(*) || ' times' AS violation
          FROM credit GROUP BY credit_id HAVING count(*) > 1
          """);

  /**
   * Every attempt that was sent: which account and version it carried, and when its batch was
   * claimed, in the one order that claims and route changes share. An attempt that a departure
   * ended in the claim itself was not sent.
   */
  private static final String SENT =
      """
      WITH attempt AS (
        SELECT credit_id, 1 AS no, credit_id >> 12 AS batch_id, merchant_id, terminal_id, account_id, binding_version AS version
        FROM credit
        UNION ALL
        SELECT e.credit_id, e.attempt + 1, e.to_batch, e.merchant_id, c.terminal_id, e.to_account, e.to_version
        FROM credit_exception e JOIN credit c USING (credit_id) WHERE e.to_batch IS NOT NULL
      ), sent AS (
        SELECT a.*, b.claim_no, b.state, x.kind AS ended_by
        FROM attempt a JOIN credit_batch b USING (batch_id)
        LEFT JOIN (
          SELECT DISTINCT ON (credit_id, attempt) credit_id, attempt, kind FROM credit_exception
          ORDER BY credit_id, attempt, exception_no DESC
        ) x ON x.credit_id = a.credit_id AND x.attempt = a.no
        WHERE b.claim_no IS NOT NULL AND coalesce(x.kind, '') NOT IN ('HELD', 'REROUTED')
      )
      """;

  private static final RowRule SENT_BY_THE_CURRENT_VERSION =
      new RowRule(
          Invariant.I3,
          SENT
              + """
              SELECT 'credit ' || s.credit_id || ' was claimed by version ' || s.version || ' of ' || s.merchant_id
                     || ' after version ' || min(r.version) || ' had come into force' AS violation
              FROM sent s JOIN route_change r ON r.merchant_id = s.merchant_id AND r.version > s.version
              WHERE r.fence_no < s.claim_no
              GROUP BY s.credit_id, s.version, s.merchant_id
              """);

  private static final RowRule SENT_TO_THE_ACCOUNT_OF_ITS_VERSION =
      new RowRule(
          Invariant.I3,
          SENT
              + """
              SELECT 'credit ' || s.credit_id || ' was sent to account ' || coalesce(s.account_id::text, 'none')
                     || ', which version ' || s.version || ' of ' || s.merchant_id || ' does not name' AS violation
              FROM (SELECT merchant_id, terminal_id, version, account_id, min(credit_id) AS credit_id
                    FROM sent GROUP BY merchant_id, terminal_id, version, account_id) s
              WHERE s.account_id IS DISTINCT FROM (
                SELECT b.account_id FROM binding b
                WHERE b.merchant_id = s.merchant_id AND b.terminal_id IN ('', s.terminal_id) AND b.version <= s.version
                ORDER BY b.terminal_id DESC, b.version DESC LIMIT 1)
              """);

  private static final RowRule SENT_TO_AN_ACTIVE_ACCOUNT =
      new RowRule(
          Invariant.I4,
          SENT
              + """
              , period AS (
                SELECT account_id, status, fence_no AS since,
                       lead(fence_no) OVER (PARTITION BY account_id ORDER BY fence_no) AS until
                FROM account_status_change
                UNION ALL
                SELECT a.account_id, 'unknown', 0, (SELECT min(fence_no) FROM account_status_change c WHERE c.account_id = a.account_id)
                FROM account a)
              SELECT 'credit ' || s.credit_id || ' was claimed for account ' || s.account_id || ', which was ' || p.status AS violation
              FROM sent s JOIN period p ON p.account_id = s.account_id AND p.status <> 'ACTIVE'
                AND s.claim_no > p.since AND (p.until IS NULL OR s.claim_no < p.until)
              """);

  private static final RowRule SENT_TO_NO_BLOCKED_NUMBER =
      new RowRule(
          Invariant.I4,
          SENT
              + """
              , period AS (
                SELECT a.merchant_id, a.number_hash, c.status, c.fence_no AS since,
                       lead(c.fence_no) OVER (PARTITION BY c.account_id ORDER BY c.fence_no) AS until
                FROM account_status_change c JOIN account a USING (account_id))
              SELECT 'credit ' || s.credit_id || ' was claimed for account ' || s.account_id || ', whose number was ' || p.status
                     || ' under whatever name' AS violation
              FROM sent s JOIN account a USING (account_id)
              JOIN period p ON p.merchant_id = a.merchant_id AND p.number_hash = a.number_hash
                AND p.status IN ('RESTRICTED', 'FROZEN', 'CLOSED')
                AND s.claim_no > p.since AND (p.until IS NULL OR s.claim_no < p.until)
              """);

  private static final RowRule SENT_FOR_A_TERMINAL_OF_THE_MERCHANT =
      new RowRule(
          Invariant.I4,
          SENT
              + """
              SELECT 'credit ' || s.credit_id || ' was sent for terminal ' || s.terminal_id || ', which is not of '
                     || s.merchant_id || ', and nobody ordered it' AS violation
              FROM sent s LEFT JOIN terminal t USING (merchant_id, terminal_id)
              WHERE t.terminal_id IS NULL
                AND NOT EXISTS (SELECT FROM credit_release_order o WHERE o.credit_id = s.credit_id)
              """);

  private static final RowRule LATER_DECISIONS_ARE_BY_NO_OLDER_VERSION =
      new RowRule(
          Invariant.I3,
          """
          WITH attempt AS (
            SELECT credit_id, 1 AS no, binding_version AS version FROM credit
            UNION ALL
            SELECT credit_id, attempt + 1, to_version FROM credit_exception WHERE to_batch IS NOT NULL)
          SELECT 'departure ' || e.exception_no || ' of credit ' || e.credit_id || ' was decided by version '
                 || e.decided_version || ' after version ' || a.version AS violation
          FROM credit_exception e JOIN attempt a ON a.credit_id = e.credit_id AND a.no = e.attempt
          WHERE e.decided_version < a.version
          UNION ALL
          SELECT 'credit ' || credit_id || ' went on by version ' || to_version || ' after version ' || decided_version
          FROM credit_exception WHERE to_version < decided_version
          UNION ALL
          SELECT 'credit ' || credit_id || ' had a reason by version ' || h.decided_version || ' before version '
                 || e.decided_version
          FROM credit_hold_reason h JOIN credit_exception e USING (credit_id, exception_no)
          WHERE h.decided_version > e.decided_version
          """);

  private static final RowRule WHAT_IS_CLOSED_HAS_A_SUCCESSOR =
      new RowRule(
          Invariant.I5,
          """
          SELECT 'departure ' || e.exception_no || ' of credit ' || e.credit_id || ' is closed as ' || e.closed_as
                 || ' and nothing follows' AS violation
          FROM credit_exception e
          WHERE e.closed_as = 'FOLLOWED'
            AND NOT EXISTS (SELECT FROM credit_exception n WHERE n.credit_id = e.credit_id AND n.attempt = e.attempt
                              AND n.exception_no = e.exception_no + 1)
          UNION ALL
          SELECT 'credit ' || credit_id || ' has ' || count(*) || ' open departures' FROM credit_exception
          WHERE closed_at IS NULL GROUP BY credit_id HAVING count(*) > 1
          """);

  private static final RowRule EVERY_CREDIT_STANDS =
      new RowRule(
          Invariant.I5,
          """
          SELECT 'credit ' || c.credit_id || ' has no standing: it is in no batch, or in a state that no rule names' AS violation
          FROM credit c LEFT JOIN credit_standing s USING (credit_id) WHERE s.status IS NULL
          """);

  private static final RowRule UNPOSTED_HAS_A_REASON =
      new RowRule(
          Invariant.I5,
          """
          SELECT 'credit ' || credit_id || ' is ' || status || ' without a reason' AS violation
          FROM credit_standing WHERE posted_minor < amount_minor AND reason IS NULL AND status IS NOT NULL
          """);

  private static final RowRule BATCHES_AGREE_WITH_THEIR_CREDITS =
      new RowRule(
          Invariant.I5,
          ArchiveRules.MEMBERS
              + """
          SELECT 'batch ' || b.batch_id || ' states ' || b.credits || ' credits of ' || b.amount_minor || ', its rows are '
                 || coalesce(m.credits, 0) || ' of ' || coalesce(m.minor, 0) AS violation
          FROM credit_batch b
          LEFT JOIN (
            SELECT batch_id, sum(credits) AS credits, sum(minor) AS minor, min(currency) AS low, max(currency) AS high FROM (
              SELECT credit_id >> 12 AS batch_id, 1 AS credits, amount_minor AS minor, currency FROM credit_row
              UNION ALL
              SELECT to_batch, 1, amount_minor, currency FROM exception_row WHERE to_batch IS NOT NULL
              UNION ALL
              SELECT batch_id, credits, amount_minor, currency FROM part) rows
            GROUP BY batch_id
          ) m USING (batch_id)
          WHERE (b.credits, b.amount_minor) IS DISTINCT FROM (m.credits, m.minor)
             OR m.low <> b.currency OR m.high <> b.currency
          """);

  private static final RowRule BATCHES_AGREE_WITH_THEIR_DEPARTURES =
      new RowRule(
          Invariant.I5,
          ArchiveRules.MEMBERS
              + """
          SELECT 'batch ' || b.batch_id || ' states ' || b.departed_credits || ' departures of ' || b.departed_minor
                 || ', its rows are ' || coalesce(d.credits, 0) || ' of ' || coalesce(d.minor, 0) AS violation
          FROM credit_batch b
          LEFT JOIN (
            SELECT batch_id, sum(credits) AS credits, sum(minor) AS minor FROM (
              SELECT m.batch_id, 1 AS credits, m.amount_minor AS minor FROM (
                SELECT credit_id, credit_id >> 12 AS batch_id, amount_minor FROM credit_row
                UNION ALL
                SELECT credit_id, to_batch, amount_minor FROM exception_row WHERE to_batch IS NOT NULL) m
              WHERE EXISTS (SELECT FROM exception_row e WHERE e.credit_id = m.credit_id AND e.batch_id = m.batch_id)
              UNION ALL
              SELECT batch_id, departed_credits, departed_minor FROM part) rows
            GROUP BY batch_id) d USING (batch_id)
          WHERE (b.departed_credits, b.departed_minor) <> (coalesce(d.credits, 0), coalesce(d.minor, 0))
          """);

  private static final RowRule DEPARTURES_CARRY_WHAT_IS_UNPOSTED =
      new RowRule(
          Invariant.I5,
          ArchiveRules.MEMBERS
              + """
          SELECT 'departure ' || e.exception_no || ' of credit ' || e.credit_id || ' is of ' || e.amount_minor || ' ' || e.currency
                 || ', the credit is of ' || coalesce(c.amount_minor::text || ' ' || c.currency, 'nothing') AS violation
          FROM credit_exception e LEFT JOIN credit_row c USING (credit_id)
          WHERE e.currency IS DISTINCT FROM c.currency OR e.amount_minor > c.amount_minor
             -- Only what a bank credited in part, or gave back in part, is less than the whole.
             OR e.amount_minor < c.amount_minor AND NOT EXISTS (
               SELECT FROM credit_exception p WHERE p.credit_id = e.credit_id AND p.exception_no <= e.exception_no
                 AND p.kind IN ('PARTIAL', 'RETURNED'))
          """);

  private static final RowRule CONTROL_TOTALS_AGREE =
      new RowRule(
          Invariant.I5,
          """
          SELECT currency || ': the control totals say ' || accepted || ' accepted and ' || posted || ' posted, the credits and archived months say '
                 || raw_accepted || ' and ' || raw_posted || ', or their numbers differ' AS violation
          FROM (
            SELECT currency, sum(accepted) AS accepted, sum(posted) AS posted, sum(raw_accepted) AS raw_accepted,
                   sum(raw_posted) AS raw_posted, sum(credits) AS credits, sum(raw_credits) AS raw_credits
            FROM (
              SELECT currency, accepted_minor AS accepted, posted_minor AS posted, 0 AS raw_accepted, 0 AS raw_posted,
                     accepted_credits - posted_credits AS credits, 0 AS raw_credits FROM book_total
              UNION ALL
              SELECT currency, 0, 0, amount_minor, posted_minor, 0, CASE WHEN posted_minor < amount_minor THEN 1 ELSE 0 END
              FROM credit_standing
              UNION ALL
              SELECT currency, 0, 0, amount_minor, amount_minor, 0, 0 FROM archived_total) both_sides
            GROUP BY currency) sums
          WHERE accepted <> raw_accepted OR posted <> raw_posted OR credits <> raw_credits
          """);

  private static final RowRule ACCEPTED_IS_POSTED_AND_OPEN =
      new RowRule(
          Invariant.I5,
          """
          SELECT currency || ': accepted less posted less what is open is ' || sum(minor) AS violation
          FROM (SELECT currency, amount_minor - posted_minor AS minor FROM credit_standing
                UNION ALL SELECT currency, -amount_minor FROM unposted) d
          GROUP BY currency HAVING sum(minor) <> 0
          """);

  private static final RowRule A_NEW_ATTEMPT_NEEDS_AN_END_OF_THE_OLD =
      new RowRule(
          Invariant.I6,
          SENT
              + """
              SELECT 'credit ' || s.credit_id || ' was sent by attempt ' || s.no || ' though attempt ' || s.unended
                     || ' may have been paid' AS violation
              FROM (SELECT credit_id, no,
                           min(no) FILTER (WHERE coalesce(ended_by, '') NOT IN ('REJECTED', 'RETURNED'))
                             OVER (PARTITION BY credit_id ORDER BY no ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS unended
                    FROM sent) s
              WHERE s.unended IS NOT NULL
              """);

  static final List<RowRule> ALL =
      List.of(
          DURABLE_SETTINGS,
          ONE_CREDIT_FOR_EACH_KEY,
          ONE_ID_FOR_EACH_CREDIT,
          SENT_BY_THE_CURRENT_VERSION,
          SENT_TO_THE_ACCOUNT_OF_ITS_VERSION,
          SENT_TO_AN_ACTIVE_ACCOUNT,
          SENT_TO_NO_BLOCKED_NUMBER,
          SENT_FOR_A_TERMINAL_OF_THE_MERCHANT,
          LATER_DECISIONS_ARE_BY_NO_OLDER_VERSION,
          WHAT_IS_CLOSED_HAS_A_SUCCESSOR,
          EVERY_CREDIT_STANDS,
          UNPOSTED_HAS_A_REASON,
          BATCHES_AGREE_WITH_THEIR_CREDITS,
          BATCHES_AGREE_WITH_THEIR_DEPARTURES,
          DEPARTURES_CARRY_WHAT_IS_UNPOSTED,
          CONTROL_TOTALS_AGREE,
          ACCEPTED_IS_POSTED_AND_OPEN,
          A_NEW_ATTEMPT_NEEDS_AN_END_OF_THE_OLD,
          ArchiveRules.ARCHIVED_ROWS_ARE_AS_THEY_LEFT,
          ArchiveRules.ARCHIVED_TOTALS_AGREE,
          ArchiveRules.NO_SALE_OF_AN_ARCHIVED_MONTH_IS_TAKEN);

  private RowRules() {}
}
