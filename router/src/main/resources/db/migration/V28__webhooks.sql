-- What merchants and acquirers are told by webhooks: who is told what and where, and the events, which are read out of the
-- book in the background. Nothing that money waits for writes here: docs/decisions/0025-webhooks-read-the-book.md.

CREATE SEQUENCE webhook_ids START 1000001;

-- The next webhook's id, which its secret is encrypted for before there is one. By the owner's rights: a sequence is not for others to set.
CREATE FUNCTION next_webhook_id() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$ SELECT nextval('webhook_ids') $$;

-- A receiver. Its events are numbered without gaps and delivered in that order, some in one message; the next message is not
-- sent before the last is acknowledged. Where it is, whose it is and what it is told never changes: another address is another webhook.
CREATE TABLE webhook (
  webhook_id    bigint PRIMARY KEY,
  owner_kind    text NOT NULL CHECK (owner_kind IN ('MERCHANT', 'ACQUIRER')),
  owner_id      text NOT NULL,
  owner         text NOT NULL GENERATED ALWAYS AS (left(owner_kind, 1) || ':' || owner_id) STORED,
  url           text NOT NULL,
  host          text NOT NULL GENERATED ALWAYS AS (coalesce(lower(substring(url FROM '^[^:]+://([^/?]*)')), '')) STORED,
  kinds         text[] NOT NULL CHECK (cardinality(kinds) > 0),
  created_by    text NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  state         text NOT NULL DEFAULT 'ACTIVE' CHECK (state IN ('ACTIVE', 'PAUSED', 'RETIRED')),
  paused_for    text CHECK (paused_for IN ('ORDERED', 'NOT_DELIVERED', 'GONE', 'BACKLOG')),
  state_since   timestamptz NOT NULL DEFAULT clock_timestamp(),
  overflowed_at timestamptz,                 -- too much waited: nothing is gathered for it since
  gathers       boolean NOT NULL GENERATED ALWAYS AS (state <> 'RETIRED' AND overflowed_at IS NULL) STORED,
  told_no       bigint NOT NULL DEFAULT 0,   -- the number of its newest event
  acked_no      bigint NOT NULL DEFAULT 0,   -- acknowledged up to here
  sending_to    bigint,                      -- the last event of the message under way: every repetition has the same
  tries         integer NOT NULL DEFAULT 0,  -- repetitions of it so far that were not acknowledged
  failing_since timestamptz,
  due_at        timestamptz NOT NULL DEFAULT clock_timestamp(), -- while it is being sent: the lease's end
  lease_no      bigint NOT NULL DEFAULT 0,   -- what came of a message counts only under the lease that it was sent by
  last_outcome  text,
  last_tried_at timestamptz,
  acked_at      timestamptz,
  changes       integer NOT NULL DEFAULT 0,
  CHECK ((state = 'PAUSED') = (paused_for IS NOT NULL)),
  CHECK (acked_no BETWEEN 0 AND told_no AND (sending_to IS NULL OR sending_to > acked_no)),
  CHECK ((tries = 0) = (failing_since IS NULL))
) WITH (fillfactor = 70);
CREATE INDEX webhook_owner ON webhook (owner) WHERE gathers;
CREATE UNIQUE INDEX webhook_once ON webhook (owner, url) WHERE state <> 'RETIRED';
CREATE INDEX webhook_due ON webhook (due_at) WHERE state = 'ACTIVE' AND told_no > acked_no;

CREATE FUNCTION guard_webhook() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.webhook_id, NEW.owner_kind, NEW.owner_id, NEW.url, NEW.kinds, NEW.created_by, NEW.created_at)
     IS DISTINCT FROM
     (OLD.webhook_id, OLD.owner_kind, OLD.owner_id, OLD.url, OLD.kinds, OLD.created_by, OLD.created_at)
     OR OLD.state = 'RETIRED' AND NEW.state <> 'RETIRED' OR NEW.told_no < OLD.told_no THEN
    RAISE EXCEPTION 'who is told what and where does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON webhook FOR EACH ROW EXECUTE FUNCTION guard_webhook();
CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON webhook FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- Who did what with it, and what the router did by itself.
CREATE TABLE webhook_change (
  webhook_id bigint NOT NULL REFERENCES webhook,
  change_no  integer NOT NULL,
  what       text NOT NULL CHECK (what IN ('CREATED', 'PAUSED', 'RESUMED', 'RETIRED', 'SECRET_ROTATED', 'REDELIVERY', 'TEST')),
  detail     text NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (webhook_id, change_no)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON webhook_change
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- What its messages are signed with, encrypted with the webhook's id and the purpose as associated data. The newest signs,
-- and so does each before it until good_until.
CREATE TABLE webhook_secret (
  webhook_id bigint NOT NULL REFERENCES webhook,
  secret_no  integer NOT NULL,
  cipher     bytea NOT NULL,
  made_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  good_until timestamptz,
  PRIMARY KEY (webhook_id, secret_no)
);
CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON webhook_secret FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- What happened, as a webhook's owner is told it: of itself, so that it is the same when the credit has left for the archive.
-- `minor` is what the event is of: posted, held, returned. Kept for some days, delivered or not.
CREATE TABLE webhook_event (
  webhook_id   bigint NOT NULL,
  event_no     bigint NOT NULL,
  kind         text NOT NULL,
  at           timestamptz NOT NULL,
  made_at      timestamptz NOT NULL DEFAULT now(),
  merchant_id  text,
  credit_id    bigint,
  attempt      integer,
  exception_no integer,  -- of the departure that it tells of; NULL: posted with its batch
  amount_minor bigint,
  minor        bigint,
  currency     text,
  reason       text,
  account_id   bigint,
  last4        text,
  acquirer_id  text,
  terminal_id  text,
  batch_no     integer,
  stan         integer,
  local_date   date,
  type         text,
  rrn          text,
  change_id    bigint,
  version      integer,
  PRIMARY KEY (webhook_id, event_no)
);

-- How far the book has been read, one row for all nodes. Every settlement up to told_to is told, and every departure and
-- change of a route by a transaction below xid_to. next_at, next_xid: how far it is read next; no transaction that is not
-- below next_xid can write a time up to next_at. sliced_to: how much of that is told when it comes in pieces.
CREATE TABLE webhook_feed (
  only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  told_to   timestamptz NOT NULL,
  xid_to    xid8 NOT NULL,
  next_at   timestamptz,
  next_xid  xid8,
  sliced_to timestamptz,
  CHECK ((next_at IS NULL) = (next_xid IS NULL) AND (sliced_to IS NULL OR next_at IS NOT NULL))
);
INSERT INTO webhook_feed (told_to, xid_to) VALUES (clock_timestamp(), pg_current_xact_id());

-- By whose transaction a departure was written, as of route_change (V9); of older rows nobody asks. Archived rows have none.
ALTER TABLE credit_exception ADD COLUMN xid xid8, ALTER COLUMN xid SET DEFAULT pg_current_xact_id();

-- What the router's own database user may do (V25), and what of it is audited: that there is one, and each change of it.
INSERT INTO router_right (relation, history, rights, columns) VALUES
  ('webhook', true, 'INSERT',
   '{state,paused_for,state_since,overflowed_at,told_no,acked_no,sending_to,tries,failing_since,due_at,lease_no,last_outcome,last_tried_at,acked_at,changes}'),
  ('webhook_change', true, 'INSERT', '{}'),
  ('webhook_secret', true, 'INSERT', '{good_until}'),
  ('webhook_event', false, 'INSERT, DELETE', '{}'),
  ('webhook_feed', false, '', '{told_to,xid_to,next_at,next_xid,sliced_to}');
CREATE TRIGGER audit AFTER INSERT OR DELETE ON webhook FOR EACH ROW EXECUTE FUNCTION audit_change(
  'WEBHOOK_MADE', 'HISTORY_REWRITTEN', 'webhook WH', 'webhook_id', 'created_by', '', '', '', '');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON webhook_change FOR EACH ROW EXECUTE FUNCTION audit_change(
  'WEBHOOK_CHANGED', 'HISTORY_REWRITTEN', 'webhook WH', 'webhook_id', 'changed_by', '', 'detail', '', '');

CREATE FUNCTION write_webhook_change(p_webhook bigint, p_what text, p_detail text, p_by text) RETURNS void LANGUAGE sql AS $$
  WITH counted AS (UPDATE webhook SET changes = changes + 1 WHERE webhook_id = p_webhook RETURNING changes)
  INSERT INTO webhook_change (webhook_id, change_no, what, detail, changed_by)
  SELECT p_webhook, c.changes, p_what, p_detail, p_by FROM counted c
$$;

-- Where nobody was told anything the book is read from now on.
CREATE FUNCTION begin_webhook_feed() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM webhook_feed FOR UPDATE;
  IF NOT EXISTS (SELECT FROM webhook w WHERE w.gathers) THEN
    UPDATE webhook_feed SET told_to = clock_timestamp(), xid_to = pg_snapshot_xmin(pg_current_snapshot()), next_at = NULL,
                            next_xid = NULL, sliced_to = NULL;
  END IF;
END $$;

-- Makes one. Returns CREATED, UNKNOWN_OWNER, EXISTS (there is one of the owner's for this address, see o_known) or TOO_MANY.
CREATE FUNCTION create_webhook(
  p_webhook bigint, p_kind text, p_owner text, p_url text, p_kinds text[], p_cipher bytea, p_by text, p_most integer,
  OUT o_outcome text, OUT o_known bigint) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7010, hashtext(p_kind || p_owner));
  SELECT w.webhook_id INTO o_known FROM webhook w
  WHERE w.owner = left(p_kind, 1) || ':' || p_owner AND w.url = p_url AND w.state <> 'RETIRED';
  o_outcome := CASE
    WHEN o_known IS NOT NULL THEN 'EXISTS'
    WHEN p_kind = 'MERCHANT' AND NOT EXISTS (SELECT FROM merchant m WHERE m.merchant_id = p_owner) THEN 'UNKNOWN_OWNER'
    WHEN (SELECT count(*) FROM webhook w WHERE w.owner = left(p_kind, 1) || ':' || p_owner AND w.state <> 'RETIRED') >= p_most
      THEN 'TOO_MANY'
    ELSE 'CREATED' END;
  IF o_outcome = 'CREATED' THEN
    PERFORM begin_webhook_feed();
    INSERT INTO webhook (webhook_id, owner_kind, owner_id, url, kinds, created_by)
      VALUES (p_webhook, p_kind, p_owner, p_url, p_kinds, p_by);
    INSERT INTO webhook_secret (webhook_id, secret_no, cipher) VALUES (p_webhook, 1, p_cipher);
    PERFORM write_webhook_change(p_webhook, 'CREATED', p_url, p_by);
  END IF;
END $$;

-- Moves it to p_state for a person. Returns DONE, UNCHANGED (it stands so), UNKNOWN or RETIRED.
CREATE FUNCTION move_webhook(p_webhook bigint, p_state text, p_by text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_state      text;
  v_overflowed timestamptz;
BEGIN
  PERFORM FROM webhook_feed FOR UPDATE;
  SELECT w.state, w.overflowed_at INTO v_state, v_overflowed FROM webhook w WHERE w.webhook_id = p_webhook FOR UPDATE;
  IF v_state IS NULL THEN
    RETURN 'UNKNOWN';
  ELSIF v_state = p_state THEN
    RETURN 'UNCHANGED';
  ELSIF v_state = 'RETIRED' THEN
    RETURN 'RETIRED';
  END IF;
  IF p_state = 'ACTIVE' THEN
    PERFORM begin_webhook_feed();
  END IF;
  UPDATE webhook SET state = p_state, state_since = clock_timestamp(),
    paused_for = CASE WHEN p_state = 'PAUSED' THEN 'ORDERED' END,
    overflowed_at = CASE WHEN p_state = 'ACTIVE' THEN NULL ELSE overflowed_at END,
    -- The message under way is the same as before; who is sending it may say what came of it, unless it is retired.
    tries = CASE WHEN p_state = 'ACTIVE' THEN 0 ELSE tries END,
    failing_since = CASE WHEN p_state = 'ACTIVE' THEN NULL ELSE failing_since END,
    due_at = CASE WHEN p_state = 'ACTIVE' AND tries > 0 THEN clock_timestamp() ELSE due_at END,
    lease_no = CASE WHEN p_state = 'RETIRED' THEN lease_no + 1 ELSE lease_no END
  WHERE webhook_id = p_webhook;
  PERFORM write_webhook_change(p_webhook, CASE p_state WHEN 'ACTIVE' THEN 'RESUMED' ELSE p_state END,
    coalesce('nothing was gathered from ' || v_overflowed || ' on', ''), p_by);
  RETURN 'DONE';
END $$;

-- Gives it a new secret; the last one is good for p_overlap more, older ones as long as was said then: an answer that was lost
-- takes from nobody the secret that he has. No more than p_most are good at once, and the new one alone when p_end. Returns
-- DONE, UNKNOWN or RETIRED.
CREATE FUNCTION rotate_webhook_secret(
  p_webhook bigint, p_cipher bytea, p_overlap interval, p_most integer, p_end boolean, p_by text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_state text;
  v_last  integer;
BEGIN
  SELECT w.state INTO v_state FROM webhook w WHERE w.webhook_id = p_webhook FOR UPDATE;
  IF v_state IS NULL OR v_state = 'RETIRED' THEN
    RETURN coalesce(v_state, 'UNKNOWN');
  END IF;
  SELECT max(s.secret_no) INTO v_last FROM webhook_secret s WHERE s.webhook_id = p_webhook;
  UPDATE webhook_secret SET good_until = CASE WHEN p_end OR secret_no <= v_last + 1 - p_most THEN clock_timestamp()
                                              ELSE coalesce(good_until, clock_timestamp() + p_overlap) END
  WHERE webhook_id = p_webhook AND (good_until IS NULL OR good_until > clock_timestamp());
  INSERT INTO webhook_secret (webhook_id, secret_no, cipher) VALUES (p_webhook, v_last + 1, p_cipher);
  PERFORM write_webhook_change(p_webhook, 'SECRET_ROTATED', CASE WHEN p_end THEN 'the others ended' ELSE '' END, p_by);
  RETURN 'DONE';
END $$;

-- Delivers again what comes after p_after. Returns DONE, UNKNOWN, RETIRED, or RANGE: that is not kept any more, or was not
-- delivered yet.
CREATE FUNCTION redeliver_webhook(p_webhook bigint, p_after bigint, p_by text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  w webhook;
BEGIN
  SELECT * INTO w FROM webhook x WHERE x.webhook_id = p_webhook FOR UPDATE;
  IF w.webhook_id IS NULL OR w.state = 'RETIRED' THEN
    RETURN coalesce(w.state, 'UNKNOWN');
  ELSIF p_after > w.acked_no OR p_after < coalesce(
      (SELECT min(e.event_no) - 1 FROM webhook_event e WHERE e.webhook_id = p_webhook), w.told_no) THEN
    RETURN 'RANGE';
  END IF;
  -- What is being sent now counts no more.
  UPDATE webhook SET acked_no = p_after, sending_to = NULL, tries = 0, failing_since = NULL, lease_no = lease_no + 1,
                     due_at = clock_timestamp()
  WHERE webhook_id = p_webhook;
  PERFORM write_webhook_change(p_webhook, 'REDELIVERY', 'after ' || p_after, p_by);
  RETURN 'DONE';
END $$;

-- Puts a test event behind what waits. Returns DONE with its number, UNKNOWN, RETIRED, PAUSED or BACKLOG.
CREATE FUNCTION test_webhook(p_webhook bigint, p_by text, p_backlog bigint, OUT o_outcome text, OUT o_no bigint)
  LANGUAGE plpgsql AS $$
DECLARE
  w webhook;
BEGIN
  SELECT * INTO w FROM webhook x WHERE x.webhook_id = p_webhook FOR UPDATE;
  o_outcome := CASE WHEN w.webhook_id IS NULL THEN 'UNKNOWN' WHEN w.state <> 'ACTIVE' THEN w.state
                    WHEN w.told_no - w.acked_no >= p_backlog THEN 'BACKLOG' ELSE 'DONE' END;
  IF o_outcome = 'DONE' THEN
    o_no := w.told_no + 1;
    UPDATE webhook SET told_no = o_no WHERE webhook_id = p_webhook;
    INSERT INTO webhook_event (webhook_id, event_no, kind, at) VALUES (p_webhook, o_no, 'webhook.test', clock_timestamp());
    PERFORM write_webhook_change(p_webhook, 'TEST', 'event ' || o_no, p_by);
  END IF;
END $$;

-- What the posted credits of settled batches are told as: those that were in the batch when it was settled and that the bank
-- said nothing else of before. What it says later is a departure of its own.
CREATE FUNCTION webhook_posted(p_from timestamptz, p_to timestamptz)
  RETURNS TABLE (webhook_id bigint, at timestamptz, merchant_id text, credit_id bigint, attempt integer, amount_minor bigint,
                 minor bigint, currency text, account_id bigint, acquirer_id text, terminal_id text, batch_no integer,
                 stan integer, local_date date, type text, rrn text)
  LANGUAGE sql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
  SELECT w.webhook_id, b.settled_at, c.merchant_id, c.credit_id, 1, c.amount_minor, c.amount_minor, c.currency, c.account_id,
         c.acquirer_id, c.terminal_id, c.batch_no, c.stan, c.local_date, c.type, c.rrn
  FROM credit_batch b
  CROSS JOIN LATERAL (
    -- OFFSET 0: as in V3.
    SELECT * FROM credit i WHERE i.credit_id >= b.batch_id << 12 AND i.credit_id < (b.batch_id + 1) << 12 OFFSET 0) c
  CROSS JOIN LATERAL (
    SELECT k.webhook_id FROM webhook k
    WHERE k.gathers AND k.owner = ANY (ARRAY['M:' || c.merchant_id, 'A:' || c.acquirer_id])
      AND 'credit.posted' = ANY (k.kinds) AND k.created_at < b.settled_at) w
  WHERE b.settled_at > p_from AND b.settled_at <= p_to AND b.state = 'POSTED'
    AND NOT EXISTS (SELECT FROM credit_exception x
                    WHERE x.credit_id = c.credit_id AND x.attempt = 1 AND x.opened_at <= b.settled_at)
  UNION ALL
  SELECT w.webhook_id, b.settled_at, c.merchant_id, c.credit_id, e.attempt + 1, c.amount_minor, e.amount_minor, c.currency,
         e.to_account, c.acquirer_id, c.terminal_id, c.batch_no, c.stan, c.local_date, c.type, c.rrn
  FROM credit_batch b
  JOIN credit_exception e ON e.to_batch = b.batch_id
  CROSS JOIN LATERAL (SELECT * FROM credit k WHERE k.credit_id = e.credit_id OFFSET 0) c
  CROSS JOIN LATERAL (
    SELECT k.webhook_id FROM webhook k
    WHERE k.gathers AND k.owner = ANY (ARRAY['M:' || c.merchant_id, 'A:' || c.acquirer_id])
      AND 'credit.posted' = ANY (k.kinds) AND k.created_at < b.settled_at) w
  WHERE b.settled_at > p_from AND b.settled_at <= p_to AND b.state = 'POSTED'
    AND NOT EXISTS (SELECT FROM credit_exception x
                    WHERE x.credit_id = e.credit_id AND x.attempt = e.attempt + 1 AND x.opened_at <= b.settled_at)
$$;

-- What departures are told as, when they begin and when they end as posted.
CREATE FUNCTION webhook_departures(p_xid xid8, p_next xid8, p_first boolean, p_last boolean, p_from timestamptz, p_to timestamptz)
  RETURNS TABLE (kind text, webhook_id bigint, at timestamptz, credit_id bigint, attempt integer, exception_no integer,
                 minor bigint, reason text, account_id bigint)
  LANGUAGE sql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
  SELECT d.kind, w.webhook_id, d.at, d.credit_id, d.attempt, d.exception_no,
         CASE d.kind WHEN 'credit.partially-posted' THEN t.amount_minor - d.amount_minor WHEN 'credit.returned' THEN d.returned_minor
                     ELSE d.amount_minor END, d.reason, t.account_id
  FROM (
    SELECT CASE e.kind WHEN 'PARTIAL' THEN 'credit.partially-posted' WHEN 'RETURNED' THEN 'credit.returned' ELSE 'credit.held' END AS kind,
           e.opened_at AS at, e.credit_id, e.attempt, e.exception_no, e.merchant_id, e.amount_minor, e.returned_minor, e.reason
    FROM credit_exception e
    WHERE e.xid >= p_xid AND e.xid < p_next AND e.kind IN ('HELD', 'REJECTED', 'PARTIAL', 'RETURNED')
      AND (p_first OR e.opened_at > p_from) AND (p_last OR e.opened_at <= p_to)
    UNION ALL
    SELECT 'credit.posted', e.closed_at, e.credit_id, e.attempt, e.exception_no, e.merchant_id, e.amount_minor, 0, NULL
    FROM credit_exception e WHERE e.closed_as = 'POSTED' AND e.closed_at > p_from AND e.closed_at <= p_to) d
  CROSS JOIN LATERAL (SELECT k.acquirer_id FROM credit k WHERE k.credit_id = d.credit_id OFFSET 0) c
  CROSS JOIN LATERAL (
    SELECT k.webhook_id FROM webhook k
    WHERE k.gathers AND k.owner = ANY (ARRAY['M:' || d.merchant_id, 'A:' || c.acquirer_id])
      AND d.kind = ANY (k.kinds) AND k.created_at < d.at) w
  LEFT JOIN LATERAL attempt_of(d.credit_id, d.attempt) t ON true
$$;

-- One reading of the book, about p_events at most. The window that an earlier reading opened is told when every transaction
-- that could write into it is over; before that, and when another node reads, nothing is. A webhook for which more than
-- p_backlog events wait is paused, and nothing is gathered for it. o_more: there is more to do now.
CREATE FUNCTION gather_webhook_events(p_events integer, p_backlog bigint, OUT o_made bigint, OUT o_more boolean)
  LANGUAGE plpgsql AS $$
DECLARE
  v_clock timestamptz := clock_timestamp(); -- before this transaction has a number: who had one earlier read the clock earlier
  f       webhook_feed;
  v_from  timestamptz;
  v_to    timestamptz;
  v_cut   timestamptz;
  v_first boolean;
  v_last  boolean;
BEGIN
  o_made := 0;
  o_more := false;
  IF NOT EXISTS (SELECT FROM webhook w WHERE w.gathers) THEN
    RETURN;
  END IF;
  -- A node that stands still with the row in its hands does not stop the others.
  PERFORM set_config('idle_in_transaction_session_timeout', '5s', true);
  SELECT * INTO f FROM webhook_feed FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN;
  ELSIF greatest(f.xid_to, f.next_xid) > pg_current_xact_id() THEN
    -- Both are numbers of transactions that came before this one; where not, of another server's.
    RAISE WARNING 'the book was restored from another server: webhooks are told of departures and new cards from now on';
    UPDATE webhook_feed SET told_to = coalesce(f.sliced_to, f.told_to), xid_to = pg_snapshot_xmin(pg_current_snapshot()),
                            next_at = NULL, next_xid = NULL, sliced_to = NULL;
    o_more := true;
    RETURN;
  ELSIF f.next_at IS NULL THEN
    UPDATE webhook_feed SET next_at = greatest(v_clock, f.told_to), next_xid = pg_current_xact_id();
    RETURN;
  ELSIF clock_timestamp() < f.next_at THEN
    -- The clock was set back: what is dated after now once more is told, again perhaps, under the same ids.
    RAISE WARNING 'the clock went back from % to %: webhooks read the book from there again', f.next_at, clock_timestamp();
    UPDATE webhook_feed SET told_to = least(f.told_to, clock_timestamp() - interval '1 second'), next_at = NULL, next_xid = NULL,
                            sliced_to = NULL;
    RETURN;
  ELSIF pg_snapshot_xmin(pg_current_snapshot()) < f.next_xid THEN
    RETURN;
  END IF;

  v_first := f.sliced_to IS NULL;
  v_from := coalesce(f.sliced_to, f.told_to);
  v_to := f.next_at;
  SELECT n.settled_at INTO v_cut FROM (
    SELECT b.settled_at, sum(b.credits) OVER (ORDER BY b.settled_at, b.batch_id) AS so_far FROM settled_batches(v_from, v_to) b) n
  WHERE n.so_far >= p_events ORDER BY n.settled_at LIMIT 1;
  v_to := least(v_to, v_cut);
  SELECT d.at INTO v_cut FROM departure_times(f.xid_to, f.next_xid, v_first, v_from, v_to) d ORDER BY d.at OFFSET p_events LIMIT 1;
  v_to := least(v_to, CASE WHEN v_cut IS NOT NULL THEN greatest(v_cut, v_from) END);
  v_last := v_to >= f.next_at;

  WITH happened AS (
    SELECT 'credit.posted' AS kind, p.webhook_id, p.at, p.merchant_id, p.credit_id, p.attempt, NULL::integer AS exception_no,
           p.amount_minor, p.minor, p.currency, NULL::text AS reason, p.account_id, NULL::text AS last4, p.acquirer_id, p.terminal_id,
           p.batch_no, p.stan, p.local_date, p.type, p.rrn, NULL::bigint AS change_id, NULL::integer AS version
    FROM webhook_posted(v_from, v_to) p
    UNION ALL
    SELECT d.kind, d.webhook_id, d.at, c.merchant_id, d.credit_id, d.attempt, d.exception_no, c.amount_minor, d.minor, c.currency,
           d.reason, d.account_id, NULL, c.acquirer_id, c.terminal_id, c.batch_no, c.stan, c.local_date, c.type, c.rrn, NULL, NULL
    FROM webhook_departures(f.xid_to, f.next_xid, v_first, v_last, v_from, v_to) d
    CROSS JOIN LATERAL (SELECT * FROM credit k WHERE k.credit_id = d.credit_id OFFSET 0) c
    UNION ALL
    SELECT 'card-change.effective', w.webhook_id, h.effective_at, h.merchant_id, NULL, NULL, NULL, NULL, NULL, NULL, h.reason,
           h.account_id, a.last4, NULL, nullif(h.terminal_id, ''), NULL, NULL, NULL, NULL, NULL, h.change_id, h.version
    FROM route_change r
    JOIN card_change h ON h.merchant_id = r.merchant_id AND h.version = r.version
    JOIN account a ON a.account_id = h.account_id
    JOIN webhook w ON w.gathers AND w.owner = 'M:' || h.merchant_id AND 'card-change.effective' = ANY (w.kinds)
      AND w.created_at < h.effective_at
    WHERE v_last AND r.xid >= f.xid_to AND r.xid < f.next_xid AND r.cause = 'BINDING'
  ), stored AS (
    INSERT INTO webhook_event (webhook_id, event_no, kind, at, merchant_id, credit_id, attempt, exception_no, amount_minor, minor,
                               currency, reason, account_id, last4, acquirer_id, terminal_id, batch_no, stan, local_date, type,
                               rrn, change_id, version)
    SELECT h.webhook_id,
           w.told_no + row_number() OVER (PARTITION BY h.webhook_id ORDER BY h.at, h.credit_id, h.exception_no NULLS FIRST),
           h.kind, h.at, h.merchant_id, h.credit_id, h.attempt, h.exception_no, h.amount_minor, h.minor, h.currency, h.reason,
           h.account_id, h.last4, h.acquirer_id, h.terminal_id, h.batch_no, h.stan, h.local_date, h.type, h.rrn, h.change_id, h.version
    -- The rows are locked first: nobody else gives a number meanwhile.
    FROM happened h JOIN (
      SELECT k.webhook_id, k.told_no FROM webhook k WHERE k.webhook_id IN (SELECT i.webhook_id FROM happened i)
      ORDER BY k.webhook_id FOR UPDATE) w USING (webhook_id)
    RETURNING webhook_id, event_no
  ), counted AS (
    UPDATE webhook w SET told_no = s.last FROM (SELECT webhook_id, max(event_no) AS last FROM stored GROUP BY webhook_id) s
    WHERE w.webhook_id = s.webhook_id
  )
  SELECT count(*) INTO o_made FROM stored;

  IF v_last THEN
    UPDATE webhook_feed SET told_to = f.next_at, xid_to = f.next_xid, next_at = NULL, next_xid = NULL, sliced_to = NULL;
  ELSE
    UPDATE webhook_feed SET sliced_to = v_to;
    o_more := true;
  END IF;

  PERFORM pause_webhook(w.webhook_id, 'BACKLOG', 'more than ' || p_backlog || ' events wait; none is gathered from now on')
  FROM webhook w WHERE w.gathers AND w.told_no - w.acked_no > p_backlog;
END $$;

-- Batches that were settled in a span of time, by the index of V7, whose newest pages summarize_settlements keeps short.
CREATE FUNCTION settled_batches(p_from timestamptz, p_to timestamptz)
  RETURNS TABLE (batch_id bigint, settled_at timestamptz, credits integer)
  LANGUAGE sql STABLE SET enable_seqscan = off SET jit = off AS $$
  SELECT b.batch_id, b.settled_at, b.credits FROM credit_batch b
  WHERE b.settled_at > p_from AND b.settled_at <= p_to AND b.state = 'POSTED'
$$;

CREATE FUNCTION departure_times(p_xid xid8, p_next xid8, p_first boolean, p_from timestamptz, p_to timestamptz)
  RETURNS TABLE (at timestamptz) LANGUAGE sql STABLE SET enable_seqscan = off SET jit = off AS $$
  SELECT e.opened_at FROM credit_exception e
  WHERE e.xid >= p_xid AND e.xid < p_next AND (p_first OR e.opened_at > p_from) AND e.opened_at <= p_to
  UNION ALL
  SELECT e.closed_at FROM credit_exception e WHERE e.closed_as = 'POSTED' AND e.closed_at > p_from AND e.closed_at <= p_to
$$;

-- Pages of credit_batch that the index of V7 has no summary of yet are read whole by every look. By the owner's rights: it
-- changes nothing but the index.
CREATE FUNCTION summarize_settlements() RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT brin_summarize_new_values(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE c.relname = 'credit_batch_settled' AND c.relkind = 'i'
$$;

-- Pauses one by the router itself.
CREATE FUNCTION pause_webhook(p_webhook bigint, p_for text, p_detail text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE webhook SET state = CASE WHEN state = 'ACTIVE' THEN 'PAUSED' ELSE state END,
    state_since = CASE WHEN state = 'ACTIVE' THEN clock_timestamp() ELSE state_since END,
    paused_for = CASE WHEN state = 'RETIRED' THEN NULL ELSE p_for END,
    overflowed_at = CASE WHEN p_for = 'BACKLOG' THEN clock_timestamp() ELSE overflowed_at END
  WHERE webhook_id = p_webhook AND state <> 'RETIRED';
  IF FOUND THEN
    PERFORM write_webhook_change(p_webhook, 'PAUSED', p_for || ': ' || p_detail, 'router');
  END IF;
END $$;

-- Takes messages that are due, each for p_lease: up to p_sound of receivers that answered the last one, and p_failing of
-- those that did not, so that these never take the others' places. p_most: events of one message. p_full: hosts that have all
-- the places that one may have of the former.
CREATE FUNCTION take_webhook_messages(p_lease interval, p_sound integer, p_failing integer, p_most integer, p_full text[])
  RETURNS TABLE (webhook_id bigint, url text, host text, after_no bigint, to_no bigint, lease_no bigint, tries integer,
                 failing_for interval)
  LANGUAGE sql AS $$
  WITH sound AS MATERIALIZED (
    SELECT w.webhook_id FROM webhook w
    WHERE w.state = 'ACTIVE' AND w.told_no > w.acked_no AND w.due_at <= clock_timestamp() AND w.tries = 0
      AND w.host <> ALL (p_full)
    ORDER BY w.due_at LIMIT p_sound FOR UPDATE SKIP LOCKED
  ), failing AS MATERIALIZED (
    SELECT w.webhook_id FROM webhook w
    WHERE w.state = 'ACTIVE' AND w.told_no > w.acked_no AND w.due_at <= clock_timestamp() AND w.tries > 0
    ORDER BY w.due_at LIMIT p_failing FOR UPDATE SKIP LOCKED
  )
  UPDATE webhook w SET lease_no = w.lease_no + 1, due_at = clock_timestamp() + p_lease,
    sending_to = coalesce(w.sending_to, least(w.told_no, w.acked_no + p_most))
  FROM (SELECT s.webhook_id FROM sound s UNION ALL SELECT f.webhook_id FROM failing f) t
  WHERE w.webhook_id = t.webhook_id
  RETURNING w.webhook_id, w.url, w.host, w.acked_no, w.sending_to, w.lease_no, w.tries, clock_timestamp() - w.failing_since
$$;

-- A message was acknowledged; false: it was not the caller's any more.
CREATE FUNCTION webhook_acknowledged(p_webhook bigint, p_lease bigint, p_outcome text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  UPDATE webhook SET acked_no = sending_to, sending_to = NULL, tries = 0, failing_since = NULL, due_at = clock_timestamp(),
    last_outcome = p_outcome, last_tried_at = clock_timestamp(), acked_at = clock_timestamp()
  WHERE webhook_id = p_webhook AND lease_no = p_lease AND sending_to IS NOT NULL;
  RETURN FOUND;
END $$;

-- A message was not; it is due again after p_pause. p_stop: why nobody tries any more (NULL: somebody does).
CREATE FUNCTION webhook_not_acknowledged(
  p_webhook bigint, p_lease bigint, p_outcome text, p_pause interval, p_stop text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  UPDATE webhook SET tries = tries + 1, failing_since = coalesce(failing_since, clock_timestamp()),
    due_at = clock_timestamp() + p_pause, last_outcome = p_outcome, last_tried_at = clock_timestamp(), lease_no = lease_no + 1
  WHERE webhook_id = p_webhook AND lease_no = p_lease AND sending_to IS NOT NULL;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  IF p_stop IS NOT NULL AND EXISTS (SELECT FROM webhook w WHERE w.webhook_id = p_webhook AND w.state = 'ACTIVE') THEN
    PERFORM pause_webhook(p_webhook, p_stop, p_outcome);
  END IF;
  RETURN true;
END $$;

-- Forgets events that are older than p_kept, delivered or not, p_limit at most of each of p_webhooks webhooks. Returns how many.
CREATE FUNCTION forget_webhook_events(p_kept interval, p_limit integer, p_webhooks integer) RETURNS bigint LANGUAGE sql AS $$
  WITH due AS (
    SELECT w.webhook_id FROM webhook w CROSS JOIN LATERAL (
      SELECT e.made_at FROM webhook_event e WHERE e.webhook_id = w.webhook_id ORDER BY e.event_no LIMIT 1) oldest
    WHERE oldest.made_at < clock_timestamp() - p_kept LIMIT p_webhooks
  ), gone AS (
    DELETE FROM webhook_event g USING due d CROSS JOIN LATERAL (
      SELECT e.event_no, e.made_at FROM webhook_event e WHERE e.webhook_id = d.webhook_id ORDER BY e.event_no LIMIT p_limit) old
    WHERE g.webhook_id = d.webhook_id AND g.event_no = old.event_no AND old.made_at < clock_timestamp() - p_kept
    RETURNING 1
  )
  SELECT count(*) FROM gone
$$;

-- As in V20; a month stays also until webhooks have been told of what became of it.
CREATE OR REPLACE FUNCTION kept_hot(p_from date, p_to date) RETURNS TABLE (month date, what text, credits bigint)
  LANGUAGE sql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
  WITH open AS (
    SELECT e.credit_id, e.kind || ' ' || e.reason AS what FROM credit_exception e WHERE e.closed_at IS NULL
    UNION ALL
    SELECT m.credit_id, b.what FROM (
      SELECT batch_id, state AS what FROM credit_batch WHERE state IN ('RECORDED', 'SENT', 'IN_DOUBT')
      UNION ALL
      SELECT batch_id, 'not audited' FROM credit_batch WHERE claim_no > (SELECT f.audited FROM fence_audit f)
      UNION ALL
      SELECT batch_id, 'not told to webhooks' FROM credit_batch
      WHERE settled_at > (SELECT f.told_to FROM webhook_feed f WHERE EXISTS (SELECT FROM webhook w WHERE w.gathers))) b
    CROSS JOIN LATERAL (
      -- OFFSET 0: as in V3.
      (SELECT c.credit_id FROM credit c WHERE c.credit_id >= b.batch_id << 12 AND c.credit_id < (b.batch_id + 1) << 12 OFFSET 0)
      UNION ALL
      SELECT e.credit_id FROM credit_exception e WHERE e.to_batch = b.batch_id) m
    UNION ALL
    SELECT e.credit_id, 'not told to webhooks' FROM credit_exception e
    WHERE e.closed_as = 'POSTED'
      AND e.closed_at > (SELECT f.told_to FROM webhook_feed f WHERE EXISTS (SELECT FROM webhook w WHERE w.gathers))
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

-- As in V20, with the columns that archived departures have.
CREATE OR REPLACE FUNCTION move_followers(p_month date, p_credits integer) RETURNS boolean
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
  ), kept AS (
    INSERT INTO archive.credit_exception (month, credit_id, exception_no, attempt, batch_id, kind, reason, bank_code, merchant_id, amount_minor, currency,
    decided_version, release_ordered, movable, next_at, tries, returned_minor, rest_refused, money_back_at,
    opened_at, closed_at, closed_as, to_batch, to_account, to_version)
    SELECT p_month, g.credit_id, g.exception_no, g.attempt, g.batch_id, g.kind, g.reason, g.bank_code, g.merchant_id, g.amount_minor,
    g.currency, g.decided_version, g.release_ordered, g.movable, g.next_at, g.tries, g.returned_minor, g.rest_refused,
    g.money_back_at, g.opened_at, g.closed_at, g.closed_as, g.to_batch, g.to_account, g.to_version
    FROM gone g)
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
