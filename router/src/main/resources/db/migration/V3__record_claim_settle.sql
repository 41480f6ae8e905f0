-- The three commits of a credit's life and the release of what was held, each one round trip. The functions are volatile: every statement inside reads
-- what was committed before that statement, not before the call. A connection keeps the plans of its first calls, made
-- when the book was small: the planner is told to walk the indexes, or every batch would be looked for among all. Claims and
-- settlements keep one plan for all values: guessing that others are cheaper, it would plan at every call, for as long as the call takes.

-- Records one group commit. Arrays of one length, one element per transaction, sorted by key (two nodes that insert
-- overlapping keys in opposite order would deadlock); p_group points into p_rails/p_currencies (1-based); p_reasons is
-- empty when nothing is held. Returns the batches made (one per group, NULL where every row was known already), which
-- rows were fresh (NULL: all), and for the others what the book holds of them.
CREATE FUNCTION record_credits(
  p_owner bigint, p_writer text, p_rails text[], p_currencies text[], p_group integer[],
  p_merchants text[], p_terminals text[], p_dates date[], p_batch_nos integer[], p_stans integer[], p_types text[],
  p_acquirers text[], p_amounts bigint[], p_rrns text[], p_captured timestamptz[], p_accounts bigint[],
  p_versions integer[], p_reasons text[],
  OUT o_batches bigint[], OUT o_fresh integer[], OUT o_known integer[], OUT o_known_credits bigint[],
  OUT o_known_amounts bigint[], OUT o_known_currencies text[], OUT o_known_rrns text[],
  OUT o_known_captured timestamptz[], OUT o_known_reasons text[])
  LANGUAGE plpgsql AS $$
DECLARE
  v_batches bigint[];
BEGIN
  SELECT array_agg(nextval('batch_ids')) INTO v_batches FROM generate_subscripts(p_rails, 1);

  WITH fresh AS (
    INSERT INTO credit (credit_id, amount_minor, captured_at, account_id, local_date, batch_no, stan, binding_version,
                        merchant_id, terminal_id, acquirer_id, type, currency, rrn)
    SELECT v_batches[t.grp] << 12 | t.place, t.amount, t.captured, t.account, t.local_date, t.batch_no, t.stan, t.version,
           t.merchant, t.terminal, t.acquirer, t.type, p_currencies[t.grp], t.rrn
    FROM unnest(p_group, p_merchants, p_terminals, p_dates, p_batch_nos, p_stans, p_types, p_acquirers, p_amounts, p_rrns,
                p_captured, p_accounts, p_versions) WITH ORDINALITY
      AS t(grp, merchant, terminal, local_date, batch_no, stan, type, acquirer, amount, rrn, captured, account, version, place)
    ON CONFLICT (merchant_id, terminal_id, local_date, batch_no, stan, type, acquirer_id) DO NOTHING
    RETURNING credit_id, merchant_id, amount_minor, currency, binding_version
  ), batches AS (
    INSERT INTO credit_batch (batch_id, rail, currency, state, credits, amount_minor, departed_credits, departed_minor, owner)
    SELECT s.batch_id, g.rail, g.currency, CASE WHEN g.rail IS NULL THEN 'UNROUTED' ELSE 'RECORDED' END, s.credits, s.minor,
           CASE WHEN g.rail IS NULL THEN s.credits ELSE 0 END, CASE WHEN g.rail IS NULL THEN s.minor ELSE 0 END, p_owner
    FROM (SELECT credit_id >> 12 AS batch_id, count(*) AS credits, sum(amount_minor) AS minor FROM fresh GROUP BY 1) s
    JOIN unnest(v_batches, p_rails, p_currencies) AS g(batch_id, rail, currency) USING (batch_id)
    RETURNING batch_id
  ), held AS (
    INSERT INTO credit_exception (credit_id, exception_no, attempt, batch_id, kind, reason, merchant_id, amount_minor,
                                  currency, decided_version, movable)
    SELECT f.credit_id, 1, 1, f.credit_id >> 12, 'HELD', r.reason, f.merchant_id, f.amount_minor, f.currency,
           f.binding_version, true
    FROM unnest(p_reasons) WITH ORDINALITY AS r(reason, place) JOIN fresh f ON f.credit_id & 4095 = r.place
    WHERE r.reason IS NOT NULL
  ), totals AS (
    INSERT INTO book_total AS t (writer, currency, accepted_credits, accepted_minor)
    SELECT p_writer, currency, count(*), sum(amount_minor) FROM fresh GROUP BY currency
    ON CONFLICT (writer, currency) DO UPDATE SET accepted_credits = t.accepted_credits + excluded.accepted_credits,
                                                 accepted_minor = t.accepted_minor + excluded.accepted_minor
  )
  SELECT CASE WHEN count(*) < cardinality(p_merchants) THEN coalesce(array_agg((credit_id & 4095)::integer), '{}') END,
         (SELECT array_agg(CASE WHEN g.id IN (SELECT batch_id FROM batches) THEN g.id END ORDER BY g.grp)
          FROM unnest(v_batches) WITH ORDINALITY AS g(id, grp))
  INTO o_fresh, o_batches FROM fresh;

  IF o_fresh IS NOT NULL THEN
    SELECT array_agg(t.place::integer), array_agg(c.credit_id), array_agg(c.amount_minor), array_agg(c.currency),
           array_agg(c.rrn), array_agg(c.captured_at),
           -- As it was answered first, whatever the reason is by now.
           array_agg(CASE WHEN e.reason IS NOT NULL THEN coalesce((
             SELECT h.reason FROM credit_hold_reason h WHERE h.credit_id = c.credit_id AND h.exception_no = 1
             ORDER BY h.until LIMIT 1), e.reason) END)
    INTO o_known, o_known_credits, o_known_amounts, o_known_currencies, o_known_rrns, o_known_captured, o_known_reasons
    FROM unnest(p_merchants, p_terminals, p_dates, p_batch_nos, p_stans, p_types, p_acquirers) WITH ORDINALITY
      AS t(merchant, terminal, local_date, batch_no, stan, type, acquirer, place)
    JOIN credit c ON c.merchant_id = t.merchant AND c.terminal_id = t.terminal AND c.local_date = t.local_date
      AND c.batch_no = t.batch_no AND c.stan = t.stan AND c.type = t.type AND c.acquirer_id = t.acquirer
    LEFT JOIN credit_exception e ON c.account_id IS NULL AND e.credit_id = c.credit_id AND e.exception_no = 1
    WHERE NOT t.place = ANY (o_fresh);
  END IF;
