-- The ceiling of bulk: the router's INSERT of one group commit, with rows that PostgreSQL makes itself and nothing in front. As many rows as the
-- router's commits hold (:rows), sorted by key as its are, each merchant's numbers ascending; what is returned is summed up as the router's function does.
WITH commit AS MATERIALIZED (SELECT nextval('peer_bulk_ids') AS n), fresh AS (
  INSERT INTO peer_bulk (credit_id, amount_minor, captured_at, account_id, local_date, batch_no, stan, binding_version, merchant_id, terminal_id, acquirer_id, type, currency, rrn)
  SELECT n << 12 | place, 1 + place, now(), 1000001, current_date, n::int, place::int, 1, 'M' || lpad(m::text, 6, '0'), 'T' || lpad(m::text, 7, '0'), '48201000', 'SALE', 'CNY', lpad(place::text, 12, '0')
  FROM commit, (SELECT place, 1 + place * :merchants / :rows AS m FROM generate_series(0, :rows - 1) AS place) rows
  ON CONFLICT (merchant_id, terminal_id, local_date, batch_no, stan, type, acquirer_id) DO NOTHING
  RETURNING credit_id, merchant_id, amount_minor, currency, binding_version)
SELECT count(*), sum(amount_minor) FROM fresh;
