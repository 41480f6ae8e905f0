-- Closed months leave the hot tables for the schema `archive`, by `settle archive`: docs/operating/retention.md. A month's
-- partition of `credit` goes over as it is, in one commit with its control totals; what belongs to its credits (departures,
-- batches) follows in pieces. Everything is in exactly one of the two places in every snapshot.

CREATE SCHEMA archive;

CREATE TABLE archive.credit (
  LIKE credit INCLUDING DEFAULTS INCLUDING CONSTRAINTS,
  PRIMARY KEY (merchant_id, terminal_id, local_date, batch_no, stan, type, acquirer_id),
  UNIQUE (credit_id, local_date)
) PARTITION BY RANGE (local_date);

-- The month comes first, so that a column that is added to both tables of a pair is the last of both. Partitions are named
-- like those of credit: whoever takes a month out of the database drops the tables that end in its number.
CREATE TABLE archive.credit_batch (
  month date NOT NULL,
  LIKE credit_batch INCLUDING DEFAULTS INCLUDING CONSTRAINTS,
  PRIMARY KEY (batch_id, month)
) PARTITION BY LIST (month);
CREATE INDEX ON archive.credit_batch USING brin (settled_at) WITH (pages_per_range = 16);

CREATE TABLE archive.credit_exception (
  month date NOT NULL,
  LIKE credit_exception INCLUDING DEFAULTS INCLUDING CONSTRAINTS,
  PRIMARY KEY (credit_id, exception_no, month)
) PARTITION BY LIST (month);
CREATE INDEX ON archive.credit_exception (to_batch) WHERE to_batch IS NOT NULL;
CREATE INDEX ON archive.credit_exception USING brin (opened_at, closed_at, money_back_at) WITH (pages_per_range = 16);

CREATE TABLE archive.credit_hold_reason (
  month date NOT NULL,
  LIKE credit_hold_reason INCLUDING DEFAULTS INCLUDING CONSTRAINTS,
  PRIMARY KEY (credit_id, exception_no, until, month)
) PARTITION BY LIST (month);

CREATE TABLE archive.credit_release_order (
  month date NOT NULL,
  LIKE credit_release_order INCLUDING DEFAULTS INCLUDING CONSTRAINTS,
  PRIMARY KEY (order_id, month)
) PARTITION BY LIST (month);
CREATE INDEX ON archive.credit_release_order (credit_id);

-- Row by row: a trigger for each row is one of every partition as well.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON archive.credit FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON archive.credit_batch FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON archive.credit_exception FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON archive.credit_hold_reason FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON archive.credit_release_order FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- A month whose credits have left `credit`. MOVING: what belongs to them follows, credits below moved_to are done. DONE: all
-- of it is in the archive. TAKEN_OUT: an operator has moved its rows out of this database; what is known of them are the
-- totals here.
CREATE TABLE archived_month (
  month        date PRIMARY KEY CHECK (date_trunc('month', month) = month),
  state        text NOT NULL DEFAULT 'MOVING' CHECK (state IN ('MOVING', 'DONE', 'TAKEN_OUT')),
  moved_to     bigint NOT NULL DEFAULT 0,
  left_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  done_at      timestamptz,
  taken_out_at timestamptz,
  taken_out_by text,
  taken_out_to text,
  CHECK ((state = 'MOVING') = (done_at IS NULL)),
  CHECK ((state = 'TAKEN_OUT') = (taken_out_at IS NOT NULL)),
  CHECK ((taken_out_at IS NULL) = (taken_out_by IS NULL) AND (taken_out_at IS NULL) = (taken_out_to IS NULL))
);