END $$;

-- The number of a credit's next departure.
CREATE FUNCTION next_exception_no(p_credit bigint) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT coalesce(max(exception_no), 0) + 1 FROM credit_exception WHERE credit_id = p_credit
$$;

-- When what ended for p_reason is to be tried, or asked about, again: after p_pause seconds, doubled for each time that
-- this credit ended so before, p_longest at most; NULL when p_pause is, or after p_times times.
CREATE FUNCTION try_again_at(p_credit bigint, p_reason text, p_pause integer, p_longest integer, p_times integer)
  RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_before integer;
BEGIN
  IF p_pause IS NULL THEN
    RETURN NULL;
  END IF;
  SELECT count(*) INTO v_before FROM credit_exception e
  WHERE e.credit_id = p_credit AND e.kind IN ('REJECTED', 'RETURNED') AND e.reason = p_reason;
  IF v_before >= p_times THEN
    RETURN NULL;
  END IF;
  RETURN clock_timestamp() + make_interval(secs => least(p_pause * power(2, least(v_before, 20)), p_longest));
END $$;

-- Claims batches for sending: RECORDED -> SENT, behind the fence. p_routes_* are the (merchant, version) pairs that the
-- credits to be sent carry, and that the departures below were decided by. If any is not current, nothing is changed and
-- o_stale names the merchants: decide anew and call again. p_out_* are credits that leave their batch in the same
-- commit: to the group p_out_group of p_rails/p_currencies (REROUTED), or held where that is NULL. Batches that the
-- caller no longer owns, and departures from them, are left alone.
CREATE FUNCTION claim_batches(
  p_owner bigint, p_batches bigint[], p_epochs integer[], p_route_merchants text[], p_route_versions integer[],
  p_rails text[], p_currencies text[], p_out_credits bigint[], p_out_attempts integer[], p_out_batches bigint[],
  p_out_merchants text[], p_out_amounts bigint[], p_out_currencies text[], p_out_reasons text[], p_out_group integer[],
  p_out_accounts bigint[], p_out_versions integer[], p_one_per_account boolean,
  OUT o_stale text[], OUT o_claimed bigint[], OUT o_batches bigint[])
  LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  -- In one snapshot for all statements the look at the versions would be older than the lock.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'claims need transaction isolation read committed';
  END IF;

  PERFORM pg_advisory_xact_lock_shared(7001, b.bucket)
    FROM (SELECT DISTINCT merchant_bucket(m) AS bucket FROM unnest(p_route_merchants) AS m ORDER BY 1) b;

  SELECT array_agg(DISTINCT p.merchant) INTO o_stale
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

