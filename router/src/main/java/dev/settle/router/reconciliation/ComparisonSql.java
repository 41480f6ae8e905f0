package dev.settle.router.reconciliation;

/**
 * The comparison in SQL, in the order in which it runs. Every table is temporary. A transfer is
 * known by (aggregated, key1, key2): credit and attempt, or batch and account where the credits of
 * a batch to one account went as one.
 */
final class ComparisonSql {

  private ComparisonSql() {}

  /**
   * Until the end of the transaction no month leaves for the archive: which table a row is in is
   * not part of a snapshot. To be taken before the snapshot is.
   */
  static final String NO_MONTH_LEAVES = "LOCK TABLE credit, archive.credit IN ACCESS SHARE MODE";

  /**
   * Batches of the rail that have something which was posted or came back in the window. Reads the
   * batches of the window by their time, every hot departure once, and the archived ones of the
   * time.
   */
  private static final String MOVED =
      """
      SELECT batch_id FROM every_batch b WHERE b.rail = ? AND b.settled_at >= ? AND b.settled_at < ?
      UNION
      SELECT e.batch_id FROM every_exception e JOIN every_batch b USING (batch_id)
      WHERE b.rail = ?
        AND (e.closed_as = 'POSTED' AND e.closed_at >= ? AND e.closed_at < ?
             OR e.kind IN ('PARTIAL', 'RETURNED') AND e.opened_at >= ? AND e.opened_at < ?
             OR e.money_back_at >= ? AND e.money_back_at < ?)
      """;

  /** Batches of the rail that have something on its way, which left before a time. */
  private static final String ON_ITS_WAY =
      """
      SELECT batch_id FROM credit_batch b
      WHERE b.rail = ? AND b.state IN ('SENT', 'IN_DOUBT') AND b.claimed_at < ?
      UNION
      SELECT e.batch_id FROM credit_exception e JOIN credit_batch b USING (batch_id)
      WHERE e.closed_at IS NULL AND (e.kind IN ('PENDING', 'DOUBT') OR e.kind = 'RETURNED' AND NOT e.movable)
        AND b.rail = ? AND b.claimed_at < ?
      """;

  /** When the first of what moved in the window was sent: the bank cannot have booked it before. */
  static final String FIRST_SENT =
      "SELECT min(claimed_at) FROM every_batch WHERE batch_id IN (" + MOVED + ")";

  /** Breaks of earlier runs that are still open, to see which are gone. */
  static final String KNOWN_BREAK =
      """
      CREATE TEMP TABLE known_break (
        break_id bigint NOT NULL, kind text NOT NULL, end_to_end_id text NOT NULL,
        aggregated boolean, key1 bigint, key2 bigint)
      """;

  static final String OPEN_BREAK_PAGE =
      """
      SELECT break_id, kind, end_to_end_id FROM settlement_break
      WHERE rail = ? AND source = 'RECONCILIATION' AND closed_at IS NULL AND break_id > ? ORDER BY break_id LIMIT ?
      """;

  /** The bank's side: one row for each transfer and direction, each entry counted once. */
  static final String THEIRS =
      """
      CREATE TEMP TABLE theirs AS
      SELECT returned, end_to_end_id, aggregated, key1, key2,
             least(sum(amount_minor), 9223372036854775807)::bigint AS minor, count(*) AS entries,
             min(currency) AS currency, min(currency) <> max(currency) AS currencies,
             min(mark) AS mark, min(mark) <> max(mark) AS marks, max(booked_at) AS booked_at,
             bool_or(booked_at >= ? AND booked_at < ?) AS in_window
      FROM (SELECT DISTINCT ON (entry_id) * FROM statement_entry ORDER BY entry_id, booked_at DESC) e
      GROUP BY returned, end_to_end_id, aggregated, key1, key2
      """;

