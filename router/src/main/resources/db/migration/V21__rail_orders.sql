-- Orders about a rail: hold, drain, resume. One proposes, another approves; from that commit on every claim obeys, on
-- whichever node, of whichever release. And what consoles are told as it happens.

-- Tells every console that is open, at whichever node, when this transaction commits. A hint: what it tells of is read by
-- the API. p_event is what the API's event of that topic carries.
CREATE FUNCTION tell_console(p_topic text, p_event jsonb) RETURNS void LANGUAGE sql AS $$
  SELECT pg_notify('console_event', (p_event || jsonb_build_object('topic', p_topic))::text)
$$;

-- What was ordered of rails, by whom, and who decided. A row changes once, when it is decided.
CREATE TABLE rail_order (
  order_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rail        text NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('HOLD', 'DRAIN', 'RESUME')),
  reason      text NOT NULL CHECK (reason <> ''),
  proposed_by text NOT NULL,
  proposed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  state       text NOT NULL DEFAULT 'PROPOSED' CHECK (state IN ('PROPOSED', 'APPROVED', 'REJECTED')),
  decided_by  text CONSTRAINT proposer_is_not_checker CHECK (decided_by <> proposed_by),
  decided_at  timestamptz,
  decision_reason text, -- why it was rejected
  CHECK ((state = 'PROPOSED') = (decided_by IS NULL) AND (state = 'PROPOSED') = (decided_at IS NULL)
         AND (state = 'REJECTED') = (decision_reason IS NOT NULL))
);
CREATE UNIQUE INDEX rail_order_undecided ON rail_order (rail) WHERE state = 'PROPOSED';

CREATE FUNCTION guard_rail_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'PROPOSED'
     OR (NEW.order_id, NEW.rail, NEW.kind, NEW.reason, NEW.proposed_by, NEW.proposed_at)
        IS DISTINCT FROM (OLD.order_id, OLD.rail, OLD.kind, OLD.reason, OLD.proposed_by, OLD.proposed_at) THEN
    RAISE EXCEPTION 'an order is decided once, and nothing else of it changes' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON rail_order FOR EACH ROW EXECUTE FUNCTION guard_rail_order();