-- Writes the bank's answer: SENT or IN_DOUBT -> POSTED, except the credits in p_out_*, which depart with what the bank
-- said of them: p_out_minor is what of each is unposted. Returns the batches settled (one that the caller no longer owns
-- is left alone) and the credits of these that had departed before, because the bank had told of them otherwise: what the
-- answer says of those is the caller's to write with bank_says.
CREATE FUNCTION settle_batches(
  p_owner bigint, p_writer text, p_batches bigint[], p_epochs integer[], p_out_credits bigint[], p_out_attempts integer[],
  p_out_batches bigint[], p_out_merchants text[], p_out_minor bigint[], p_out_currencies text[], p_out_kinds text[],
  p_out_reasons text[], p_out_codes text[], p_out_versions integer[], p_out_pauses integer[], p_out_longest integer[],
  p_out_times integer[], p_out_amounts bigint[],
  OUT o_settled bigint[], OUT o_departed bigint[])
  LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  SELECT coalesce(array_agg(batch_id), '{}') INTO o_settled FROM (
    SELECT b.batch_id FROM credit_batch b JOIN unnest(p_batches, p_epochs) AS p(batch_id, epoch) USING (batch_id)
    WHERE b.epoch = p.epoch AND b.owner = p_owner AND b.state IN ('SENT', 'IN_DOUBT')
    ORDER BY b.batch_id FOR UPDATE OF b) locked;

  SELECT coalesce(array_agg(e.credit_id), '{}') INTO o_departed
  FROM credit_batch b JOIN credit_exception e USING (batch_id)
  WHERE b.batch_id = ANY (o_settled) AND b.departed_credits > 0 AND e.kind NOT IN ('HELD', 'REROUTED');

  WITH departed AS (
    INSERT INTO credit_exception (credit_id, exception_no, attempt, batch_id, kind, reason, bank_code, merchant_id,
                                  amount_minor, currency, decided_version, movable, next_at)
    SELECT u.credit, next_exception_no(u.credit), u.attempt, u.batch_id, u.kind, u.reason, u.code, u.merchant, u.minor,
           u.currency, u.version, u.kind = 'REJECTED',
           try_again_at(u.credit, u.reason, u.pause, u.longest, u.times)
    FROM unnest(p_out_credits, p_out_attempts, p_out_batches, p_out_merchants, p_out_minor, p_out_currencies,
                p_out_kinds, p_out_reasons, p_out_codes, p_out_versions, p_out_pauses, p_out_longest, p_out_times)
      AS u(credit, attempt, batch_id, merchant, minor, currency, kind, reason, code, version, pause, longest, times)
    WHERE u.batch_id = ANY (o_settled) AND NOT u.credit = ANY (o_departed)
    RETURNING credit_id, batch_id, amount_minor
  ), out AS (
    -- The whole credit leaves the batch; what of it is posted counts for itself.
    SELECT d.batch_id, count(*) AS credits, sum(u.amount) AS minor, sum(u.amount - d.amount_minor) AS part
    FROM departed d JOIN unnest(p_out_credits, p_out_amounts) AS u(credit, amount) ON u.credit = d.credit_id
    GROUP BY d.batch_id
  ), settled AS (
    UPDATE credit_batch b SET state = 'POSTED', settled_at = clock_timestamp(),
      departed_credits = departed_credits + coalesce(d.credits, 0), departed_minor = departed_minor + coalesce(d.minor, 0)
    FROM unnest(o_settled) AS s(batch_id) LEFT JOIN out d USING (batch_id)
    WHERE b.batch_id = s.batch_id
    RETURNING b.currency, b.credits - b.departed_credits AS credits,
              b.amount_minor - b.departed_minor + coalesce(d.part, 0) AS minor
  )
  INSERT INTO book_total AS t (writer, currency, posted_credits, posted_minor)
  SELECT p_writer, currency, sum(credits), sum(minor) FROM settled GROUP BY currency
  ON CONFLICT (writer, currency) DO UPDATE SET posted_credits = t.posted_credits + excluded.posted_credits,
                                               posted_minor = t.posted_minor + excluded.posted_minor;
