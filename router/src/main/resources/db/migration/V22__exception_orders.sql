-- What operators order of credits that wait with an open departure (credit_exception): to be sent again, held, sent by
-- another way, handed over to a person. An order is durable with its credits in one commit and carried out in steps, each a
-- commit, by whichever node has its lease; each credit has its turn once.

CREATE TABLE exception_order (
  order_id    uuid PRIMARY KEY,      -- the caller's
  order_no    bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  action      text NOT NULL CHECK (action IN ('RELEASE', 'HOLD', 'REROUTE', 'HAND_OVER')),
  selection   jsonb NOT NULL,        -- what was named, for people
  fingerprint bytea NOT NULL,        -- of all that was sent: the same order again has the same
  reason      text NOT NULL,
  assignee    text,
  ordered_by  text NOT NULL,
  ordered_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  state       text NOT NULL DEFAULT 'RUNNING' CHECK (state IN ('RUNNING', 'DONE', 'STOPPED')),
  total       integer NOT NULL,
  done        integer NOT NULL DEFAULT 0,
  faults      integer NOT NULL DEFAULT 0, -- steps in a row that failed
  worker      bigint,                -- node_lease.node_id of the process that carries it out, until lease_until
  lease_until timestamptz,
  told_at     timestamptz NOT NULL DEFAULT '-infinity', -- when its progress was last notified
  ended_at    timestamptz,
  stopped_by  text,                  -- NULL of one that is STOPPED: the router, after too many faults
  CHECK ((action = 'HAND_OVER') = (assignee IS NOT NULL)),
  CHECK ((state = 'RUNNING') = (ended_at IS NULL)),
  CHECK (done BETWEEN 0 AND total AND (state <> 'DONE' OR done = total))
);
CREATE INDEX exception_order_running ON exception_order (order_no) WHERE state = 'RUNNING';

-- A credit of an order, by the departure that it was ordered for. outcome is written once: DONE, or why not.
CREATE TABLE exception_order_item (
  order_id     uuid NOT NULL REFERENCES exception_order,
  item_no      integer NOT NULL,
  credit_id    bigint NOT NULL,
  exception_no integer NOT NULL,
  amount_minor bigint NOT NULL,
  currency     text NOT NULL,
  outcome      text,
  acted_at     timestamptz,
  kept_next_at timestamptz,          -- of a HOLD: when the router would have tried it again
  PRIMARY KEY (order_id, item_no),
  CHECK ((outcome IS NULL) = (acted_at IS NULL))
);
CREATE INDEX exception_order_item_left ON exception_order_item (order_id, item_no) WHERE outcome IS NULL;
CREATE INDEX exception_order_item_of ON exception_order_item (credit_id);

-- An order in sums: ORDERED is the whole, the others are outcomes.
CREATE TABLE exception_order_total (
  order_id     uuid NOT NULL REFERENCES exception_order,
  outcome      text NOT NULL,
  currency     text NOT NULL,
  credits      bigint NOT NULL,
  amount_minor bigint NOT NULL,
  PRIMARY KEY (order_id, outcome, currency)
);

