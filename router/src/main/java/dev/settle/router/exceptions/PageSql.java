package dev.settle.router.exceptions;

import dev.settle.router.platform.Limits;
import io.vertx.pgclient.data.Interval;
import io.vertx.sqlclient.Tuple;

/**
 * The question for one page, made of what is asked for: a condition that is not asked for does not
 * stand in it, so that each is answered along an index in the order of age. Of a merchant's own the
 * merchant's index is walked, and its exceptions are put in order.
 */
final class PageSql {

  /** A look-up for each row of the page, however many rows the planner expects. */
  private static final String DETAILS =
      """
      SELECT p.credit_id, p.merchant_id, p.amount_minor, p.currency, p.reason, p.kind, p.opened_at, b.rail,
             a.account_id, a.bank, a.last4, a.holder, g.assignee, n.state AS next_state, n.effective_from AS next_from,
             CASE WHEN p.kind = 'PENDING'
                  THEN (SELECT p.opened_at + t.normal FROM rail_normal_time t WHERE t.rail = b.rail) END AS credit_by,
             ARRAY(SELECT x.action FROM unnest(ARRAY['RELEASE', 'HOLD', 'REROUTE', 'HAND_OVER']) WITH ORDINALITY AS x(action, place)
                   WHERE exception_refusal(x.action, p.kind, p.reason, p.movable) IS NULL ORDER BY x.place) AS actions
      FROM page p
      LEFT JOIN LATERAL (SELECT k.rail FROM credit_batch k WHERE k.batch_id = p.batch_id LIMIT 1) b ON true
      LEFT JOIN LATERAL (SELECT k.terminal_id, k.account_id FROM credit k WHERE k.credit_id = p.credit_id LIMIT 1) c ON true
      LEFT JOIN LATERAL (
        SELECT k.account_id, k.bank, k.last4, k.holder FROM account k
        WHERE k.account_id = CASE WHEN p.attempt = 1 THEN c.account_id
          ELSE (SELECT e.to_account FROM credit_exception e
                WHERE e.credit_id = p.credit_id AND e.attempt = p.attempt - 1 AND e.to_batch IS NOT NULL) END
        LIMIT 1) a ON true
      LEFT JOIN LATERAL (SELECT k.assignee FROM exception_assignment k WHERE k.credit_id = p.credit_id LIMIT 1) g ON true
      LEFT JOIN LATERAL (
        SELECT h.state, h.effective_from FROM card_change h
        WHERE h.merchant_id = p.merchant_id AND h.open AND (h.terminal_id = c.terminal_id
          OR h.terminal_id = '' AND NOT EXISTS (
            SELECT FROM binding o WHERE o.merchant_id = p.merchant_id AND o.terminal_id = c.terminal_id
              AND upper_inf(o.effective)))
        LIMIT 1) n ON true
      ORDER BY p.opened_at, p.credit_id
      """;

  private static final String COLUMNS =
      "e.credit_id, e.attempt, e.batch_id, e.kind, e.reason, e.merchant_id, e.amount_minor, e.currency,"
          + " e.movable, e.opened_at";

  private final StringBuilder conditions = new StringBuilder();
  private final Tuple parameters = Tuple.tuple();
  private final String text;

  PageSql(PageQuery query) {
    Filter filter = query.filter();
    String from = "credit_exception";
    if (filter.merchantId() != null) {
      // A fence to the planner: of the merchant's own, by the index of the merchant's.
      from =
          "(SELECT "
              + COLUMNS
              + ", e.closed_at FROM credit_exception e WHERE e.closed_at IS NULL AND e.merchant_id = "
              + parameter(filter.merchantId())
              + " OFFSET 0)";
    }
    if (filter.reason() != null) {
      and("e.reason = " + parameter(filter.reason()));
    }
    if (filter.rail() != null) {
      and(
          "(SELECT r.rail FROM credit_batch r WHERE r.batch_id = e.batch_id) = "
              + parameter(filter.rail()));
    }
    if (filter.assignee() != null) {
      and(
          "(SELECT s.assignee FROM exception_assignment s WHERE s.credit_id = e.credit_id) = "
              + parameter(filter.assignee()));
    }
    if (filter.olderThan() != null) {
      and("e.opened_at < now() - " + parameter(Interval.of(filter.olderThan())) + "::interval");
    }
    if (query.after() != null) {
      and(
          "(e.opened_at, e.credit_id) > ("
              + parameter(query.after().since())
              + "::timestamptz, "
              + parameter(query.after().creditId())
              + "::bigint)");
    }
    // The limit is part of the text, so that the planner knows how few are wanted.
    text =
        "WITH page AS MATERIALIZED (SELECT "
            + COLUMNS
            + " FROM "
            + from
            + " e WHERE e.closed_at IS NULL"
            + conditions
            + " ORDER BY e.opened_at, e.credit_id LIMIT "
            + (Math.min(query.limit(), Limits.EXCEPTION_PAGE_MAX) + 1)
            + ")\n"
            + DETAILS;
  }

  private void and(String condition) {
    conditions.append(" AND ").append(condition);
  }

  private String parameter(Object value) {
    parameters.addValue(value);
    return "$" + parameters.size();
  }

  String text() {
    return text;
  }

  Tuple parameters() {
    return parameters;
  }
}