END $$;

-- Takes up to p_limit open batches for p_owner: those of owners whose lease has run out, and the caller's own that it no
-- longer has in memory and whose turn has come; none of the rails p_not_now. Every take raises the epoch, which refuses all later writes of whoever
-- held the batch before.
CREATE FUNCTION take_over_batches(p_owner bigint, p_in_memory bigint[], p_not_now text[], p_limit integer)
  RETURNS TABLE (batch_id bigint, rail text, currency text, state text, epoch integer, tries integer, recorded_at timestamptz,
                 claimed_at timestamptz, one_per_account boolean)
  LANGUAGE sql AS $$
  UPDATE credit_batch b SET owner = p_owner, epoch = b.epoch + 1
  FROM (
    SELECT o.batch_id FROM credit_batch o
    WHERE o.state IN ('RECORDED', 'SENT', 'IN_DOUBT') AND NOT o.rail = ANY (p_not_now) AND coalesce(o.retry_at, '-infinity') <= now()
      AND CASE WHEN o.owner = p_owner
               THEN o.recorded_at < now() - interval '2 seconds' AND NOT o.batch_id = ANY (p_in_memory)
               ELSE NOT EXISTS (SELECT FROM node_lease n WHERE n.node_id = o.owner AND n.lease_until > now()) END
    ORDER BY o.batch_id LIMIT p_limit FOR UPDATE SKIP LOCKED
  ) mine
  WHERE b.batch_id = mine.batch_id
  RETURNING b.batch_id, b.rail, b.currency, b.state, b.epoch, b.tries, b.recorded_at, b.claimed_at, b.one_per_account
$$;

-- The credits that are in these batches now, with the attempt, account and version each is there by. Here and below
-- OFFSET 0 makes the planner walk the index once for each batch: it takes a range of ids for a ninth of the book, and would
-- rather read the whole book once than ninths of it several times.
CREATE FUNCTION batch_members(p_batches bigint[])
  RETURNS TABLE (batch_id bigint, credit_id bigint, attempt integer, merchant_id text, terminal_id text,
                 amount_minor bigint, currency text, account_id bigint, version integer)
  LANGUAGE sql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
  SELECT b.id, c.credit_id, 1, c.merchant_id, c.terminal_id, c.amount_minor, c.currency, c.account_id, c.binding_version
  FROM unnest(p_batches) AS b(id)
  CROSS JOIN LATERAL (
    SELECT * FROM credit i WHERE i.credit_id >= b.id << 12 AND i.credit_id < (b.id + 1) << 12 OFFSET 0) c
  WHERE NOT EXISTS (SELECT FROM credit_exception e WHERE e.credit_id = c.credit_id)
  UNION ALL
  SELECT e.to_batch, c.credit_id, e.attempt + 1, c.merchant_id, c.terminal_id, e.amount_minor, c.currency, e.to_account, e.to_version
  FROM credit_exception e JOIN credit c ON c.credit_id = e.credit_id
  WHERE e.to_batch = ANY (p_batches)
    AND NOT EXISTS (SELECT FROM credit_exception l WHERE l.credit_id = e.credit_id AND l.exception_no > e.exception_no)
$$;

