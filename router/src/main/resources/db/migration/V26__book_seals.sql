-- Seals of the book: an event of the audit for a range of credits, and for departures that are closed, with counts, sums and a
-- digest over the rows, so that one that is changed, removed or put in later is found. docs/decisions/0022-audit-chain.md

-- How far it is, one row for all nodes. No credit can come any more into batches up to closed_to; nor, when the transactions
-- in_flight are over, into those up to up_to. Departures are walked through again and again, in order of their key.
CREATE TABLE book_seal (
  only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  sealed_to  bigint NOT NULL DEFAULT 0,
  closed_to  bigint NOT NULL DEFAULT 0,
  up_to      bigint NOT NULL DEFAULT 0,
  in_flight  text[] NOT NULL DEFAULT '{}',
  departures_after    bigint NOT NULL DEFAULT 0,
  departures_after_no integer NOT NULL DEFAULT 0,
  walk_from  timestamptz NOT NULL DEFAULT '-infinity' -- when the next walk may begin
);
INSERT INTO book_seal DEFAULT VALUES;

-- A closed departure as it was sealed, by which event.
CREATE TABLE sealed_departure (
  credit_id    bigint NOT NULL,
  exception_no integer NOT NULL,
  month        date NOT NULL, -- of the credit
  hash         bytea NOT NULL CHECK (octet_length(hash) = 32),
  event_id     bigint NOT NULL REFERENCES audit_event,
  PRIMARY KEY (credit_id, exception_no)
);
CREATE INDEX sealed_departure_event ON sealed_departure (event_id, credit_id, exception_no);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sealed_departure
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

INSERT INTO router_right (relation, history, rights, columns) VALUES
  ('book_seal', false, '', '{}'),
  ('sealed_departure', true, '', '{}');

-- The transactions of this database that are not over, whatever they have done so far.
CREATE FUNCTION transactions_in_flight() RETURNS text[] LANGUAGE sql VOLATILE AS $$
  SELECT coalesce(array_agg(DISTINCT l.virtualtransaction), '{}') FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
  WHERE l.locktype = 'virtualxid' AND l.granted
    AND coalesce(a.datid, 0) IN (0, (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))
$$;

-- Seals the next credits: of p_batches batches and p_credits credits at most, but for the last batch. o_credits: how many, 0
-- also while another node does it; o_more: there are more to seal now.
CREATE FUNCTION seal_credits(p_batches integer, p_credits integer, OUT o_credits bigint, OUT o_more boolean)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
  s       book_seal;
  v_to    bigint;
  v_parts jsonb;
BEGIN
  o_credits := 0;
  o_more := false;
  IF (SELECT h.sealed_to >= CASE WHEN q.is_called THEN q.last_value ELSE 0 END FROM book_seal h, batch_ids q) THEN
    RETURN;
  END IF;
  SELECT * INTO s FROM book_seal FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  IF NOT s.in_flight && transactions_in_flight() THEN
    s.closed_to := s.up_to;
    -- The number first, then who may have drawn one up to it.
    SELECT q.last_value INTO s.up_to FROM batch_ids q;
    s.in_flight := transactions_in_flight();
  END IF;
  SELECT max(n.batch_id) FILTER (WHERE n.before < p_credits) INTO v_to FROM (
    SELECT b.batch_id, sum(b.credits) OVER (ORDER BY b.batch_id) - b.credits AS before
    FROM (SELECT batch_id, credits FROM credit_batch WHERE batch_id > s.sealed_to AND batch_id <= s.closed_to
          ORDER BY batch_id LIMIT p_batches) b) n;
  IF v_to IS NOT NULL THEN
    SELECT coalesce(jsonb_agg(to_jsonb(p) ORDER BY p.month, p.currency), '[]'), coalesce(sum(p.credits), 0) INTO v_parts, o_credits FROM (
      SELECT date_trunc('month', c.local_date)::date AS month, c.currency, count(*) AS credits, sum(c.amount_minor) AS minor,
             encode(sha256(string_agg(record_send(ROW(
               c.credit_id, c.amount_minor, c.captured_at, c.account_id, c.local_date, c.batch_no, c.stan, c.binding_version,
               c.merchant_id, c.terminal_id, c.acquirer_id, c.type, c.currency, c.rrn)), ''::bytea ORDER BY c.credit_id)), 'hex') AS digest
      FROM credit c WHERE c.credit_id >= (s.sealed_to + 1) << 12 AND c.credit_id < (v_to + 1) << 12
      GROUP BY 1, 2) p;
    PERFORM write_audit_event('router', '', 'CREDITS_SEALED', 'batches ' || s.sealed_to + 1 || ' to ' || v_to, NULL, NULL,
      jsonb_build_object('from', s.sealed_to + 1, 'to', v_to, 'credits', o_credits, 'parts', v_parts));
    s.sealed_to := v_to;
    o_more := EXISTS (SELECT FROM credit_batch b WHERE b.batch_id > v_to AND b.batch_id <= s.closed_to);
  END IF;
  UPDATE book_seal SET sealed_to = s.sealed_to, closed_to = s.closed_to, up_to = s.up_to, in_flight = s.in_flight;
