package dev.settle.router.credit;

/**
 * What {@link MerchantCreditsStore} asks the database. The list is in the order of the
 * transaction's key, which has an index that leads with merchant and terminal: a page is put
 * together from the newest of each terminal, and no sale pays for another index.
 */
final class MerchantCreditsSql {

  /** The place of a merchant's credit in the list. */
  static final String PLACE =
      """
      SELECT local_date, batch_no, stan, terminal_id, type, acquirer_id FROM credit
      WHERE credit_id = $1 AND merchant_id = $2
      """;

  /** {@code $1} merchant, {@code $2} credits, {@code $3} terminals or the terminal. */
  static final String FIRST = page(false, false);

  static final String FIRST_OF_TERMINAL = page(true, false);

  /** The same, and {@code $4} to {@code $9}: the place that it goes on behind. */
  static final String NEXT = page(false, true);

  static final String NEXT_OF_TERMINAL = page(true, true);

  // From one terminal to the next, by the index: however many sales each has.
  private static final String ALL_TERMINALS =
      """
      found (terminal_id, no) AS (
        (SELECT c.terminal_id, 1 FROM credit c WHERE c.merchant_id = $1 ORDER BY c.terminal_id LIMIT 1)
        UNION ALL
        SELECT n.terminal_id, f.no + 1 FROM found f CROSS JOIN LATERAL (
          SELECT c.terminal_id FROM credit c WHERE c.merchant_id = $1 AND c.terminal_id > f.terminal_id
          ORDER BY c.terminal_id LIMIT 1) n
        WHERE f.no <= $3::integer
      ), taken AS (SELECT terminal_id FROM found WHERE no <= $3::integer)
      """;

  private static final String ONE_TERMINAL =
      """
      found (terminal_id, no) AS (SELECT NULL::text, 0 WHERE false), taken AS (SELECT $3::text AS terminal_id)
      """;

  private static final String BEHIND =
      """
      AND c.local_date <= $4::date
          AND (c.local_date, c.batch_no, c.stan, c.terminal_id, c.type, c.acquirer_id)
            < ($4::date, $5::integer, $6::integer, $7::text, $8::text, $9::text)""";

  private MerchantCreditsSql() {}

  private static String page(boolean ofTerminal, boolean next) {
    return """
        WITH RECURSIVE %1$s, page AS (
          SELECT k.* FROM taken t CROSS JOIN LATERAL (
            SELECT c.credit_id, c.local_date, c.batch_no, c.stan, c.terminal_id, c.type, c.acquirer_id FROM credit c
            WHERE c.merchant_id = $1 AND c.terminal_id = t.terminal_id %2$s
            ORDER BY c.local_date DESC, c.batch_no DESC, c.stan DESC, c.type DESC, c.acquirer_id DESC LIMIT $2::integer) k
          ORDER BY k.local_date DESC, k.batch_no DESC, k.stan DESC, k.terminal_id DESC, k.type DESC, k.acquirer_id DESC
          LIMIT $2::integer
        ), listed AS (
          SELECT s.*, a.bank, a.last4, a.holder FROM page p
          CROSS JOIN LATERAL (
            SELECT n.credit_id, n.terminal_id, n.acquirer_id, n.local_date, n.batch_no, n.stan, n.type, n.rrn, n.captured_at,
                   n.amount_minor, n.currency, n.rail, n.account_id, n.binding_version, n.reason, n.since, n.posted_minor,
                   n.status, n.merchant_id
            FROM credit_standing n WHERE n.credit_id = p.credit_id AND n.local_date = p.local_date OFFSET 0) s
          LEFT JOIN account a USING (account_id)
        )
        SELECT EXISTS (SELECT FROM merchant WHERE merchant_id = $1) AS known,
               NOT EXISTS (SELECT FROM found WHERE no > %3$s) AS complete, l.*
        FROM (SELECT) one LEFT JOIN listed l ON true
        ORDER BY l.local_date DESC, l.batch_no DESC, l.stan DESC, l.terminal_id DESC, l.type DESC, l.acquirer_id DESC
        """
        .formatted(
            (ofTerminal ? ONE_TERMINAL : ALL_TERMINALS).strip(),
            next ? BEHIND.strip() : "",
            ofTerminal ? "0" : "$3::integer");
  }
}