-- Sets accounts CLOSED or FROZEN that a bank refused as such, and with each all of the merchant's that have its number,
-- unless a person has set the number's status since the refused attempt was decided (by p_versions). Returns the
-- merchants whose route changed.
CREATE FUNCTION accounts_refused(
  p_accounts bigint[], p_versions integer[], p_statuses text[], p_codes text[], p_by text)
  RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
  v_refused record;
  v_changed text[] := '{}';
BEGIN
  -- By bucket: whoever takes several takes them in this order.
  FOR v_refused IN
    SELECT a.account_id, a.merchant_id, a.number_hash, u.version, u.status, u.code
    FROM unnest(p_accounts, p_versions, p_statuses, p_codes) AS u(account_id, version, status, code)
    JOIN account a USING (account_id) ORDER BY merchant_bucket(a.merchant_id), a.account_id
  LOOP
    PERFORM pg_advisory_xact_lock(7001, merchant_bucket(v_refused.merchant_id));
    IF EXISTS (SELECT FROM account a WHERE a.account_id = v_refused.account_id AND a.status = 'ACTIVE')
       AND NOT EXISTS (
         SELECT FROM account n
         JOIN account_status_change s USING (account_id)
         JOIN route_change r ON r.merchant_id = n.merchant_id AND r.fence_no = s.fence_no
         WHERE n.merchant_id = v_refused.merchant_id AND n.number_hash = v_refused.number_hash
           AND r.version > v_refused.version) THEN
      PERFORM set_account_status(v_refused.account_id, v_refused.status, v_refused.code, p_by);
      v_changed := v_changed || v_refused.merchant_id;
    END IF;
  END LOOP;
  RETURN v_changed;
END $$;

-- The planner is told to walk the indexes in the functions below: its statistics lag behind, and a scan of all open
-- departures every second is what they are there to avoid.

-- Merchants with an open departure that is to be decided anew, in their order, after p_after: their route is newer, a
-- release was ordered, or the time has come to try again. Jumps from merchant to merchant however many departures each has; looks at p_seen merchants at
-- most and returns p_due of them at most. o_last is the last one looked at, NULL when there are no more.
CREATE FUNCTION merchants_to_release(p_after text, p_seen integer, p_due integer, OUT o_due text[], OUT o_last text)
  LANGUAGE sql STABLE SET enable_seqscan = off SET enable_sort = off SET enable_bitmapscan = off
  SET enable_hashjoin = off SET enable_mergejoin = off AS $$
  WITH RECURSIVE walk(merchant_id, due, seen, found) AS (
    (SELECT p_after, false, 0, 0)
    UNION ALL
    SELECT n.merchant_id, n.due, w.seen + 1, w.found + n.due::integer
    FROM walk w CROSS JOIN LATERAL (
      SELECT h.merchant_id,
             h.decided_version < coalesce((SELECT m.route_version FROM merchant m WHERE m.merchant_id = h.merchant_id), 0)
             OR EXISTS (SELECT FROM credit_exception o WHERE o.merchant_id = h.merchant_id AND o.closed_at IS NULL
                          AND o.release_ordered AND o.reason = 'TERMINAL_MISMATCH')
             OR EXISTS (SELECT FROM credit_exception o WHERE o.merchant_id = h.merchant_id AND o.closed_at IS NULL
                          AND o.movable AND o.next_at IS NOT NULL AND o.next_at <= now()) AS due
      FROM (SELECT e.merchant_id, e.decided_version FROM credit_exception e
            WHERE e.closed_at IS NULL AND e.movable AND e.merchant_id > w.merchant_id
            ORDER BY e.merchant_id, e.decided_version LIMIT 1) h) n
    WHERE w.seen < p_seen AND w.found < p_due)
  SELECT coalesce(array_agg(merchant_id) FILTER (WHERE due), '{}'),
         CASE WHEN max(seen) = p_seen OR max(found) = p_due THEN (array_agg(merchant_id ORDER BY seen DESC))[1] END
  FROM walk
$$;