  /** Whatever the bank or an open break names, beside what is in the window. */
  static final String BATCH_SET =
      """
      CREATE TEMP TABLE batch_set AS
      WITH named AS (
        SELECT aggregated, key1, key2 FROM theirs WHERE key1 IS NOT NULL
        UNION ALL SELECT aggregated, key1, key2 FROM known_break WHERE key1 IS NOT NULL)
      """
          + MOVED
          + "UNION\n"
          + ON_ITS_WAY
          + """
      UNION SELECT key1 FROM named WHERE aggregated
      UNION SELECT key1 >> 12 FROM named WHERE NOT aggregated AND key2 = 1
      UNION SELECT e.to_batch FROM named n
            JOIN every_exception e ON e.credit_id = n.key1 AND e.attempt = n.key2 - 1 AND e.to_batch IS NOT NULL
            WHERE NOT n.aggregated AND n.key2 > 1
      """;

  /**
   * Every attempt that was sent in those batches, and what our book says that the bank booked for
   * it: {@code least} for sure, {@code most} perhaps; {@code back} came back, {@code coming} will.
   * Run with scans and hashes off: it walks indexes, batch by batch.
   */
  static final String CARRIED =
      """
      CREATE TEMP TABLE carried AS
      SELECT b.one_per_account AS aggregated, m.batch_id, m.credit_id, m.attempt, m.account_id, b.currency, b.claimed_at,
             CASE WHEN x.kind IS NULL THEN b.state IN ('SENT', 'IN_DOUBT')
                  ELSE x.closed_at IS NULL AND (x.kind IN ('PENDING', 'DOUBT')
                    OR x.kind = 'RETURNED' AND x.returned_minor < x.amount_minor AND NOT x.rest_refused) END AS on_its_way,
             m.amount_minor,
             CASE WHEN x.kind IS NULL AND b.state = 'POSTED' OR x.closed_as = 'POSTED' THEN m.amount_minor
                  WHEN x.kind IS NULL THEN 0 ELSE m.amount_minor - x.amount_minor + x.returned_minor END AS least,
             CASE WHEN x.money_back_at IS NOT NULL THEN x.returned_minor ELSE 0 END AS back,
             CASE WHEN x.money_back_at IS NULL THEN coalesce(x.returned_minor, 0) ELSE 0 END AS coming,
             CASE WHEN x.kind IS NULL THEN b.settled_at
                  WHEN x.closed_as = 'POSTED' THEN x.closed_at
                  WHEN x.kind IN ('PARTIAL', 'REJECTED') THEN x.opened_at
                  WHEN x.kind = 'RETURNED' THEN least(b.settled_at, x.opened_at) END AS posted_at,
             x.money_back_at AS back_at
      FROM batch_set s JOIN every_batch b ON b.batch_id = s.batch_id AND b.rail = ? AND b.claim_no IS NOT NULL
      CROSS JOIN LATERAL (
        -- OFFSET 0: an index walk for each batch, never all of the book (V3).
        (SELECT s.batch_id, c.credit_id, 1 AS attempt, c.account_id, c.amount_minor
        FROM every_credit c WHERE c.credit_id >= s.batch_id << 12 AND c.credit_id < (s.batch_id + 1) << 12 OFFSET 0)
        UNION ALL
        SELECT s.batch_id, e.credit_id, e.attempt + 1, e.to_account, e.amount_minor
        FROM every_exception e WHERE e.to_batch = s.batch_id) m
      LEFT JOIN LATERAL (
        SELECT * FROM every_exception e
        WHERE b.departed_credits > 0 AND e.credit_id = m.credit_id AND e.attempt = m.attempt
        ORDER BY e.exception_no DESC LIMIT 1) x ON true
      WHERE coalesce(x.kind, '') NOT IN ('HELD', 'REROUTED')
      """;

  /** Our side: one row for each transfer, whatever it carried. */
  static final String OURS =
      """
      CREATE TEMP TABLE ours AS
      SELECT aggregated, CASE WHEN aggregated THEN batch_id ELSE credit_id END AS key1,
             CASE WHEN aggregated THEN account_id ELSE attempt END AS key2, min(account_id) AS account_id,
             min(currency) AS currency, min(claimed_at) AS claimed_at, bool_or(on_its_way) AS on_its_way,
             sum(least)::bigint AS least, sum(CASE WHEN on_its_way THEN amount_minor ELSE least END)::bigint AS most,
             sum(back)::bigint AS back, sum(coming)::bigint AS coming,
             max(posted_at) AS posted_at, max(back_at) AS back_at, array_agg(credit_id ORDER BY credit_id) AS credits
      FROM carried GROUP BY 1, 2, 3
      """;