CREATE TRIGGER never_deleted BEFORE DELETE ON rail_order
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- The rails that are not running, by the order that is in force. Empty as a rule: every claim looks here.
CREATE TABLE rail_stop (
  rail     text PRIMARY KEY,
  state    text NOT NULL CHECK (state IN ('HELD', 'DRAINING', 'DRAINED')),
  order_id bigint NOT NULL REFERENCES rail_order,
  drain_to bigint NOT NULL, -- the newest batch there was: later ones wait while the rail drains
  since    timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Later batches of a draining rail that hold what waited for it before.
CREATE TABLE draining_batch (
  batch_id bigint PRIMARY KEY,
  rail     text NOT NULL
);

-- Whether a recorded batch waits for an order to end.
CREATE FUNCTION rail_keeps(p_rail text, p_batch bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM rail_stop s WHERE s.rail = p_rail AND (s.state = 'HELD' OR p_batch > s.drain_to
      AND NOT EXISTS (SELECT FROM draining_batch d WHERE d.batch_id = p_batch)))
$$;

CREATE FUNCTION tell_rail(p_rail text) RETURNS void LANGUAGE sql AS $$
  SELECT tell_console('rail', jsonb_build_object(
    'rail', p_rail, 'state', coalesce((SELECT s.state FROM rail_stop s WHERE s.rail = p_rail), 'RUNNING')))
$$;

-- Proposes one. Returns DONE or REPLAYED (the same is proposed by the same person) with its id; OPEN: another of the rail
-- is undecided; STATE: the rail stands so already.
CREATE FUNCTION propose_rail_order(
  p_rail text, p_kind text, p_reason text, p_by text, OUT o_outcome text, OUT o_id bigint) LANGUAGE plpgsql AS $$
DECLARE
  v_open  rail_order;
  v_state text;
BEGIN
  PERFORM pg_advisory_xact_lock(7009, hashtext(p_rail));
  SELECT * INTO v_open FROM rail_order r WHERE r.rail = p_rail AND r.state = 'PROPOSED';
  IF FOUND THEN
    o_outcome := CASE WHEN (v_open.proposed_by, v_open.kind, v_open.reason) = (p_by, p_kind, p_reason) THEN 'REPLAYED'
                      ELSE 'OPEN' END;
    o_id := v_open.order_id;
    RETURN;
  END IF;
  SELECT s.state INTO v_state FROM rail_stop s WHERE s.rail = p_rail;
  IF p_kind = (CASE v_state WHEN 'HELD' THEN 'HOLD' WHEN 'DRAINING' THEN 'DRAIN' WHEN 'DRAINED' THEN 'DRAIN'
               ELSE 'RESUME' END) THEN
    o_outcome := 'STATE';
    RETURN;
  END IF;
  INSERT INTO rail_order (rail, kind, reason, proposed_by) VALUES (p_rail, p_kind, p_reason, p_by) RETURNING order_id INTO o_id;
  o_outcome := 'DONE';
  PERFORM tell_rail(p_rail);
END $$;

-- What becomes of a decision: DONE, or REPLAYED (the same person has decided so before), OWN: it is the caller's own
-- proposal; UNKNOWN: there is none; or the state in which it was decided otherwise.
CREATE FUNCTION rail_order_outcome(p_this rail_order, p_to text, p_by text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN p_this.order_id IS NULL THEN 'UNKNOWN'
    WHEN p_this.proposed_by = p_by THEN 'OWN'
    WHEN p_this.state = 'PROPOSED' THEN 'DONE'
    WHEN p_this.state = p_to AND p_this.decided_by = p_by THEN 'REPLAYED'
    ELSE p_this.state END
$$;

-- Approves one and puts it into force: claims that are under way end first, and every later one sees it. Returns as
-- rail_order_outcome does; nothing is written but with DONE.
CREATE FUNCTION approve_rail_order(p_id bigint, p_by text) RETURNS text LANGUAGE plpgsql SET lock_timeout = '20s' AS $$
DECLARE
  v_this    rail_order;
  v_outcome text;
BEGIN
  SELECT * INTO v_this FROM rail_order r WHERE r.order_id = p_id FOR UPDATE;
  v_outcome := rail_order_outcome(v_this, 'APPROVED', p_by);
  IF v_outcome <> 'DONE' THEN
    RETURN v_outcome;
  END IF;
  PERFORM pg_advisory_xact_lock(7008, 0);
  DELETE FROM draining_batch d WHERE d.rail = v_this.rail;
  IF v_this.kind = 'RESUME' THEN
    DELETE FROM rail_stop s WHERE s.rail = v_this.rail;
  ELSE
    INSERT INTO rail_stop (rail, state, order_id, drain_to)
    SELECT v_this.rail, CASE v_this.kind WHEN 'HOLD' THEN 'HELD' ELSE 'DRAINING' END, p_id,
           CASE WHEN q.is_called THEN q.last_value ELSE 0 END
    FROM batch_ids q
    ON CONFLICT (rail) DO UPDATE SET state = excluded.state, order_id = excluded.order_id, drain_to = excluded.drain_to,
                                     since = excluded.since;
  END IF;
  UPDATE rail_order r SET state = 'APPROVED', decided_by = p_by, decided_at = clock_timestamp() WHERE r.order_id = p_id;
  PERFORM tell_rail(v_this.rail);
  RETURN v_outcome;
END $$;

-- Rejects one: nothing changes. Returns as rail_order_outcome does.
CREATE FUNCTION reject_rail_order(p_id bigint, p_by text, p_why text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_this    rail_order;
  v_outcome text;
BEGIN
  SELECT * INTO v_this FROM rail_order r WHERE r.order_id = p_id FOR UPDATE;
  v_outcome := rail_order_outcome(v_this, 'REJECTED', p_by);
  IF v_outcome = 'DONE' THEN
    UPDATE rail_order r SET state = 'REJECTED', decided_by = p_by, decided_at = clock_timestamp(), decision_reason = p_why
    WHERE r.order_id = p_id;
    PERFORM tell_rail(v_this.rail);
  END IF;
  RETURN v_outcome;
END $$;

-- Marks rails as drained: all that waited when that was ordered has been sent and answered, or is in doubt. A claim lets
-- through what of it is recorded late all the same.
CREATE FUNCTION mark_drained_rails() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_rail text;
BEGIN
  FOR v_rail IN
    UPDATE rail_stop s SET state = 'DRAINED'
    WHERE s.state = 'DRAINING' AND NOT EXISTS (
      SELECT FROM credit_batch b
      WHERE b.state IN ('RECORDED', 'SENT', 'IN_DOUBT') AND b.state <> 'IN_DOUBT' AND b.rail = s.rail
        AND (b.batch_id <= s.drain_to OR EXISTS (SELECT FROM draining_batch d WHERE d.batch_id = b.batch_id)))
    RETURNING s.rail
  LOOP
    PERFORM tell_rail(v_rail);
  END LOOP;
END $$;

-- Why a batch's credits are unposted: what its state says, unless its rail is stopped for it, or out.
CREATE FUNCTION batch_reason(p_state text, p_reason text, p_owner bigint, p_rail text, p_batch bigint)
  RETURNS text LANGUAGE sql STABLE AS $$
  -- One query, and no function inside: it is asked of every open batch, every second.
  SELECT coalesce(CASE WHEN p_state = 'RECORDED' THEN coalesce(
    (SELECT 'RAIL_HELD' FROM rail_stop s WHERE s.rail = p_rail AND (s.state = 'HELD' OR p_batch > s.drain_to
       AND NOT EXISTS (SELECT FROM draining_batch d WHERE d.batch_id = p_batch))),
    (SELECT o.reason FROM rail_outage o WHERE o.node_id = p_owner AND o.rail = p_rail)) END, p_reason)
$$;

-- As in V2, with that.
CREATE OR REPLACE VIEW credit_standing AS
SELECT s.*, CASE WHEN s.posted_minor BETWEEN 1 AND s.amount_minor - 1 THEN 'PARTIALLY_POSTED' ELSE s.rule_status END AS status
FROM (
  SELECT c.credit_id, c.merchant_id, c.terminal_id, c.acquirer_id, c.local_date, c.batch_no, c.stan, c.type, c.rrn,
         c.captured_at, c.amount_minor, c.currency,
         b.batch_id, b.state AS batch_state, b.rail, b.settled_at, r.status AS rule_status, r.departure,
         coalesce(x.to_account, a.to_account, c.account_id) AS account_id,
         coalesce(x.to_version, a.to_version, c.binding_version) AS binding_version,
         CASE WHEN r.departure = 'NONE' THEN batch_reason(b.state, r.reason, b.owner, b.rail, b.batch_id)
              WHEN r.departure <> 'PAID' THEN x.reason END AS reason,
         CASE WHEN r.departure = 'NONE' THEN b.recorded_at ELSE x.opened_at END AS since,
         -- What is open is unposted, and nothing else of the credit.
         c.amount_minor - CASE WHEN r.departure = 'PAID' OR r.departure = 'NONE' AND b.state = 'POSTED' THEN 0
                               ELSE coalesce(x.amount_minor, c.amount_minor) END AS posted_minor
  FROM credit c
  LEFT JOIN (
    SELECT DISTINCT ON (credit_id) * FROM credit_exception ORDER BY credit_id, exception_no DESC
  ) x ON x.credit_id = c.credit_id
  -- The attempt that an open departure speaks of was made by the one that went on to it.
  LEFT JOIN credit_exception a ON x.to_batch IS NULL AND a.credit_id = x.credit_id AND a.attempt = x.attempt - 1
    AND a.to_batch IS NOT NULL
  JOIN credit_batch b ON b.batch_id = coalesce(x.to_batch, x.batch_id, c.credit_id >> 12)
  LEFT JOIN standing_rule r ON r.batch_state = b.state
    AND r.departure = CASE WHEN x.credit_id IS NULL OR x.to_batch IS NOT NULL THEN 'NONE'
                           WHEN x.closed_as = 'POSTED' THEN 'PAID' ELSE x.kind END
) s;

CREATE OR REPLACE VIEW unposted AS
SELECT NULL::text AS merchant_id, b.currency, b.rail, batch_reason(b.state, r.reason, b.owner, b.rail, b.batch_id) AS reason,
       (b.credits - b.departed_credits)::bigint AS credits, b.amount_minor - b.departed_minor AS amount_minor,
       b.recorded_at AS since
FROM credit_batch b JOIN standing_rule r ON r.batch_state = b.state AND r.departure = 'NONE'
WHERE b.state IN ('RECORDED', 'SENT', 'IN_DOUBT') AND b.credits > b.departed_credits
UNION ALL
SELECT e.merchant_id, e.currency, b.rail, e.reason, 1, e.amount_minor, e.opened_at
FROM credit_exception e JOIN credit_batch b USING (batch_id)
WHERE e.closed_at IS NULL;

-- As in V3; what an order keeps is not claimed. Claims share the lock that an approval takes alone, so that none commits after
-- it that has not seen it.
CREATE OR REPLACE FUNCTION claim_batches(
  p_owner bigint, p_batches bigint[], p_epochs integer[], p_route_merchants text[], p_route_versions integer[],
  p_rails text[], p_currencies text[], p_out_credits bigint[], p_out_attempts integer[], p_out_batches bigint[],
  p_out_merchants text[], p_out_amounts bigint[], p_out_currencies text[], p_out_reasons text[], p_out_group integer[],
  p_out_accounts bigint[], p_out_versions integer[], p_one_per_account boolean,
  OUT o_stale text[], OUT o_claimed bigint[], OUT o_batches bigint[])
  LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_stops boolean;
BEGIN
  -- In one snapshot for all statements the look at the versions would be older than the lock.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'claims need transaction isolation read committed';
  END IF;

  PERFORM pg_advisory_xact_lock_shared(7001, b.bucket)
    FROM (SELECT DISTINCT merchant_bucket(m) AS bucket FROM unnest(p_route_merchants) AS m ORDER BY 1) b;
  -- After those: whoever has this one waits for no route, and so an order for no more than a claim's own work.
  PERFORM pg_advisory_xact_lock_shared(7008, 0);

  -- One look for the whole claim; nearly always nothing is stopped.
  SELECT array_agg(DISTINCT p.merchant), EXISTS (SELECT FROM rail_stop) INTO o_stale, v_stops
  FROM unnest(p_route_merchants, p_route_versions) AS p(merchant, version)
  LEFT JOIN merchant m ON m.merchant_id = p.merchant
  WHERE m.route_version IS DISTINCT FROM p.version;
  IF o_stale IS NOT NULL THEN
    RETURN;
  END IF;

  WITH claimed AS (
    UPDATE credit_batch b SET state = 'SENT', claim_no = nextval('fence_order'), claimed_at = clock_timestamp(),
      one_per_account = p_one_per_account
    FROM unnest(p_batches, p_epochs) AS p(batch_id, epoch)
    WHERE b.batch_id = p.batch_id AND b.epoch = p.epoch AND b.owner = p_owner AND b.state = 'RECORDED'
      AND NOT (v_stops AND rail_keeps(b.rail, b.batch_id))
    RETURNING b.batch_id
  )
  SELECT coalesce(array_agg(batch_id), '{}') INTO o_claimed FROM claimed;

  IF cardinality(p_out_credits) = 0 THEN
    RETURN;
  END IF;

  -- New batches first: the departures point at them.
  WITH groups AS (
    SELECT g.grp, nextval('batch_ids') AS batch_id, g.rail, g.currency, s.credits, s.minor
    FROM unnest(p_rails, p_currencies) WITH ORDINALITY AS g(rail, currency, grp)
    JOIN (SELECT u.grp, count(*) AS credits, sum(u.amount) AS minor
          FROM unnest(p_out_group, p_out_batches, p_out_amounts) AS u(grp, batch_id, amount)
          WHERE u.batch_id = ANY (o_claimed) GROUP BY u.grp) s USING (grp)
  ), made AS (
    INSERT INTO credit_batch (batch_id, rail, currency, state, credits, amount_minor, owner)
    SELECT batch_id, rail, currency, 'RECORDED', credits, minor, p_owner FROM groups
  )
  SELECT array_agg(groups.batch_id ORDER BY n.grp) INTO o_batches
  FROM generate_subscripts(p_rails, 1) AS n(grp) LEFT JOIN groups USING (grp);

  IF v_stops THEN
    -- What leaves a batch for another of the same rail has waited for it as long as before.
    INSERT INTO draining_batch (batch_id, rail)
    SELECT m.batch_id, m.rail FROM credit_batch m JOIN rail_stop s ON s.rail = m.rail AND s.state <> 'HELD'
    WHERE m.batch_id = ANY (o_batches)
      AND EXISTS (SELECT FROM credit_batch c WHERE c.batch_id = ANY (o_claimed) AND c.rail = m.rail);
  END IF;

  WITH departed AS (
    INSERT INTO credit_exception (credit_id, exception_no, attempt, batch_id, kind, reason, merchant_id, amount_minor,
                                  currency, decided_version, movable, release_ordered, closed_at, closed_as, to_batch,
                                  to_account, to_version)
    SELECT u.credit, next_exception_no(u.credit), u.attempt, u.batch_id, CASE WHEN u.grp IS NULL THEN 'HELD' ELSE 'REROUTED' END, u.reason, u.merchant,
           u.amount, u.currency, u.version, true,
           -- An order that was given once stands, though the release that it led to was overtaken by a change.
           u.reason = 'TERMINAL_MISMATCH' AND EXISTS (SELECT FROM credit_release_order o WHERE o.credit_id = u.credit),
           CASE WHEN u.grp IS NOT NULL THEN now() END, CASE WHEN u.grp IS NOT NULL THEN 'WENT_ON' END, o_batches[u.grp],
           CASE WHEN u.grp IS NOT NULL THEN u.account END, CASE WHEN u.grp IS NOT NULL THEN u.version END
    FROM unnest(p_out_credits, p_out_attempts, p_out_batches, p_out_merchants, p_out_amounts, p_out_currencies,
                p_out_reasons, p_out_group, p_out_accounts, p_out_versions)
      AS u(credit, attempt, batch_id, merchant, amount, currency, reason, grp, account, version)
    WHERE u.batch_id = ANY (o_claimed)
    RETURNING batch_id, amount_minor
  )
  UPDATE credit_batch b SET departed_credits = departed_credits + d.credits, departed_minor = departed_minor + d.minor
  FROM (SELECT batch_id, count(*) AS credits, sum(amount_minor) AS minor FROM departed GROUP BY batch_id) d
  WHERE b.batch_id = d.batch_id;
END $$;

-- As in V3; what an order keeps stays where it is. What was sent is looked after as ever.
CREATE OR REPLACE FUNCTION take_over_batches(p_owner bigint, p_in_memory bigint[], p_not_now text[], p_limit integer)
  RETURNS TABLE (batch_id bigint, rail text, currency text, state text, epoch integer, tries integer, recorded_at timestamptz,
                 claimed_at timestamptz, one_per_account boolean)
  LANGUAGE sql AS $$
  UPDATE credit_batch b SET owner = p_owner, epoch = b.epoch + 1
  FROM (
    SELECT o.batch_id FROM credit_batch o
    WHERE o.state IN ('RECORDED', 'SENT', 'IN_DOUBT') AND NOT o.rail = ANY (p_not_now) AND coalesce(o.retry_at, '-infinity') <= now()
      AND NOT EXISTS (
        SELECT FROM rail_stop s WHERE o.state = 'RECORDED' AND s.rail = o.rail AND (s.state = 'HELD' OR o.batch_id > s.drain_to
          AND NOT EXISTS (SELECT FROM draining_batch d WHERE d.batch_id = o.batch_id)))
      AND CASE WHEN o.owner = p_owner
               THEN o.recorded_at < now() - interval '2 seconds' AND NOT o.batch_id = ANY (p_in_memory)
               ELSE NOT EXISTS (SELECT FROM node_lease n WHERE n.node_id = o.owner AND n.lease_until > now()) END
    ORDER BY o.batch_id LIMIT p_limit FOR UPDATE SKIP LOCKED
  ) mine
  WHERE b.batch_id = mine.batch_id
  RETURNING b.batch_id, b.rail, b.currency, b.state, b.epoch, b.tries, b.recorded_at, b.claimed_at, b.one_per_account
$$;

-- As in V5; consoles are told.
CREATE OR REPLACE FUNCTION write_card_change_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_from text := 'START';
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.state = OLD.state THEN
      RETURN NULL;
    END IF;
    v_from := OLD.state;
  END IF;
  INSERT INTO card_change_step (change_id, step_no, from_state, to_state, moved_as, moved_by, detail)
    VALUES (NEW.change_id, NEW.steps, v_from, NEW.state, NEW.moved_as, NEW.moved_by, NEW.moved_why);
  PERFORM tell_console('card-change', jsonb_build_object(
    'changeId', NEW.change_id, 'merchantId', NEW.merchant_id, 'state', NEW.state, 'version', NEW.version));
  RETURN NULL;
END $$;