-- The oldest open departures of each merchant that are to be decided anew by its version, p_limit for each at most, after
-- the credit p_after, with the account of the attempt that each ended, and how often banks refused the credit.
CREATE FUNCTION departures_to_release(p_merchants text[], p_versions integer[], p_after bigint[], p_limit integer)
  RETURNS TABLE (credit_id bigint, exception_no integer, attempt integer, kind text, reason text, merchant_id text,
                 terminal_id text, amount_minor bigint, currency text, rail text, account_id bigint, ordered boolean,
                 again boolean, refusals bigint)
  LANGUAGE sql STABLE SET enable_seqscan = off SET enable_sort = off SET enable_bitmapscan = off
  SET enable_hashjoin = off SET enable_mergejoin = off AS $$
  SELECT e.credit_id, e.exception_no, e.attempt, e.kind, e.reason, e.merchant_id, c.terminal_id, e.amount_minor, e.currency,
         (SELECT b.rail FROM credit_batch b WHERE b.batch_id = e.batch_id),
         CASE WHEN e.attempt = 1 THEN c.account_id
              ELSE (SELECT p.to_account FROM credit_exception p
                    WHERE p.credit_id = e.credit_id AND p.attempt = e.attempt - 1 AND p.to_batch IS NOT NULL) END,
         -- An order that was given once stands, whatever became of the attempt that it led to.
         e.release_ordered OR EXISTS (SELECT FROM credit_release_order o WHERE o.credit_id = e.credit_id),
         e.next_at IS NOT NULL AND e.next_at <= now(),
         -- Want of our own funds says nothing against the credit, nor does a line that is lost.
         (SELECT count(DISTINCT r.attempt) FROM credit_exception r
          WHERE r.credit_id = e.credit_id AND r.kind IN ('REJECTED', 'RETURNED')
            AND r.reason NOT IN ('SOURCE_UNFUNDED', 'NOT_RECEIVED'))
  FROM unnest(p_merchants, p_versions, p_after) AS u(merchant, version, after)
  CROSS JOIN LATERAL (
    SELECT * FROM credit_exception o
    WHERE o.merchant_id = u.merchant AND o.closed_at IS NULL AND o.movable AND o.credit_id > u.after
      AND (o.decided_version < u.version OR o.release_ordered AND o.reason = 'TERMINAL_MISMATCH' OR o.next_at <= now())
    ORDER BY o.merchant_id, o.credit_id LIMIT p_limit) e
  JOIN credit c ON c.credit_id = e.credit_id
$$;

-- Writes what was decided anew for open departures: those with a group go on in a new batch for each of
-- p_rails/p_currencies, in the order in which they come; the others stay, with p_reasons, to be looked at again at p_next. A departure
-- that another node has in hand, that is closed, or that was decided by a newer version is left alone, so that no credit
-- goes on twice. Returns the batches made (NULL: nothing goes there) and the places of the departures that go on.
CREATE FUNCTION release_credits(
  p_owner bigint, p_rails text[], p_currencies text[], p_credits bigint[], p_nos integer[], p_group integer[],
  p_accounts bigint[], p_versions integer[], p_reasons text[], p_next timestamptz[], OUT o_batches bigint[], OUT o_released integer[])
  LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  v_mine integer[];