END $$;

-- Walks on through p_rows departures and seals those that are closed and not sealed. Returns how many it looked at; 0 when the
-- walk has ended, and until p_pause is over.
CREATE FUNCTION seal_departures(p_rows integer, p_pause interval) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
  s       book_seal;
  v_walk  record;
  v_new   record;
  v_parts jsonb;
  v_event bigint;
BEGIN
  IF (SELECT h.walk_from > clock_timestamp() FROM book_seal h) THEN
    RETURN 0;
  END IF;
  SELECT * INTO s FROM book_seal FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  SELECT count(*) AS seen, (array_agg(n.credit_id ORDER BY n.credit_id DESC, n.exception_no DESC))[1] AS credit_id,
         (array_agg(n.exception_no ORDER BY n.credit_id DESC, n.exception_no DESC))[1] AS exception_no
  INTO v_walk FROM (
    SELECT e.credit_id, e.exception_no FROM credit_exception e
    WHERE (e.credit_id, e.exception_no) > (s.departures_after, s.departures_after_no)
    ORDER BY e.credit_id, e.exception_no LIMIT p_rows) n;
  IF v_walk.seen = 0 THEN
    UPDATE book_seal SET departures_after = 0, departures_after_no = 0, walk_from = clock_timestamp() + p_pause;
    RETURN 0;
  END IF;
  SELECT array_agg(n.credit_id) AS credits, array_agg(n.exception_no) AS nos, array_agg(n.month) AS months,
         array_agg(n.hash) AS hashes, array_agg(n.currency) AS currencies, array_agg(n.amount_minor) AS minor, count(*) AS count,
         encode(sha256(string_agg(int8send(n.credit_id) || int4send(n.exception_no) || n.hash, ''::bytea
                                  ORDER BY n.credit_id, n.exception_no)), 'hex') AS digest
  INTO v_new FROM (
    SELECT e.credit_id, e.exception_no, e.currency, e.amount_minor, date_trunc('month', c.local_date)::date AS month,
           sha256(record_send(ROW(
             e.credit_id, e.exception_no, e.attempt, e.batch_id, e.kind, e.reason, e.bank_code, e.merchant_id, e.amount_minor,
             e.currency, e.decided_version, e.release_ordered, e.movable, e.next_at, e.tries, e.returned_minor, e.rest_refused,
             e.money_back_at, e.opened_at, e.closed_at, e.closed_as, e.to_batch, e.to_account, e.to_version))) AS hash
    FROM credit_exception e
    CROSS JOIN LATERAL (SELECT i.local_date FROM credit i WHERE i.credit_id = e.credit_id OFFSET 0) c
    WHERE (e.credit_id, e.exception_no) > (s.departures_after, s.departures_after_no)
      AND (e.credit_id, e.exception_no) <= (v_walk.credit_id, v_walk.exception_no) AND e.closed_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM sealed_departure d WHERE d.credit_id = e.credit_id AND d.exception_no = e.exception_no)) n;
  IF v_new.count > 0 THEN
    SELECT jsonb_agg(to_jsonb(p) ORDER BY p.currency) INTO v_parts FROM (
      SELECT u.currency, count(*) AS departures, sum(u.minor) AS minor
      FROM unnest(v_new.currencies, v_new.minor) AS u(currency, minor) GROUP BY u.currency) p;
    v_event := write_audit_event('router', '', 'DEPARTURES_SEALED',
      'departures of credits ' || v_new.credits[1] || ' to ' || v_new.credits[v_new.count], NULL, NULL,
      jsonb_build_object('departures', v_new.count, 'digest', v_new.digest, 'parts', v_parts));
    INSERT INTO sealed_departure (credit_id, exception_no, month, hash, event_id)
    SELECT u.credit, u.no, u.month, u.hash, v_event
    FROM unnest(v_new.credits, v_new.nos, v_new.months, v_new.hashes) AS u(credit, no, month, hash);
  END IF;
  UPDATE book_seal SET departures_after = v_walk.credit_id, departures_after_no = v_walk.exception_no;
  RETURN v_walk.seen;
END $$;
