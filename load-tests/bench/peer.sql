-- The router's row, one at a time, into a table with the same columns and indexes.
\set m random(1, :merchants)
INSERT INTO peer_single (credit_id, amount_minor, captured_at, account_id, local_date, batch_no, stan, binding_version, merchant_id, terminal_id, acquirer_id, type, currency, rrn)
SELECT n, 1 + n % 100000, now(), 1000001, current_date, (n / 1000000)::int, (n % 1000000)::int, 1, 'M' || lpad(:m::text, 6, '0'), 'T' || lpad(:m::text, 7, '0'), '48201000', 'SALE', 'CNY', lpad(n::text, 12, '0') FROM (SELECT nextval('peer_single_ids') AS n) s;