BEGIN
  SELECT coalesce(array_agg(place::integer), '{}') INTO v_mine FROM (
    SELECT u.place FROM unnest(p_credits, p_nos, p_versions) WITH ORDINALITY AS u(credit, no, version, place)
    JOIN credit_exception e ON e.credit_id = u.credit AND e.exception_no = u.no
    WHERE e.closed_at IS NULL AND e.movable AND e.decided_version <= u.version
    FOR UPDATE OF e SKIP LOCKED) locked;

  -- New batches first: the departures point at them.
  WITH groups AS (
    SELECT g.grp, nextval('batch_ids') AS batch_id, g.rail, g.currency, s.credits, s.minor
    FROM unnest(p_rails, p_currencies) WITH ORDINALITY AS g(rail, currency, grp)
    JOIN (SELECT u.grp, count(*) AS credits, sum(e.amount_minor) AS minor
          FROM unnest(p_credits, p_nos, p_group) WITH ORDINALITY AS u(credit, no, grp, place)
          JOIN credit_exception e ON e.credit_id = u.credit AND e.exception_no = u.no
          WHERE u.place = ANY (v_mine) GROUP BY u.grp) s USING (grp)
  ), made AS (
    INSERT INTO credit_batch (batch_id, rail, currency, state, credits, amount_minor, owner)
    SELECT batch_id, rail, currency, 'RECORDED', credits, minor, p_owner FROM groups
  )
  SELECT array_agg(groups.batch_id ORDER BY n.grp) INTO o_batches
  FROM generate_subscripts(p_rails, 1) AS n(grp) LEFT JOIN groups USING (grp);

  WITH released AS (
    UPDATE credit_exception e SET closed_at = clock_timestamp(), closed_as = 'WENT_ON', to_batch = o_batches[u.grp], to_account = u.account,
      to_version = u.version
    FROM unnest(p_credits, p_nos, p_group, p_accounts, p_versions) WITH ORDINALITY
      AS u(credit, no, grp, account, version, place)
    WHERE u.grp IS NOT NULL AND u.place = ANY (v_mine) AND e.credit_id = u.credit AND e.exception_no = u.no
    RETURNING u.place
  )
  SELECT coalesce(array_agg(place::integer), '{}') INTO o_released FROM released;

  WITH stays AS (
    SELECT e.credit_id, e.exception_no, e.decided_version, e.reason, u.version, u.reason AS reason_now, u.next_at
    FROM unnest(p_credits, p_nos, p_group, p_versions, p_reasons, p_next) WITH ORDINALITY
      AS u(credit, no, grp, version, reason, next_at, place)
    JOIN credit_exception e ON e.credit_id = u.credit AND e.exception_no = u.no
    WHERE u.grp IS NULL AND u.place = ANY (v_mine)
  ), before AS (
    INSERT INTO credit_hold_reason (credit_id, exception_no, decided_version, reason)
    SELECT credit_id, exception_no, decided_version, reason FROM stays WHERE reason <> reason_now
  )
  UPDATE credit_exception e SET decided_version = s.version, reason = s.reason_now,
    next_at = coalesce(s.next_at, CASE WHEN e.next_at > now() THEN e.next_at END)
  FROM stays s WHERE e.credit_id = s.credit_id AND e.exception_no = s.exception_no;
END $$;