-- What was accepted in an archived month, all of it posted: the month's share of accepted = posted + unposted.
CREATE TABLE archived_total (
  month        date NOT NULL REFERENCES archived_month,
  currency     text NOT NULL,
  credits      bigint NOT NULL CHECK (credits > 0),
  amount_minor numeric NOT NULL CHECK (amount_minor > 0),
  PRIMARY KEY (month, currency)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON archived_total
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- How many rows of each table a month has in the archive, and the sum of their hashes: `verify` recomputes both.
CREATE TABLE archived_rows (
  month    date NOT NULL REFERENCES archived_month,
  relation text NOT NULL CHECK (relation IN ('credit', 'credit_batch', 'credit_exception', 'credit_hold_reason',
                                             'credit_release_order')),
  count    bigint NOT NULL,
  hash     numeric NOT NULL,
  PRIMARY KEY (month, relation)
);

-- Of a hot batch that has credits of several months: what of it an archived month holds. Counts as soon as the month is DONE.
CREATE TABLE archived_batch_part (
  batch_id         bigint NOT NULL,
  month            date NOT NULL REFERENCES archived_month,
  currency         text NOT NULL,
  credits          bigint NOT NULL,
  amount_minor     bigint NOT NULL,
  departed_credits bigint NOT NULL,
  departed_minor   bigint NOT NULL,
  PRIMARY KEY (batch_id, month)
);

-- How many days back nodes take sales, and when one said so last. What they take is in no archive.
CREATE TABLE replay_promise (
  days        integer PRIMARY KEY,
  promised_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- For a day nobody knows what nodes promise that run already.
INSERT INTO replay_promise (days) VALUES (3650);

-- Hot and archived rows together, for whoever looks at history.
CREATE VIEW every_credit AS
SELECT credit_id, amount_minor, captured_at, account_id, local_date, batch_no, stan, binding_version, merchant_id, terminal_id,
       acquirer_id, type, currency, rrn FROM credit
UNION ALL
SELECT credit_id, amount_minor, captured_at, account_id, local_date, batch_no, stan, binding_version, merchant_id, terminal_id,
       acquirer_id, type, currency, rrn FROM archive.credit;

CREATE VIEW every_batch AS
SELECT batch_id, rail, currency, state, credits, amount_minor, departed_credits, departed_minor, owner, epoch, tries,
       recorded_at, claim_no, claimed_at, one_per_account, retry_at, settled_at FROM credit_batch
UNION ALL
SELECT batch_id, rail, currency, state, credits, amount_minor, departed_credits, departed_minor, owner, epoch, tries,
       recorded_at, claim_no, claimed_at, one_per_account, retry_at, settled_at FROM archive.credit_batch;

CREATE VIEW every_exception AS
SELECT credit_id, exception_no, attempt, batch_id, kind, reason, bank_code, merchant_id, amount_minor, currency,
       decided_version, release_ordered, movable, next_at, tries, returned_minor, rest_refused, money_back_at, opened_at,
       closed_at, closed_as, to_batch, to_account, to_version FROM credit_exception
UNION ALL
SELECT credit_id, exception_no, attempt, batch_id, kind, reason, bank_code, merchant_id, amount_minor, currency,
       decided_version, release_ordered, movable, next_at, tries, returned_minor, rest_refused, money_back_at, opened_at,
       closed_at, closed_as, to_batch, to_account, to_version FROM archive.credit_exception;

CREATE VIEW every_hold_reason AS
SELECT credit_id, exception_no, decided_version, reason, until FROM credit_hold_reason
UNION ALL
SELECT credit_id, exception_no, decided_version, reason, until FROM archive.credit_hold_reason;

CREATE VIEW every_release_order AS
SELECT order_id, credit_id, ordered_by, reason, ordered_at FROM credit_release_order
UNION ALL
SELECT order_id, credit_id, ordered_by, reason, ordered_at FROM archive.credit_release_order;

-- As in V2; keeps in mind how far back the caller takes sales, and makes no second partition for a month that has left.
CREATE OR REPLACE FUNCTION ensure_credit_partitions(p_from date, p_to date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  v_month date := date_trunc('month', p_from)::date;
  v_today date := (now() AT TIME ZONE 'UTC')::date;
  v_made  integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(7002, 0);
  IF p_from <= v_today THEN
    INSERT INTO replay_promise AS p (days) VALUES (v_today - p_from)
    ON CONFLICT (days) DO UPDATE SET promised_at = excluded.promised_at;
  END IF;
  WHILE v_month <= p_to LOOP
    IF to_regclass('credit_' || to_char(v_month, 'YYYYMM')) IS NULL
       AND NOT EXISTS (SELECT FROM archived_month m WHERE m.month = v_month) THEN
      EXECUTE format('CREATE TABLE %I (LIKE credit INCLUDING DEFAULTS INCLUDING CONSTRAINTS)',
        'credit_' || to_char(v_month, 'YYYYMM'));
      EXECUTE format('ALTER TABLE credit ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        'credit_' || to_char(v_month, 'YYYYMM'), v_month, (v_month + interval '1 month')::date);
      v_made := v_made + 1;
    END IF;
    v_month := (v_month + interval '1 month')::date;
  END LOOP;
  RETURN v_made;
END $$;

-- The credits of a transfer that we may have sent by this id, where they are hot.
CREATE FUNCTION credits_of_transfer(p_end_to_end_id text) RETURNS SETOF bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_digits text := substring(p_end_to_end_id FROM '^[BC]([0-9A-V]{1,13})-');
  v_number bigint := 0;
BEGIN
  IF v_digits IS NULL OR length(v_digits) = 13 AND left(v_digits, 1) !~ '[0-7]' THEN
    RETURN;
  END IF;
  FOR i IN 1 .. length(v_digits) LOOP
    v_number := v_number << 5 | strpos('0123456789ABCDEFGHIJKLMNOPQRSTUV', substr(v_digits, i, 1)) - 1;
  END LOOP;
  IF p_end_to_end_id LIKE 'C%' THEN
    RETURN QUERY SELECT v_number;
  ELSIF v_number < 1::bigint << 51 THEN
    RETURN QUERY
      SELECT c.credit_id FROM credit c WHERE c.credit_id >= v_number << 12 AND c.credit_id < (v_number + 1) << 12
      UNION SELECT e.credit_id FROM credit_exception e WHERE e.to_batch = v_number;
  END IF;
END $$;

-- What keeps credits of local dates from p_from to before p_to where they are, by month: credits that are not posted, by
-- their reason, claims that the audit of the fence has not looked at, breaks and resolutions that a person has not ended.
-- Reads what is open and nothing else.
CREATE FUNCTION kept_hot(p_from date, p_to date) RETURNS TABLE (month date, what text, credits bigint)
  LANGUAGE sql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
  WITH open AS (
    SELECT e.credit_id, e.kind || ' ' || e.reason AS what FROM credit_exception e WHERE e.closed_at IS NULL
    UNION ALL
    SELECT m.credit_id, b.what FROM (
      SELECT batch_id, state AS what FROM credit_batch WHERE state IN ('RECORDED', 'SENT', 'IN_DOUBT')
      UNION ALL
      SELECT batch_id, 'not audited' FROM credit_batch WHERE claim_no > (SELECT f.audited FROM fence_audit f)) b
    CROSS JOIN LATERAL (
      -- OFFSET 0: as in V3.
      (SELECT c.credit_id FROM credit c WHERE c.credit_id >= b.batch_id << 12 AND c.credit_id < (b.batch_id + 1) << 12 OFFSET 0)
      UNION ALL
      SELECT e.credit_id FROM credit_exception e WHERE e.to_batch = b.batch_id) m
    UNION ALL
    SELECT t.credit_id, 'open break ' || k.kind FROM settlement_break k
    CROSS JOIN LATERAL (
      SELECT k.credit_id WHERE k.credit_id IS NOT NULL
      UNION SELECT o FROM credits_of_transfer(k.end_to_end_id) o) t
    WHERE k.closed_at IS NULL
    UNION ALL
    SELECT o, 'undecided resolution' FROM resolution r CROSS JOIN LATERAL credits_of_transfer(r.end_to_end_id) o
    WHERE r.state = 'PROPOSED')
  SELECT date_trunc('month', c.local_date)::date, o.what, count(*)
  FROM open o JOIN credit c ON c.credit_id = o.credit_id AND c.local_date >= p_from AND c.local_date < p_to
  GROUP BY 1, 2
$$;

-- The first local date that may not leave: p_window days back, or as far as nodes said within a day that they take sales,
-- and p_margin days more.
CREATE FUNCTION archive_horizon(p_window integer, p_margin integer) RETURNS date LANGUAGE sql STABLE AS $$
  SELECT (now() AT TIME ZONE 'UTC')::date - p_margin - greatest(p_window, (
    SELECT max(p.days) FROM replay_promise p WHERE p.promised_at > now() - interval '1 day'))
$$;

-- Lets a month's credits go over into the archive, in this commit. p_window and p_margin as of archive_horizon. p_credits and
-- p_minor by currency, p_hash of the rows and p_last, the greatest id, are what was counted of them before. Returns LEFT, or why not: WITHIN_WINDOW, KEPT_HOT, CHANGED (what was counted is not what
-- is there). The caller sets lock_timeout: sales wait behind the lock on `credit` as long as this waits for it.
CREATE FUNCTION leave_hot_tables(
  p_month date, p_window integer, p_margin integer, p_currencies text[], p_credits bigint[], p_minor numeric[], p_hash numeric, p_last bigint)
  RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_table text := 'credit_' || to_char(p_month, 'YYYYMM');
  v_end   date := (p_month + interval '1 month')::date;
  v_last  bigint;
BEGIN
  -- A node says how far back it takes sales under this lock, and looks afterwards what has left.
  PERFORM pg_advisory_xact_lock(7002, 0);
  IF v_end > archive_horizon(p_window, p_margin) THEN
    RETURN 'WITHIN_WINDOW';
  END IF;
  -- No word of a bank that would open a closed credit is written from here to the commit.
  PERFORM pg_advisory_xact_lock(7006, 0);
  IF EXISTS (SELECT FROM kept_hot(p_month, v_end)) THEN
    RETURN 'KEPT_HOT';
  END IF;
  EXECUTE format('SELECT max(credit_id) FROM %I', v_table) INTO v_last;
  IF v_last IS DISTINCT FROM p_last THEN
    RETURN 'CHANGED';
  END IF;
  INSERT INTO archived_month (month) VALUES (p_month);
  INSERT INTO archived_total (month, currency, credits, amount_minor)
    SELECT p_month, u.currency, u.credits, u.minor FROM unnest(p_currencies, p_credits, p_minor) AS u(currency, credits, minor);
  INSERT INTO archived_rows (month, relation, count, hash)
    SELECT p_month, 'credit', coalesce(sum(credits), 0), p_hash FROM unnest(p_credits) AS credits;
  LOCK TABLE ONLY credit IN ACCESS EXCLUSIVE MODE;
  EXECUTE format('ALTER TABLE credit DETACH PARTITION %I', v_table);
  EXECUTE format('ALTER TABLE %I SET SCHEMA archive', v_table);
  EXECUTE format('ALTER TABLE archive.credit ATTACH PARTITION archive.%I FOR VALUES FROM (%L) TO (%L)', v_table, p_month, v_end);
  RETURN 'LEFT';
END $$;

-- Makes the places for what follows a month's credits.
CREATE FUNCTION make_archive_of(p_month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_name text;
BEGIN
  FOREACH v_name IN ARRAY ARRAY['credit_batch', 'credit_exception', 'credit_hold_reason', 'credit_release_order'] LOOP
    EXECUTE format('CREATE TABLE IF NOT EXISTS archive.%I PARTITION OF archive.%I FOR VALUES IN (%L)',
      v_name || '_' || to_char(p_month, 'YYYYMM'), v_name, p_month);
  END LOOP;
END $$;

CREATE FUNCTION add_archived_rows(p_month date, p_relation text, p_count bigint, p_hash numeric) RETURNS void LANGUAGE sql AS $$
  INSERT INTO archived_rows AS r (month, relation, count, hash) VALUES (p_month, p_relation, p_count, coalesce(p_hash, 0))
  ON CONFLICT (month, relation) DO UPDATE SET count = r.count + excluded.count, hash = r.hash + excluded.hash
$$;

-- Moves what belongs to the next p_credits credits of an archived month: their departures with reasons and orders, and the
-- batches of which nothing is hot any more. Returns whether there is more to do; when not, the month is DONE.
CREATE FUNCTION move_followers(p_month date, p_credits integer) RETURNS boolean
  LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
  v_end     date := (p_month + interval '1 month')::date;
  v_from    bigint;
  v_to      bigint;
  v_batches bigint[];
  v_count   bigint;
  v_hash    numeric;
BEGIN
  SELECT m.moved_to INTO v_from FROM archived_month m WHERE m.month = p_month AND m.state = 'MOVING' FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  SELECT max(n.credit_id) INTO v_to FROM (
    SELECT c.credit_id FROM archive.credit c WHERE c.local_date >= p_month AND c.local_date < v_end AND c.credit_id >= v_from
    ORDER BY c.credit_id LIMIT p_credits) n;
  IF v_to IS NULL THEN
    UPDATE archived_month SET state = 'DONE', done_at = clock_timestamp() WHERE month = p_month;
    RETURN false;
  END IF;
  -- To the end of the batch, so that each is looked at as a whole.
  v_to := ((v_to >> 12) + 1) << 12;

  WITH gone AS (
    DELETE FROM credit_hold_reason h WHERE h.credit_id >= v_from AND h.credit_id < v_to
      AND EXISTS (SELECT FROM archive.credit c WHERE c.credit_id = h.credit_id AND c.local_date >= p_month AND c.local_date < v_end)
    RETURNING h.*
  ), kept AS (INSERT INTO archive.credit_hold_reason SELECT p_month, g.* FROM gone g)
  SELECT count(*), sum(hash_record_extended(ROW(g.credit_id, g.exception_no, g.decided_version, g.reason, g.until), 0))
  INTO v_count, v_hash FROM gone g;
  PERFORM add_archived_rows(p_month, 'credit_hold_reason', v_count, v_hash);

  WITH gone AS (
    DELETE FROM credit_release_order o WHERE o.credit_id >= v_from AND o.credit_id < v_to
      AND EXISTS (SELECT FROM archive.credit c WHERE c.credit_id = o.credit_id AND c.local_date >= p_month AND c.local_date < v_end)
    RETURNING o.*
  ), kept AS (INSERT INTO archive.credit_release_order SELECT p_month, g.* FROM gone g)
  SELECT count(*), sum(hash_record_extended(ROW(g.order_id, g.credit_id, g.ordered_by, g.reason, g.ordered_at), 0))
  INTO v_count, v_hash FROM gone g;
  PERFORM add_archived_rows(p_month, 'credit_release_order', v_count, v_hash);

  WITH gone AS (
    DELETE FROM credit_exception e WHERE e.credit_id >= v_from AND e.credit_id < v_to
      AND EXISTS (SELECT FROM archive.credit c WHERE c.credit_id = e.credit_id AND c.local_date >= p_month AND c.local_date < v_end)
    RETURNING e.*
  ), kept AS (INSERT INTO archive.credit_exception SELECT p_month, g.* FROM gone g)
  SELECT count(*), sum(hash_record_extended(ROW(
           g.credit_id, g.exception_no, g.attempt, g.batch_id, g.kind, g.reason, g.bank_code, g.merchant_id, g.amount_minor,
           g.currency, g.decided_version, g.release_ordered, g.movable, g.next_at, g.tries, g.returned_minor, g.rest_refused,
           g.money_back_at, g.opened_at, g.closed_at, g.closed_as, g.to_batch, g.to_account, g.to_version), 0))
  INTO v_count, v_hash FROM gone g;
  PERFORM add_archived_rows(p_month, 'credit_exception', v_count, v_hash);

  SELECT coalesce(array_agg(DISTINCT t.batch_id), '{}') INTO v_batches FROM (
    SELECT c.credit_id >> 12 AS batch_id FROM archive.credit c
    WHERE c.local_date >= p_month AND c.local_date < v_end AND c.credit_id >= v_from AND c.credit_id < v_to
    UNION ALL
    SELECT e.to_batch FROM archive.credit_exception e
    WHERE e.month = p_month AND e.credit_id >= v_from AND e.credit_id < v_to AND e.to_batch IS NOT NULL) t;

  WITH whole AS (
    SELECT b.batch_id FROM credit_batch b
    WHERE b.batch_id = ANY (v_batches) AND b.state IN ('POSTED', 'UNROUTED')
      AND NOT EXISTS (SELECT FROM credit c WHERE c.credit_id >= b.batch_id << 12 AND c.credit_id < (b.batch_id + 1) << 12
                        OFFSET 0) -- As in V3.
      AND NOT EXISTS (SELECT FROM credit_exception e WHERE e.batch_id = b.batch_id)
      AND NOT EXISTS (SELECT FROM credit_exception e WHERE e.to_batch = b.batch_id)
  )
  SELECT coalesce(array_agg(w.batch_id), '{}') INTO v_batches FROM whole w;
  DELETE FROM archived_batch_part p WHERE p.batch_id = ANY (v_batches);

  WITH gone AS (DELETE FROM credit_batch b WHERE b.batch_id = ANY (v_batches) RETURNING b.*),
  kept AS (INSERT INTO archive.credit_batch SELECT p_month, g.* FROM gone g)
  SELECT count(*), sum(hash_record_extended(ROW(
           g.batch_id, g.rail, g.currency, g.state, g.credits, g.amount_minor, g.departed_credits, g.departed_minor, g.owner,
           g.epoch, g.tries, g.recorded_at, g.claim_no, g.claimed_at, g.one_per_account, g.retry_at, g.settled_at), 0))
  INTO v_count, v_hash FROM gone g;
  PERFORM add_archived_rows(p_month, 'credit_batch', v_count, v_hash);

  -- What stays of these batches is of another month as well.
  INSERT INTO archived_batch_part AS p (batch_id, month, currency, credits, amount_minor, departed_credits, departed_minor)
  SELECT m.batch_id, p_month, min(m.currency), count(*), sum(m.minor), count(*) FILTER (WHERE m.departed),
         coalesce(sum(m.minor) FILTER (WHERE m.departed), 0)
  FROM (
    SELECT c.credit_id >> 12 AS batch_id, c.currency, c.amount_minor AS minor,
           EXISTS (SELECT FROM archive.credit_exception x
                   WHERE x.month = p_month AND x.credit_id = c.credit_id AND x.batch_id = c.credit_id >> 12) AS departed
    FROM archive.credit c
    WHERE c.local_date >= p_month AND c.local_date < v_end AND c.credit_id >= v_from AND c.credit_id < v_to
    UNION ALL
    SELECT e.to_batch, e.currency, e.amount_minor,
           EXISTS (SELECT FROM archive.credit_exception x
                   WHERE x.month = p_month AND x.credit_id = e.credit_id AND x.batch_id = e.to_batch)
    FROM archive.credit_exception e
    WHERE e.month = p_month AND e.credit_id >= v_from AND e.credit_id < v_to AND e.to_batch IS NOT NULL) m
  JOIN credit_batch b USING (batch_id)
  GROUP BY m.batch_id
  ON CONFLICT (batch_id, month) DO UPDATE SET
    credits = p.credits + excluded.credits, amount_minor = p.amount_minor + excluded.amount_minor,
    departed_credits = p.departed_credits + excluded.departed_credits, departed_minor = p.departed_minor + excluded.departed_minor;

  UPDATE archived_month SET moved_to = v_to WHERE month = p_month;
  RETURN true;
END $$;

-- An operator has taken a month's rows out of this database: dumped them to p_to, and dropped the month's tables. Returns
-- TAKEN_OUT; STILL_HERE while a table of it is; MOVING while the month is not DONE; NULL when it is not archived.
CREATE FUNCTION archive_taken_out(p_month date, p_by text, p_to text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_state text;
BEGIN
  SELECT m.state INTO v_state FROM archived_month m WHERE m.month = p_month FOR UPDATE;
  IF v_state = 'DONE' THEN
    IF EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'archive'::regnamespace AND c.relkind = 'r'
                 AND c.relname LIKE '%\_' || to_char(p_month, 'YYYYMM')) THEN
      RETURN 'STILL_HERE';
    END IF;
    UPDATE archived_month SET state = 'TAKEN_OUT', taken_out_at = clock_timestamp(), taken_out_by = p_by, taken_out_to = p_to
    WHERE month = p_month;
    RETURN 'TAKEN_OUT';
  END IF;
  RETURN v_state;
END $$;

-- As in V6; attempts of credits that have left are no longer there.
CREATE OR REPLACE FUNCTION attempt_of(p_credit bigint, p_attempt integer)
  RETURNS TABLE (batch_id bigint, amount_minor bigint, merchant_id text, currency text, version integer, account_id bigint)
  LANGUAGE sql STABLE AS $$
  SELECT c.credit_id >> 12, c.amount_minor, c.merchant_id, c.currency, c.binding_version, c.account_id
  FROM credit c WHERE p_attempt = 1 AND c.credit_id = p_credit
  UNION ALL
  SELECT e.to_batch, e.amount_minor, e.merchant_id, e.currency, e.to_version, e.to_account
  FROM credit_exception e WHERE e.credit_id = p_credit AND e.attempt = p_attempt - 1 AND e.to_batch IS NOT NULL
    AND EXISTS (SELECT FROM credit c WHERE c.credit_id = p_credit)
$$;
