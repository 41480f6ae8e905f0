package dev.settle.router.invariant;

/**
 * The rules over months that have left the hot tables, and what the other rules need of them. What
 * left was closed, and has been looked at for as long as it was hot; from then on it must stay as
 * it was: as many rows of each table, with the same sum of hashes, and the totals that were carried
 * over. Of a month whose rows an operator has taken out of the database, the totals are left.
 */
final class ArchiveRules {

  /**
   * Hot rows, and the archived ones that hot batches still count: of months whose batches are on
   * their way, as rows; of the others, as parts.
   */
  static final String MEMBERS =
      """
      WITH credit_row AS NOT MATERIALIZED (
        SELECT credit_id, amount_minor, currency FROM credit
        UNION ALL
        SELECT c.credit_id, c.amount_minor, c.currency FROM archive.credit c
        WHERE c.local_date >= (SELECT min(month) FROM archived_month WHERE state = 'MOVING')
          AND c.local_date < (SELECT (max(month) + interval '1 month')::date FROM archived_month WHERE state = 'MOVING')
          AND date_trunc('month', c.local_date)::date IN (SELECT month FROM archived_month WHERE state = 'MOVING')
      ), exception_row AS NOT MATERIALIZED (
        SELECT credit_id, batch_id, to_batch, amount_minor, currency FROM credit_exception
        UNION ALL
        SELECT credit_id, batch_id, to_batch, amount_minor, currency FROM archive.credit_exception
        WHERE month = ANY (ARRAY(SELECT month FROM archived_month WHERE state = 'MOVING'))
      ), part AS (
        SELECT p.* FROM archived_batch_part p JOIN archived_month m USING (month) WHERE m.state <> 'MOVING')
      """;

  private static final String ROWS =
      """
      SELECT month, 'credit' AS relation, count(*) AS count, sum(hash) AS hash FROM (
        SELECT date_trunc('month', local_date)::date AS month,
               hash_record_extended(ROW(credit_id, amount_minor, captured_at, account_id, local_date, batch_no, stan,
                 binding_version, merchant_id, terminal_id, acquirer_id, type, currency, rrn), 0) AS hash
        FROM archive.credit) c GROUP BY 1
      UNION ALL
      SELECT month, 'credit_batch', count(*), sum(hash_record_extended(ROW(batch_id, rail, currency, state, credits,
               amount_minor, departed_credits, departed_minor, owner, epoch, tries, recorded_at, claim_no, claimed_at,
               one_per_account, retry_at, settled_at), 0))
      FROM archive.credit_batch GROUP BY 1
      UNION ALL
      SELECT month, 'credit_exception', count(*), sum(hash_record_extended(ROW(credit_id, exception_no, attempt, batch_id,
               kind, reason, bank_code, merchant_id, amount_minor, currency, decided_version, release_ordered, movable,
               next_at, tries, returned_minor, rest_refused, money_back_at, opened_at, closed_at, closed_as, to_batch,
               to_account, to_version), 0))
      FROM archive.credit_exception GROUP BY 1
      UNION ALL
      SELECT month, 'credit_hold_reason', count(*), sum(hash_record_extended(ROW(credit_id, exception_no, decided_version,
               reason, until), 0))
      FROM archive.credit_hold_reason GROUP BY 1
      UNION ALL
      SELECT month, 'credit_release_order', count(*), sum(hash_record_extended(ROW(order_id, credit_id, ordered_by, reason,
               ordered_at), 0))
      FROM archive.credit_release_order GROUP BY 1
      """;

  static final RowRule ARCHIVED_ROWS_ARE_AS_THEY_LEFT =
      new RowRule(
          Invariant.I1,
          """
          SELECT 'month ' || to_char(month, 'YYYY-MM') || ' left with ' || coalesce(l.count, 0) || ' rows of ' || relation || ', the archive has '
                 || coalesce(r.count, 0) || CASE WHEN l.count = r.count THEN ', and they were changed' ELSE '' END AS violation
          FROM archived_rows l FULL JOIN (
          """
              + ROWS
              + """
          ) r USING (month, relation)
          WHERE (coalesce(l.count, 0), coalesce(l.hash, 0)) <> (coalesce(r.count, 0), coalesce(r.hash, 0))
            AND NOT (r.count IS NULL AND month IN (SELECT month FROM archived_month WHERE state = 'TAKEN_OUT'))
          """);

  static final RowRule ARCHIVED_TOTALS_AGREE =
      new RowRule(
          Invariant.I5,
          """
          SELECT 'month ' || to_char(month, 'YYYY-MM') || ' carried over ' || coalesce(t.amount_minor, 0) || ' ' || currency || ' of '
                 || coalesce(t.credits, 0) || ' credits, the archive has ' || coalesce(r.minor, 0) || ' of '
                 || coalesce(r.credits, 0) AS violation
          FROM archived_total t FULL JOIN (
            SELECT date_trunc('month', local_date)::date AS month, currency, count(*) AS credits, sum(amount_minor) AS minor
            FROM archive.credit GROUP BY 1, 2) r USING (month, currency)
          WHERE (coalesce(t.credits, 0), coalesce(t.amount_minor, 0)) <> (coalesce(r.credits, 0), coalesce(r.minor, 0))
            AND NOT (r.credits IS NULL AND month IN (SELECT month FROM archived_month WHERE state = 'TAKEN_OUT'))
          """);

  static final RowRule NO_SALE_OF_AN_ARCHIVED_MONTH_IS_TAKEN =
      new RowRule(
          Invariant.I2,
          """
          SELECT 'credit ' || c.credit_id || ' of ' || c.local_date || ' is hot, and its month is archived: it may stand twice' AS violation
          FROM credit c JOIN archived_month m ON m.month = date_trunc('month', c.local_date)::date
          """);

  private ArchiveRules() {}
}