-- Orders that a credit that is held because its terminal is not the merchant's be paid all the same. Returns ORDERED,
-- NOT_HELD when that is not (or no longer) what it is held for, or NULL when there is no such credit. The same order
-- again, whose sender did not hear the answer, is ORDERED whatever has become of the credit since, and is kept once.
CREATE FUNCTION order_release(p_credit bigint, p_by text, p_reason text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_held boolean;
BEGIN
  UPDATE credit_exception SET release_ordered = true
  WHERE credit_id = p_credit AND closed_at IS NULL AND kind = 'HELD' AND reason = 'TERMINAL_MISMATCH';
  v_held := FOUND;
  -- After the departure is locked: the same order at the same moment is seen.
  IF EXISTS (SELECT FROM credit_release_order o
             WHERE o.credit_id = p_credit AND o.ordered_by = p_by AND o.reason = p_reason) THEN
    RETURN 'ORDERED';
  END IF;
  IF v_held THEN
    INSERT INTO credit_release_order (credit_id, ordered_by, reason) VALUES (p_credit, p_by, p_reason);
    RETURN 'ORDERED';
  END IF;
  RETURN CASE WHEN EXISTS (SELECT FROM credit c WHERE c.credit_id = p_credit) THEN 'NOT_HELD' END;
END $$;

-- How far the audit of the fence has come, one row for all nodes: which of them looks next does not matter.
CREATE TABLE fence_audit (
  only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  audited   bigint NOT NULL DEFAULT 0,    -- every claim up to this number of fence_order has been looked at
  up_to     bigint NOT NULL DEFAULT 0,    -- where the next look ends
  in_flight text[] NOT NULL DEFAULT '{}'  -- transactions that may have drawn a number up to there and not committed it
);
INSERT INTO fence_audit DEFAULT VALUES;
CREATE INDEX credit_batch_claim ON credit_batch (claim_no) WHERE claim_no IS NOT NULL;

-- The attempts in batches that were claimed after p_after and up to p_to (numbers of fence_order).
CREATE FUNCTION claimed_attempts(p_after bigint, p_to bigint)
  RETURNS TABLE (credit_id bigint, no integer, merchant_id text, version integer, claim_no bigint) LANGUAGE sql STABLE AS $$
  SELECT c.credit_id, 1, c.merchant_id, c.binding_version, b.claim_no
  FROM credit_batch b CROSS JOIN LATERAL (
    SELECT i.credit_id, i.merchant_id, i.binding_version FROM credit i
    WHERE i.credit_id >= b.batch_id << 12 AND i.credit_id < (b.batch_id + 1) << 12 OFFSET 0) c
  WHERE b.claim_no > p_after AND b.claim_no <= p_to
  UNION ALL
  SELECT e.credit_id, e.attempt + 1, e.merchant_id, e.to_version, b.claim_no
  FROM credit_batch b JOIN credit_exception e ON e.to_batch = b.batch_id
  WHERE b.claim_no > p_after AND b.claim_no <= p_to
$$;

-- Counts those that carried another version than the one in force at the claim. Shares nothing with claim_batches, whose
-- work it watches. The planner is told to walk the indexes, as above. Looks once for each merchant and version first:
-- most have no newer one, which ends the matter.
CREATE FUNCTION superseded_dispatches(p_after bigint, p_to bigint) RETURNS bigint
  LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM (SELECT a.merchant_id, a.version, max(a.claim_no) AS claim_no
                 FROM claimed_attempts(p_after, p_to) a GROUP BY a.merchant_id, a.version) last
    JOIN route_change r ON r.merchant_id = last.merchant_id AND r.version > last.version AND r.fence_no < last.claim_no) THEN
    RETURN 0;
  END IF;
  RETURN (
    SELECT count(*) FROM claimed_attempts(p_after, p_to) a
    JOIN merchant m ON m.merchant_id = a.merchant_id AND m.route_version > a.version
    WHERE EXISTS (SELECT FROM route_change r
                  WHERE r.merchant_id = a.merchant_id AND r.version > a.version AND r.fence_no < a.claim_no)
      AND NOT EXISTS (SELECT FROM credit_exception x
                      WHERE x.credit_id = a.credit_id AND x.attempt = a.no AND x.kind IN ('HELD', 'REROUTED')));
END $$;

-- Transactions that have drawn, or may draw, a number of fence_order under a merchant's lock and are not over.
CREATE FUNCTION fence_in_flight() RETURNS text[] LANGUAGE sql VOLATILE AS $$
  SELECT coalesce(array_agg(DISTINCT l.virtualtransaction), '{}') FROM pg_locks l
  WHERE l.locktype = 'advisory' AND l.classid = 7001 AND l.granted
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
$$;

-- One look of the audit, at p_batches at most; o_more: there are more to look at now. The caller counts o_superseded
-- before it commits: whoever dies in between leaves it to the next, which counts it again. Nothing is looked at while
-- another node does, or while a transaction goes on that could still add a claim or a change to what is looked at.
CREATE FUNCTION audit_fence(p_batches integer, OUT o_superseded bigint, OUT o_more boolean) LANGUAGE plpgsql AS $$
DECLARE
  a    fence_audit;
  v_to bigint;
BEGIN
  o_superseded := 0;
  o_more := false;
  -- A node that stands still with the row in its hands does not stop the others.
  PERFORM set_config('idle_in_transaction_session_timeout', '5s', true);
  SELECT * INTO a FROM fence_audit FOR UPDATE SKIP LOCKED;
  IF a.only_row IS NULL OR a.in_flight && fence_in_flight() THEN
    RETURN;
  END IF;
  v_to := coalesce((SELECT b.claim_no FROM credit_batch b WHERE b.claim_no > a.audited AND b.claim_no <= a.up_to
                    ORDER BY b.claim_no OFFSET p_batches - 1 LIMIT 1), a.up_to);
  o_superseded := superseded_dispatches(a.audited, v_to);
  o_more := v_to < a.up_to;
  IF NOT o_more THEN
    -- The number first, then who may have drawn one up to it.
    SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO a.up_to FROM fence_order;
    a.in_flight := fence_in_flight();
  END IF;
  UPDATE fence_audit SET audited = v_to, up_to = a.up_to, in_flight = a.in_flight;
END $$;
