package dev.settle.router.credit;

/**
 * What {@link CreditStore} asks the database: first the hot tables; of what is not there, the
 * archive, where a credit is by its key and its history as before.
 */
final class CreditSql {

  static final String STANDING =
      """
      SELECT s.credit_id, s.merchant_id, s.terminal_id, s.acquirer_id, s.local_date, s.batch_no, s.stan, s.type, s.rrn,
             s.captured_at, s.amount_minor, s.currency, s.rail, s.account_id, s.binding_version, s.reason, s.since,
             s.posted_minor, s.status, a.bank, a.last4, a.holder, false AS archived,
             c.state AS next_state, c.effective_from AS next_from,
             (SELECT s.since + n.normal FROM rail_normal_time n WHERE n.rail = s.rail AND s.departure = 'PENDING') AS credit_by
      FROM credit_standing s LEFT JOIN account a USING (account_id)
      LEFT JOIN card_change c ON c.merchant_id = s.merchant_id AND c.open AND (c.terminal_id = s.terminal_id
        OR c.terminal_id = '' AND NOT EXISTS (
          SELECT FROM binding b WHERE b.merchant_id = s.merchant_id AND b.terminal_id = s.terminal_id
            AND upper_inf(b.effective)))
      WHERE s.credit_id = $1
      """;

  /** Only what is posted as a whole is archived. Its batch may still be hot. */
  static final String ARCHIVED =
      """
      SELECT c.credit_id, c.merchant_id, c.terminal_id, c.acquirer_id, c.local_date, c.batch_no, c.stan, c.type, c.rrn,
             c.captured_at, c.amount_minor, c.currency, b.rail, n.account_id, n.version AS binding_version,
             NULL::text AS reason, NULL::timestamptz AS since, c.amount_minor AS posted_minor, 'POSTED' AS status,
             a.bank, a.last4, a.holder, true AS archived,
             NULL::text AS next_state, NULL::timestamptz AS next_from, NULL::timestamptz AS credit_by
      FROM archive.credit c
      CROSS JOIN LATERAL (
        SELECT c.credit_id >> 12 AS batch_id, c.account_id, c.binding_version AS version, 0 AS exception_no
        UNION ALL
        SELECT e.to_batch, e.to_account, e.to_version, e.exception_no FROM every_exception e
        WHERE e.credit_id = c.credit_id AND e.to_batch IS NOT NULL
        ORDER BY exception_no DESC LIMIT 1) n
      LEFT JOIN every_batch b ON b.batch_id = n.batch_id
      LEFT JOIN account a ON a.account_id = n.account_id
      WHERE c.credit_id = $1
      """;

  static final String BY_KEY =
      """
      SELECT credit_id FROM every_credit
      WHERE merchant_id = $1 AND terminal_id = $2 AND local_date = $3 AND batch_no = $4 AND stan = $5 AND type = $6
        AND acquirer_id = $7
      """;

  /** Tables in the order in which {@link #attempts} names them. */
  static final String ATTEMPTS =
      attempts(
          "credit",
          "credit_exception",
          "credit_batch",
          "credit_hold_reason",
          "credit_release_order");

  static final String ARCHIVED_ATTEMPTS =
      attempts(
          "every_credit",
          "every_exception",
          "every_batch",
          "every_hold_reason",
          "every_release_order");

  /** What operators ordered of a credit, once it had its turn. */
  static final String ACTS =
      """
      SELECT i.exception_no, i.acted_at, i.outcome, o.order_id, o.action, o.ordered_by, o.reason AS note, o.assignee
      FROM exception_order_item i JOIN exception_order o USING (order_id)
      WHERE i.credit_id = $1 AND i.outcome <> 'CHANGED' ORDER BY i.acted_at, o.order_no
      """;

  private CreditSql() {}

  /**
   * One row for each attempt and each departure from it: the batch it was in, and what the
   * departure says. An attempt without a departure has one row.
   */
  private static String attempts(
      String credits, String exceptions, String batches, String reasons, String orders) {
    return """
        WITH attempt AS (
          SELECT 1 AS no, $1::bigint >> 12 AS batch_id, (SELECT account_id FROM %1$s WHERE credit_id = $1) AS account_id
          UNION ALL
          SELECT attempt + 1, to_batch, to_account FROM %2$s WHERE credit_id = $1 AND to_batch IS NOT NULL
        )
        SELECT a.no, a.batch_id, a.account_id AS attempt_account, b.state, b.rail, b.one_per_account, b.recorded_at,
               b.claimed_at, b.settled_at,
               e.exception_no, e.kind, e.reason, e.bank_code, e.amount_minor AS open_minor, e.opened_at, e.closed_at, e.closed_as,
               e.money_back_at, e.to_account, e.to_version,
               CASE WHEN e.release_ordered OR EXISTS (
                      SELECT FROM exception_order_item i JOIN exception_order x USING (order_id)
                      WHERE i.credit_id = $1 AND i.exception_no = e.exception_no AND i.outcome = 'DONE'
                        AND x.action IN ('RELEASE', 'REROUTE')) THEN 'RELEASE_ORDER' WHEN r.version > e.decided_version OR e.kind = 'HELD' THEN r.cause
                    ELSE 'RETRY' END AS cause,
               h.reasons, h.untils, o.ordered_by, o.note, o.ordered_at
        FROM attempt a JOIN %3$s b USING (batch_id)
        LEFT JOIN %2$s e ON e.credit_id = $1 AND e.attempt = a.no
        LEFT JOIN route_change r ON r.merchant_id = e.merchant_id AND r.version = e.to_version
        LEFT JOIN LATERAL (
          SELECT array_agg(reason ORDER BY until) AS reasons, array_agg(until ORDER BY until) AS untils
          FROM %4$s p WHERE p.credit_id = $1 AND p.exception_no = e.exception_no
        ) h ON true
        LEFT JOIN LATERAL (
          SELECT ordered_by, reason AS note, ordered_at FROM %5$s
          WHERE credit_id = $1 AND e.release_ordered ORDER BY order_id LIMIT 1
        ) o ON true
        ORDER BY a.no, e.exception_no
        """
        .formatted(credits, exceptions, batches, reasons, orders);
  }
}