  static final String WANTED =
      """
      CREATE TEMP TABLE wanted AS SELECT DISTINCT account_id FROM ours;
      CREATE UNIQUE INDEX ON wanted (account_id);
      ANALYZE wanted
      """;

  /** The numbers of accounts are the same for every rail. */
  static final String ACCOUNT_PAGE =
      """
      SELECT a.account_id, a.merchant_id, a.number_cipher FROM wanted w JOIN account a USING (account_id)
      WHERE ? <> '' AND w.account_id > ? ORDER BY w.account_id LIMIT ?
      """;

  static final String ACCOUNT_MARK =
      "CREATE TEMP TABLE account_mark (account_id bigint NOT NULL, mark text NOT NULL)";

  /**
   * Credits of both sides, side by side. Parameters: the window; since when transfers were sent of
   * which the statement has everything; since when what is missing on one side may only be late.
   */
  static final String CREDITS =
      """
      CREATE TEMP TABLE compared AS
      SELECT false AS returned, coalesce(o.aggregated, t.aggregated) AS aggregated, coalesce(o.key1, t.key1) AS key1,
             coalesce(o.key2, t.key2) AS key2, t.end_to_end_id, o.key1 IS NOT NULL AS known, o.credits,
             CASE WHEN o.on_its_way THEN o.most ELSE o.least END AS ours, t.minor AS theirs,
             coalesce(o.currency, t.currency) AS currency, t.currency AS their_currency, coalesce(t.entries, 0) AS entries,
             coalesce(o.posted_at >= ? AND o.posted_at < ?, false) OR coalesce(t.in_window, false)
               OR coalesce(o.on_its_way, false) AS in_window,
             coalesce(o.most > 0 AND (t.marks OR t.mark <> a.mark), false) AS account_differs,
             CASE WHEN o.key1 IS NULL THEN 'MISSING_HERE'
                  WHEN t.minor IS NULL THEN
                    CASE WHEN o.least = 0 THEN CASE WHEN o.on_its_way THEN 'OPEN' ELSE 'NOTHING' END
                         WHEN o.claimed_at < w.whole_since THEN 'NOT_JUDGED'
                         WHEN o.posted_at >= w.fresh THEN 'OPEN'
                         ELSE 'MISSING_AT_BANK' END
                  WHEN o.most = 0 THEN 'MISSING_HERE'
                  WHEN t.currencies OR t.currency <> o.currency OR t.minor > o.most THEN 'AMOUNT_DIFFERENT'
                  WHEN t.minor < o.least THEN
                    CASE WHEN o.claimed_at < w.whole_since THEN 'NOT_JUDGED'
                         WHEN o.posted_at >= w.fresh THEN 'OPEN'
                         ELSE 'AMOUNT_DIFFERENT' END
                  WHEN o.on_its_way THEN 'OPEN'
                  ELSE 'MATCHED' END AS verdict
      FROM ours o
      FULL JOIN (SELECT * FROM theirs WHERE NOT returned) t
        ON t.aggregated = o.aggregated AND t.key1 = o.key1 AND t.key2 = o.key2
      LEFT JOIN account_mark a ON a.account_id = o.account_id
      CROSS JOIN (SELECT ?::timestamptz AS whole_since, ?::timestamptz AS fresh) w
      """;