-- Who has a credit. Who had it before stands in the orders.
CREATE TABLE exception_assignment (
  credit_id   bigint PRIMARY KEY,
  assignee    text NOT NULL,
  order_id    uuid NOT NULL REFERENCES exception_order,
  assigned_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Why an action has no meaning for an open departure, or NULL: it has. The one table of it, for lists, previews, orders and
-- each step. OPERATOR_HOLD and a foreign terminal are ended by RELEASE; whatever else is held before it was sent waits for a
-- condition that the router itself watches.
CREATE FUNCTION exception_refusal(p_action text, p_kind text, p_reason text, p_movable boolean) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN p_kind = 'DOUBT' THEN 'IN_DOUBT'
    WHEN p_kind = 'PENDING' THEN 'SENT'
    WHEN p_action = 'HAND_OVER' THEN NULL
    WHEN NOT p_movable THEN 'IN_QUESTION'
    WHEN p_action = 'HOLD' THEN CASE WHEN p_reason = 'OPERATOR_HOLD' THEN 'ALREADY_HELD' END
    WHEN p_reason IN ('OPERATOR_HOLD', 'TERMINAL_MISMATCH') THEN CASE WHEN p_action = 'REROUTE' THEN 'RELEASE_INSTEAD' END
    WHEN p_reason IN ('COMPLIANCE', 'ACCOUNT_LEGAL') THEN 'NOT_OPERATIONS'
    WHEN p_reason = 'DUPLICATE' THEN 'NEVER_AGAIN'
    WHEN p_kind = 'HELD' AND p_reason <> 'RAIL_UNAVAILABLE' THEN 'CONDITION_HOLDS'
  END
$$;

-- The credits that an order names, each with why the action has no meaning for it, or NULL. p_credits: these, whatever
-- they are; NULL: all open departures that were opened before p_as_of and are of p_reason, p_rail, p_merchant, p_assignee and
-- opened p_older before it (NULL: any). Planned by what is asked, so that an index is walked.
CREATE FUNCTION exception_selected(
  p_action text, p_as_of timestamptz, p_credits bigint[], p_reason text, p_rail text, p_merchant text, p_assignee text,
  p_older interval)
  RETURNS TABLE (credit_id bigint, exception_no integer, amount_minor bigint, currency text, opened_at timestamptz, why text)
  LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
BEGIN
  IF p_credits IS NOT NULL THEN
    RETURN QUERY
      SELECT u.credit, e.exception_no, coalesce(e.amount_minor, c.amount_minor), coalesce(e.currency, c.currency), e.opened_at,
             CASE WHEN c.credit_id IS NULL THEN 'UNKNOWN'
                  WHEN e.closed_at IS NULL AND e.credit_id IS NOT NULL
                    THEN exception_refusal(p_action, e.kind, e.reason, e.movable)
                  WHEN e.closed_as = 'POSTED' THEN 'POSTED'
                  ELSE coalesce((SELECT CASE b.state WHEN 'RECORDED' THEN 'QUEUED' WHEN 'POSTED' THEN 'POSTED' ELSE b.state END
                                 FROM credit_batch b WHERE b.batch_id = coalesce(e.to_batch, u.credit >> 12)), 'POSTED') END
      FROM (SELECT DISTINCT n FROM unnest(p_credits) AS n) u(credit)
      LEFT JOIN LATERAL (SELECT * FROM every_credit k WHERE k.credit_id = u.credit LIMIT 1) c ON true
      LEFT JOIN LATERAL (SELECT * FROM credit_exception x WHERE x.credit_id = u.credit
                         ORDER BY x.exception_no DESC LIMIT 1) e ON true;
  ELSE
    RETURN QUERY EXECUTE
      'SELECT e.credit_id, e.exception_no, e.amount_minor, e.currency, e.opened_at,
              exception_refusal($1, e.kind, e.reason, e.movable)
       FROM credit_exception e WHERE e.closed_at IS NULL AND e.opened_at < $2 - coalesce($7, interval ''0'')'
      || CASE WHEN p_reason IS NOT NULL THEN ' AND e.reason = $3' ELSE '' END
      || CASE WHEN p_rail IS NOT NULL
              THEN ' AND (SELECT b.rail FROM credit_batch b WHERE b.batch_id = e.batch_id) = $4' ELSE '' END
      || CASE WHEN p_merchant IS NOT NULL THEN ' AND e.merchant_id = $5' ELSE '' END
      || CASE WHEN p_assignee IS NOT NULL
              THEN ' AND (SELECT a.assignee FROM exception_assignment a WHERE a.credit_id = e.credit_id) = $6' ELSE '' END
      USING p_action, p_as_of, p_reason, p_rail, p_merchant, p_assignee, p_older;
  END IF;
END $$;

-- Notifies how far an order has come: at once when it has ended, else once a second at most.
CREATE FUNCTION tell_exception_order(p_order uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v exception_order;
BEGIN
  UPDATE exception_order o SET told_at = clock_timestamp()
  WHERE o.order_id = p_order AND (o.state <> 'RUNNING' OR o.told_at < clock_timestamp() - interval '1 second')
  RETURNING * INTO v;
  IF FOUND THEN
    PERFORM pg_notify('exception_order', json_build_object(
      'orderId', v.order_id, 'state', v.state, 'done', v.done, 'total', v.total)::text);
  END IF;
END $$;

-- Makes an order of what exception_selected gives. Returns ORDERED; REPLAYED (the same was ordered by the same person before);
-- CONFLICT: another has this id; CHANGED: these are not p_count credits of p_minor by p_currencies; NONE: the action has no
-- meaning for any of them; TOO_MANY: more than p_most. Nothing is written but with ORDERED.
CREATE FUNCTION create_exception_order(
  p_order uuid, p_action text, p_selection jsonb, p_fingerprint bytea, p_note text, p_to text, p_by text, p_as_of timestamptz,
  p_credits bigint[], p_reason text, p_rail text, p_merchant text, p_assignee text, p_older interval, p_count bigint,
  p_currencies text[], p_minor bigint[], p_most integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_count   bigint;
  v_differ  boolean;
  v_outcome text;
BEGIN
  -- A block that ends in an exception has written nothing.
  BEGIN
    INSERT INTO exception_order (order_id, action, selection, fingerprint, reason, assignee, ordered_by, total)
    VALUES (p_order, p_action, p_selection, p_fingerprint, p_note, p_to, p_by, 0) ON CONFLICT (order_id) DO NOTHING;
    IF NOT FOUND THEN
      RETURN (SELECT CASE WHEN o.fingerprint = p_fingerprint AND o.ordered_by = p_by THEN 'REPLAYED' ELSE 'CONFLICT' END
              FROM exception_order o WHERE o.order_id = p_order);
    END IF;
    WITH item AS (
      INSERT INTO exception_order_item (order_id, item_no, credit_id, exception_no, amount_minor, currency)
      SELECT p_order, row_number() OVER (ORDER BY s.opened_at, s.credit_id), s.credit_id, s.exception_no, s.amount_minor,
             s.currency
      FROM exception_selected(p_action, coalesce(p_as_of, now()), p_credits, p_reason, p_rail, p_merchant, p_assignee, p_older) s
      WHERE s.why IS NULL
      ORDER BY s.opened_at, s.credit_id LIMIT p_most + 1
      RETURNING currency, amount_minor)
    INSERT INTO exception_order_total (order_id, outcome, currency, credits, amount_minor)
    SELECT p_order, 'ORDERED', i.currency, count(*), sum(i.amount_minor) FROM item i GROUP BY i.currency;

    SELECT coalesce(sum(t.credits), 0) INTO v_count FROM exception_order_total t WHERE t.order_id = p_order;
    SELECT count(*) > 0 INTO v_differ
    FROM (SELECT t.currency, t.amount_minor FROM exception_order_total t WHERE t.order_id = p_order) t
    FULL JOIN unnest(p_currencies, p_minor) AS u(currency, minor) USING (currency)
    WHERE coalesce(t.amount_minor, 0) <> coalesce(u.minor, 0);
    v_outcome := CASE
      WHEN v_count > p_most THEN 'TOO_MANY'
      WHEN v_differ OR v_count <> p_count THEN 'CHANGED'
      WHEN v_count = 0 THEN 'NONE'
      ELSE 'ORDERED' END;
    IF v_outcome <> 'ORDERED' THEN
      RAISE EXCEPTION 'no order' USING ERRCODE = 'SR001';
    END IF;
  EXCEPTION WHEN SQLSTATE 'SR001' THEN
    RETURN v_outcome;
  END;
  UPDATE exception_order o SET total = v_count WHERE o.order_id = p_order;
  PERFORM tell_exception_order(p_order);
  RETURN v_outcome;
END $$;

-- Takes up to p_limit running orders for p_lease: those of nobody, of owners that let theirs run out, and the caller's own.
CREATE FUNCTION take_exception_orders(p_owner bigint, p_lease interval, p_limit integer)
  RETURNS TABLE (order_id uuid, action text) LANGUAGE sql AS $$
  UPDATE exception_order o SET worker = p_owner, lease_until = clock_timestamp() + p_lease
  FROM (SELECT r.order_id FROM exception_order r
        WHERE r.state = 'RUNNING' AND (r.worker = p_owner OR r.lease_until IS NULL OR r.lease_until < clock_timestamp())
        ORDER BY r.order_no LIMIT p_limit FOR UPDATE SKIP LOCKED) mine
  WHERE o.order_id = mine.order_id
  RETURNING o.order_id, o.action
$$;

-- Writes the outcome of items that had none, counts them, and says so. Whoever calls has the order's row locked. Returns how
-- many there were.
CREATE FUNCTION advance_exception_order(p_order uuid, p_items integer[], p_outcomes text[]) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  v_done integer;
BEGIN
  WITH acted AS (
    UPDATE exception_order_item i SET outcome = u.outcome, acted_at = now()
    FROM unnest(p_items, p_outcomes) AS u(item_no, outcome)
    -- The array once more, so that these are looked up and not all that are left.
    WHERE i.order_id = p_order AND i.item_no = ANY (p_items) AND i.item_no = u.item_no AND i.outcome IS NULL
    RETURNING i.outcome, i.currency, i.amount_minor
  ), counted AS (
    INSERT INTO exception_order_total AS t (order_id, outcome, currency, credits, amount_minor)
    SELECT p_order, a.outcome, a.currency, count(*), sum(a.amount_minor) FROM acted a GROUP BY a.outcome, a.currency
    ON CONFLICT (order_id, outcome, currency) DO UPDATE SET
      credits = t.credits + excluded.credits, amount_minor = t.amount_minor + excluded.amount_minor
  )
  SELECT count(*) INTO v_done FROM acted;
  IF v_done > 0 THEN
    UPDATE exception_order o SET done = o.done + v_done, faults = 0,
      state = CASE WHEN o.done + v_done = o.total THEN 'DONE' ELSE o.state END,
      ended_at = CASE WHEN o.done + v_done = o.total THEN clock_timestamp() END
    WHERE o.order_id = p_order;
    PERFORM tell_exception_order(p_order);
  END IF;
  RETURN v_done;
END $$;

-- The next p_limit items of an order that are still to be done.
CREATE FUNCTION exception_items_left(p_order uuid, p_limit integer)
  RETURNS TABLE (item_no integer, credit_id bigint, exception_no integer) LANGUAGE sql STABLE AS $$
  SELECT i.item_no, i.credit_id, i.exception_no FROM exception_order_item i
  WHERE i.order_id = p_order AND i.outcome IS NULL ORDER BY i.item_no LIMIT p_limit
$$;

-- Of the next p_limit items: those whose departure is closed by now, or that the action has no meaning for any more, have
-- had their turn. Returns how many.
CREATE FUNCTION pass_changed_items(p_order uuid, p_action text, p_limit integer) RETURNS integer
  LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  v_items integer[];
BEGIN
  SELECT coalesce(array_agg(l.item_no), '{}') INTO v_items
  FROM exception_items_left(p_order, p_limit) l
  WHERE NOT EXISTS (
    SELECT FROM credit_exception e WHERE e.credit_id = l.credit_id AND e.exception_no = l.exception_no AND e.closed_at IS NULL
      AND exception_refusal(p_action, e.kind, e.reason, e.movable) IS NULL);
  RETURN advance_exception_order(p_order, v_items, array_fill('CHANGED'::text, ARRAY[cardinality(v_items)]));
END $$;

-- One step of an order that needs no decision: HOLD or HAND_OVER. Departures that somebody else has in hand come later.
-- Returns how many items had their turn; 0 also when the order does not run any more.
CREATE FUNCTION act_on_exceptions(p_order uuid, p_limit integer) RETURNS integer
  LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  v_order exception_order;
  v_items integer[];
  v_done  integer;
BEGIN
  SELECT * INTO v_order FROM exception_order o
  WHERE o.order_id = p_order AND o.state = 'RUNNING' AND o.action IN ('HOLD', 'HAND_OVER') FOR UPDATE;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  v_done := pass_changed_items(p_order, v_order.action, p_limit);

  SELECT coalesce(array_agg(locked.item_no), '{}') INTO v_items FROM (
    SELECT l.item_no FROM exception_items_left(p_order, p_limit) l
    JOIN credit_exception e ON e.credit_id = l.credit_id AND e.exception_no = l.exception_no
    WHERE e.closed_at IS NULL AND exception_refusal(v_order.action, e.kind, e.reason, e.movable) IS NULL
    FOR UPDATE OF e SKIP LOCKED) locked;

  IF v_order.action = 'HOLD' THEN
    -- No route has the greatest version: nothing that the router decides, or has decided just now, lets it go.
    WITH held AS (
      SELECT i.item_no, e.credit_id, e.exception_no, e.decided_version, e.reason, e.next_at
      FROM exception_order_item i JOIN credit_exception e USING (credit_id, exception_no)
      WHERE i.order_id = p_order AND i.item_no = ANY (v_items)
    ), kept AS (
      UPDATE exception_order_item i SET kept_next_at = h.next_at FROM held h
      WHERE i.order_id = p_order AND i.item_no = ANY (v_items) AND i.item_no = h.item_no
    ), before AS (
      INSERT INTO credit_hold_reason (credit_id, exception_no, decided_version, reason)
      SELECT h.credit_id, h.exception_no, h.decided_version, h.reason FROM held h
    )
    UPDATE credit_exception e SET reason = 'OPERATOR_HOLD', decided_version = 2147483647, next_at = NULL
    FROM held h WHERE e.credit_id = h.credit_id AND e.exception_no = h.exception_no;
  ELSE
    INSERT INTO exception_assignment AS a (credit_id, assignee, order_id)
    SELECT i.credit_id, v_order.assignee, p_order FROM exception_order_item i
    WHERE i.order_id = p_order AND i.item_no = ANY (v_items)
    ON CONFLICT (credit_id) DO UPDATE SET assignee = excluded.assignee, order_id = excluded.order_id, assigned_at = excluded.assigned_at;
  END IF;
  RETURN v_done + advance_exception_order(p_order, v_items, array_fill('DONE'::text, ARRAY[cardinality(v_items)]));
END $$;

-- What a departure was before an operator held it: its reason, the version that it was decided by, and when the router would
-- have tried it again.
CREATE FUNCTION before_hold(p_credit bigint, p_no integer, OUT o_reason text, OUT o_version integer, OUT o_next timestamptz)
  LANGUAGE sql STABLE AS $$
  SELECT r.reason, r.decided_version, (
    SELECT i.kept_next_at FROM exception_order_item i JOIN exception_order o USING (order_id)
    WHERE i.credit_id = p_credit AND i.exception_no = p_no AND i.outcome = 'DONE' AND o.action = 'HOLD'
    ORDER BY i.acted_at DESC LIMIT 1)
  FROM (SELECT) one LEFT JOIN LATERAL (
    SELECT h.reason, h.decided_version FROM credit_hold_reason h
    WHERE h.credit_id = p_credit AND h.exception_no <= p_no AND h.reason <> 'OPERATOR_HOLD'
    ORDER BY h.exception_no DESC, h.until DESC LIMIT 1) r ON true
$$;

-- The next items of a RELEASE or REROUTE, as departures_to_release has them. reason is what the departure is open for but for
-- an operator's hold, was what it says.
CREATE FUNCTION departures_ordered(p_order uuid, p_limit integer)
  RETURNS TABLE (credit_id bigint, exception_no integer, attempt integer, kind text, reason text, was text, merchant_id text,
                 terminal_id text, amount_minor bigint, currency text, rail text, account_id bigint, ordered boolean,
                 again boolean, refusals bigint, next_at timestamptz)
  LANGUAGE sql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
  SELECT e.credit_id, e.exception_no, e.attempt, e.kind,
         CASE WHEN e.reason = 'OPERATOR_HOLD' THEN coalesce(h.o_reason, 'UNSPECIFIED') ELSE e.reason END, e.reason, e.merchant_id,
         c.terminal_id, e.amount_minor, e.currency, (SELECT b.rail FROM credit_batch b WHERE b.batch_id = e.batch_id),
         CASE WHEN e.attempt = 1 THEN c.account_id
              ELSE (SELECT p.to_account FROM credit_exception p
                    WHERE p.credit_id = e.credit_id AND p.attempt = e.attempt - 1 AND p.to_batch IS NOT NULL) END,
         EXISTS (SELECT FROM credit_release_order o WHERE o.credit_id = e.credit_id),
         coalesce(h.o_next <= now(), false),
         (SELECT count(DISTINCT r.attempt) FROM credit_exception r
          WHERE r.credit_id = e.credit_id AND r.kind IN ('REJECTED', 'RETURNED')
            AND r.reason NOT IN ('SOURCE_UNFUNDED', 'NOT_RECEIVED')),
         h.o_next
  FROM exception_items_left(p_order, p_limit) l
  JOIN credit_exception e ON e.credit_id = l.credit_id AND e.exception_no = l.exception_no AND e.closed_at IS NULL
  CROSS JOIN LATERAL (SELECT k.terminal_id, k.account_id FROM credit k WHERE k.credit_id = l.credit_id LIMIT 1) c
  LEFT JOIN LATERAL before_hold(e.credit_id, e.exception_no) h ON e.reason = 'OPERATOR_HOLD'
$$;

-- One step of a RELEASE or REROUTE: writes what was decided for its next items, as release_credits does. p_was is what each
-- departure said when it was decided: one that says something else by now, or that somebody has in hand, is decided again by
-- the next step. p_outcomes are theirs. o_done: items that had their turn; 0 also when the order does not run any more.
CREATE FUNCTION release_ordered(
  p_order uuid, p_limit integer, p_owner bigint, p_rails text[], p_currencies text[], p_credits bigint[], p_nos integer[],
  p_group integer[], p_accounts bigint[], p_versions integer[], p_reasons text[], p_next timestamptz[], p_was text[],
  p_outcomes text[], OUT o_batches bigint[], OUT o_released integer[], OUT o_done integer)
  LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  v_order exception_order;
  v_mine  integer[];
  v_items integer[];
  v_ends  text[];
BEGIN
  o_released := '{}';
  o_done := 0;
  SELECT * INTO v_order FROM exception_order o
  WHERE o.order_id = p_order AND o.state = 'RUNNING' AND o.action IN ('RELEASE', 'REROUTE') FOR UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  o_done := pass_changed_items(p_order, v_order.action, p_limit);

  SELECT coalesce(array_agg(locked.place::integer), '{}') INTO v_mine FROM (
    SELECT u.place FROM unnest(p_credits, p_nos, p_versions, p_was) WITH ORDINALITY AS u(credit, no, version, was, place)
    JOIN exception_items_left(p_order, p_limit) i ON i.credit_id = u.credit AND i.exception_no = u.no
    JOIN credit_exception e ON e.credit_id = u.credit AND e.exception_no = u.no
    WHERE e.closed_at IS NULL AND e.reason = u.was AND exception_refusal(v_order.action, e.kind, e.reason, e.movable) IS NULL
      AND (u.was = 'OPERATOR_HOLD' OR e.decided_version <= u.version)
    FOR UPDATE OF e SKIP LOCKED) locked;

  -- An operator's hold ends: the departure is again what it was.
  WITH held AS (
    SELECT u.credit, u.no, coalesce(b.o_reason, 'UNSPECIFIED') AS reason, coalesce(b.o_version, u.version) AS version
    FROM unnest(p_credits, p_nos, p_versions, p_was) WITH ORDINALITY AS u(credit, no, version, was, place)
    CROSS JOIN LATERAL before_hold(u.credit, u.no) b
    WHERE u.was = 'OPERATOR_HOLD' AND u.place = ANY (v_mine)
  ), before AS (
    INSERT INTO credit_hold_reason (credit_id, exception_no, decided_version, reason)
    SELECT h.credit, h.no, h.version, 'OPERATOR_HOLD' FROM held h
  )
  UPDATE credit_exception e SET reason = h.reason, decided_version = h.version
  FROM held h WHERE e.credit_id = h.credit AND e.exception_no = h.no;

  -- What is paid for a terminal that is not the merchant's needs its order: `verify` asks for it.
  INSERT INTO credit_release_order (credit_id, ordered_by, reason)
  SELECT u.credit, v_order.ordered_by, v_order.reason
  FROM unnest(p_credits, p_was) WITH ORDINALITY AS u(credit, was, place)
  WHERE u.was = 'TERMINAL_MISMATCH' AND u.place = ANY (v_mine)
    AND NOT EXISTS (SELECT FROM credit_release_order o WHERE o.credit_id = u.credit);

  SELECT r.o_batches, r.o_released INTO o_batches, o_released
  FROM release_credits(p_owner, p_rails, p_currencies, p_credits,
    (SELECT coalesce(array_agg(CASE WHEN u.place = ANY (v_mine) THEN u.no ELSE -1 END ORDER BY u.place), '{}')
     FROM unnest(p_nos) WITH ORDINALITY AS u(no, place)),
    p_group, p_accounts, p_versions, p_reasons, p_next) r;

  SELECT coalesce(array_agg(i.item_no), '{}'), coalesce(array_agg(u.outcome), '{}') INTO v_items, v_ends
  FROM unnest(p_credits, p_nos, p_outcomes) WITH ORDINALITY AS u(credit, no, outcome, place)
  JOIN exception_items_left(p_order, p_limit) i ON i.credit_id = u.credit AND i.exception_no = u.no
  WHERE u.place = ANY (v_mine);
  o_done := o_done + advance_exception_order(p_order, v_items, v_ends);
END $$;

-- A step failed: after p_most in a row the order stops, and a person looks.
CREATE FUNCTION exception_order_failed(p_order uuid, p_most integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE exception_order o SET faults = o.faults + 1,
    state = CASE WHEN o.faults + 1 >= p_most THEN 'STOPPED' ELSE o.state END,
    ended_at = CASE WHEN o.faults + 1 >= p_most THEN clock_timestamp() END
  WHERE o.order_id = p_order AND o.state = 'RUNNING';
  IF FOUND THEN
    PERFORM tell_exception_order(p_order);
  END IF;
END $$;

-- Stops an order where it is. Returns false when there is none.
CREATE FUNCTION stop_exception_order(p_order uuid, p_by text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  UPDATE exception_order o SET state = 'STOPPED', ended_at = clock_timestamp(), stopped_by = p_by
  WHERE o.order_id = p_order AND o.state = 'RUNNING';
  IF FOUND THEN
    PERFORM tell_exception_order(p_order);
    RETURN true;
  END IF;
  RETURN EXISTS (SELECT FROM exception_order o WHERE o.order_id = p_order);
END $$;