  /** Money that came back, in the same way. */
  static final String RETURNS =
      """
      INSERT INTO compared
      SELECT true, coalesce(o.aggregated, t.aggregated), coalesce(o.key1, t.key1), coalesce(o.key2, t.key2),
             t.end_to_end_id, o.key1 IS NOT NULL, o.credits, o.back + o.coming, t.minor, coalesce(o.currency, t.currency),
             t.currency, coalesce(t.entries, 0),
             coalesce(o.back_at >= ? AND o.back_at < ?, false) OR coalesce(t.in_window, false) OR coalesce(o.coming > 0, false),
             false,
             CASE WHEN o.key1 IS NULL THEN 'MISSING_HERE'
                  WHEN t.minor IS NULL THEN
                    CASE WHEN o.back = 0 THEN 'OPEN'
                         WHEN o.claimed_at < w.whole_since THEN 'NOT_JUDGED'
                         WHEN o.back_at >= w.fresh THEN 'OPEN'
                         ELSE 'MISSING_AT_BANK' END
                  WHEN t.currencies OR t.currency <> o.currency THEN 'AMOUNT_DIFFERENT'
                  WHEN t.minor = o.back THEN CASE WHEN o.coming = 0 THEN 'MATCHED' ELSE 'OPEN' END
                  WHEN t.minor < o.back THEN CASE WHEN o.back_at >= w.fresh THEN 'OPEN' ELSE 'AMOUNT_DIFFERENT' END
                  WHEN t.minor <= o.back + o.coming OR o.on_its_way OR t.booked_at >= w.fresh THEN 'OPEN'
                  WHEN o.back + o.coming = 0 THEN 'MISSING_HERE'
                  ELSE 'AMOUNT_DIFFERENT' END
      FROM (SELECT * FROM ours) o
      FULL JOIN (SELECT * FROM theirs WHERE returned) t
        ON t.aggregated = o.aggregated AND t.key1 = o.key1 AND t.key2 = o.key2
      CROSS JOIN (SELECT ?::timestamptz AS whole_since, ?::timestamptz AS fresh) w
      WHERE t.minor IS NOT NULL OR o.back + o.coming > 0
      """;

  /**
   * Another account is a difference of its own, unless the whole transfer is one that we have not.
   */
  static final String ACCOUNTS_DIFFER =
      """
      INSERT INTO compared
      SELECT returned, aggregated, key1, key2, end_to_end_id, known, credits, ours, theirs, currency, their_currency, entries,
             in_window, false, 'ACCOUNT_DIFFERENT'
      FROM compared WHERE account_differs
      """;

  /** What matches only in its amount, does not match. */
  static final String NOT_MATCHED =
      "DELETE FROM compared WHERE account_differs AND verdict IN ('MATCHED', 'OPEN')";

  static final String TOTALS =
      """
      SELECT verdict, returned, currency, count(*), least(sum(coalesce(theirs, ours)), 9223372036854775807)::bigint
      FROM compared WHERE in_window GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
      """;

  static final String DIFFERENCES =
      """
      SELECT * FROM compared
      WHERE in_window AND verdict IN ('MISSING_AT_BANK', 'MISSING_HERE', 'AMOUNT_DIFFERENT', 'ACCOUNT_DIFFERENT')
      ORDER BY verdict, returned, aggregated, key1, key2, end_to_end_id
      """;

  /**
   * Opens a break for each, but for one that a person closed as it is, or that is open otherwise.
   */
  static final String OPEN_BREAKS =
      """
      SELECT count(*) FILTER (WHERE open_break(?, d.kind, d.id, d.credit, d.attempt, d.minor, d.currency, d.detail, d.owner,
                                               'RECONCILIATION'))
      FROM unnest(?::text[], ?::text[], ?::bigint[], ?::integer[], ?::bigint[], ?::text[], ?::text[], ?::text[])
        AS d(kind, id, credit, attempt, minor, currency, detail, owner)
      WHERE NOT EXISTS (
        SELECT FROM settlement_break b WHERE b.rail = ? AND b.end_to_end_id = d.id
          AND (b.kind = d.kind AND b.source = 'RECONCILIATION' AND b.detail = d.detail
               OR d.kind = 'MISSING_HERE' AND b.closed_at IS NULL
                  AND b.kind IN ('UNKNOWN_TRANSFER', 'LATE_SUCCESS', 'CONTRADICTION')))
      """;

  /** Open breaks of transfers that were compared whole, and are the same in both books by now. */
  static final String TO_BE_CLOSED =
      """
      SELECT k.break_id, k.kind, k.end_to_end_id, count(*) OVER () AS all_of_them FROM known_break k
      JOIN ours o ON o.aggregated = k.aggregated AND o.key1 = k.key1 AND o.key2 = k.key2
      WHERE o.claimed_at >= ?
        AND NOT EXISTS (SELECT FROM compared c WHERE c.aggregated = k.aggregated AND c.key1 = k.key1 AND c.key2 = k.key2
                          AND c.verdict NOT IN ('MATCHED', 'NOTHING'))
      ORDER BY k.break_id LIMIT ?
      """;
}
