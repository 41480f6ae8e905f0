-- What banks say besides their answer to a transfer: found out by enquiry, told by notification, weeks later perhaps, in
-- any order and more than once. It is written by the attempt that it speaks of, however the credit stands by now.

-- A difference between our books and a bank's, or something a bank said that does not fit what it said before: money
-- that a person has to look after. Never netted away: it is closed by a person, with a word.
CREATE TABLE settlement_break (
  break_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rail          text NOT NULL,
  kind          text NOT NULL CHECK (kind IN (
    'UNKNOWN_TRANSFER',   -- the bank speaks of an end-to-end id that we never sent
    'LATE_SUCCESS',       -- credited after the bank had finally said no, and the credit was paid again or may be
    'CONTRADICTION',      -- what the bank says cannot follow what it said before
    'MISSING_AT_BANK',    -- posted here, not in the bank's books
    'MISSING_HERE',       -- in the bank's books, not posted here
    'AMOUNT_DIFFERENT',   -- in both, with another amount or currency
    'ACCOUNT_DIFFERENT',  -- in both, to another account
    'ACCOUNT_CHANGE')),   -- the bank names another account, and no application for it could be opened
  end_to_end_id text NOT NULL,
  credit_id     bigint,
  attempt       integer,
  amount_minor  bigint NOT NULL,
  currency      text NOT NULL,
  detail        text NOT NULL,
  owner         text NOT NULL, -- whose move it is: explanation.WhoActs
  source        text NOT NULL CHECK (source IN ('ANSWER', 'ENQUIRY', 'NOTIFICATION', 'RECONCILIATION', 'PERSON')),
  opened_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  closed_at     timestamptz,
  closed_by     text,
  closed_note   text,
  CHECK ((closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (closed_note IS NULL))
);
-- One open break for one thing, however often it is said.
CREATE UNIQUE INDEX settlement_break_open ON settlement_break (rail, kind, end_to_end_id) WHERE closed_at IS NULL;

CREATE FUNCTION open_break(
  p_rail text, p_kind text, p_end_to_end_id text, p_credit bigint, p_attempt integer, p_amount bigint, p_currency text,
  p_detail text, p_owner text, p_source text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO settlement_break (rail, kind, end_to_end_id, credit_id, attempt, amount_minor, currency, detail, owner, source)
  VALUES (p_rail, p_kind, p_end_to_end_id, p_credit, p_attempt, p_amount, p_currency, p_detail, p_owner, p_source)
  ON CONFLICT (rail, kind, end_to_end_id) WHERE closed_at IS NULL DO NOTHING;
  RETURN FOUND;
END $$;

-- Adds to what is posted by the control totals; negative for money that came back.
CREATE FUNCTION add_posted(p_writer text, p_currency text, p_credits bigint, p_minor bigint) RETURNS void LANGUAGE sql AS $$
  INSERT INTO book_total AS t (writer, currency, posted_credits, posted_minor)
  VALUES (p_writer, p_currency, p_credits, p_minor)
  ON CONFLICT (writer, currency) DO UPDATE SET posted_credits = t.posted_credits + excluded.posted_credits,
                                               posted_minor = t.posted_minor + excluded.posted_minor
$$;

-- The credits that a transfer of a batch carried to an account, where credits of one account are sent as one.
CREATE FUNCTION transfer_members(p_batch bigint, p_account bigint)
  RETURNS TABLE (credit_id bigint, attempt integer, amount_minor bigint)
  LANGUAGE sql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
  SELECT m.credit_id, m.attempt, m.amount_minor FROM (
    SELECT c.credit_id, 1 AS attempt, c.amount_minor, c.account_id
    FROM credit c WHERE c.credit_id >= p_batch << 12 AND c.credit_id < (p_batch + 1) << 12
    UNION ALL
    SELECT e.credit_id, e.attempt + 1, e.amount_minor, e.to_account FROM credit_exception e WHERE e.to_batch = p_batch) m
  WHERE m.account_id = p_account
    AND NOT EXISTS (SELECT FROM credit_exception x WHERE x.credit_id = m.credit_id AND x.attempt = m.attempt
                      AND x.kind IN ('HELD', 'REROUTED'))
  ORDER BY m.credit_id
$$;

-- The batch in which an attempt was, what it carried, and to which account (NULL: it was held at once); no row when there
-- was no such attempt.
CREATE FUNCTION attempt_of(p_credit bigint, p_attempt integer)
  RETURNS TABLE (batch_id bigint, amount_minor bigint, merchant_id text, currency text, version integer, account_id bigint)
  LANGUAGE sql STABLE AS $$
  SELECT c.credit_id >> 12, c.amount_minor, c.merchant_id, c.currency, c.binding_version, c.account_id
  FROM credit c WHERE p_attempt = 1 AND c.credit_id = p_credit
  UNION ALL
  SELECT e.to_batch, e.amount_minor, e.merchant_id, e.currency, e.to_version, e.to_account
  FROM credit_exception e WHERE e.credit_id = p_credit AND e.attempt = p_attempt - 1 AND e.to_batch IS NOT NULL
$$;

-- Writes what a bank said of attempts, one by one in the order given; p_ids are their end-to-end ids, for breaks.
--   CREDITED     p_minor of it is, or was, on the creditor's account (NULL: all)
--   PENDING      taken, not credited yet
--   REJECTED     it was not credited and never will be; also of what the bank never received. Said by a person of an
--                attempt that was credited in part: so it is with the rest
--   RETURNED     p_minor of it (NULL: whatever was credited) came back; p_booked: the money is on our account again;
--                p_credited: how much had been credited in all, where the bank says that in the same breath (NULL: not said)
--   UNCLEAR      it is not known now; ask again
-- p_reasons, p_codes, p_pauses, p_longest, p_times as for settle_batches: what the bank may still change is asked about
-- again, the rest is tried again. Returns for each: APPLIED, KNOWN (it says
-- nothing new), BREAK (it does not fit: a break is open), UNKNOWN (there was no such attempt on this rail: the caller's
-- to keep), what it changed of posted money, and the kind of row that it wrote.
CREATE FUNCTION bank_says(
  p_rail text, p_writer text, p_source text, p_ids text[], p_credits bigint[], p_attempts integer[], p_says text[],
  p_minor bigint[], p_credited bigint[], p_reasons text[], p_codes text[], p_booked boolean[], p_pauses integer[],
  p_longest integer[], p_times integer[])
  RETURNS TABLE (place integer, verdict text, posted_minor bigint, currency text, wrote text, recorded_at timestamptz)
  LANGUAGE plpgsql AS $$
DECLARE
  i integer;
BEGIN
  -- No month leaves for the archive while a word is written (V20).
  PERFORM pg_advisory_xact_lock_shared(7006, 0);
  -- All at once and in order, so that two who write of the same batches do not wait for each other in a circle.
  PERFORM FROM credit_batch b
  WHERE b.batch_id IN (SELECT a.batch_id FROM unnest(p_credits, p_attempts) AS u(credit, no)
                       CROSS JOIN LATERAL attempt_of(u.credit, u.no) a)
  ORDER BY b.batch_id FOR UPDATE;
  FOR i IN 1 .. cardinality(p_credits) LOOP
    place := i;
    SELECT s.o_verdict, s.o_posted, s.o_currency, s.o_wrote, s.o_recorded
    INTO verdict, posted_minor, currency, wrote, recorded_at
    FROM bank_says_of(p_rail, p_writer, p_source, p_ids[i], p_credits[i], p_attempts[i], p_says[i], p_minor[i],
                      p_credited[i], p_reasons[i], p_codes[i], p_booked[i], p_pauses[i], p_longest[i], p_times[i]) s;
    RETURN NEXT;
  END LOOP;
END $$;

-- The pause before a bank is asked again, doubled with every time; a word that names none has the one of an hour at most.
CREATE FUNCTION ask_again_in(p_pause integer, p_longest integer, p_tries integer) RETURNS interval LANGUAGE sql IMMUTABLE AS $$
  SELECT make_interval(secs => least(coalesce(p_pause, 60) * power(2, least(p_tries, 20)),
                                     CASE WHEN p_pause IS NULL THEN 3600 ELSE p_longest END))
$$;

-- How much of p_amount was credited in all, when a bank says that p_credited was (0: it does not say) and that p_returned
-- came back. What came back had been credited; but exactly the rest of a part is that rest, which never arrived: then the
-- part is what stays credited.
CREATE FUNCTION credited_in_all(p_amount bigint, p_credited bigint, p_returned bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN p_returned > 0 AND p_credited > 0 AND p_returned = p_amount - p_credited AND p_returned <> p_credited
              THEN p_amount ELSE greatest(p_credited, p_returned) END
$$;

-- Of an attempt's amount, v_had was credited in all so far and v_back of that came back; what was not credited is in
-- question until the bank credits it, or finally will not (v_refused). What is unposted goes on as a whole, when nothing of
-- the amount is in question and what came back is booked: so no word that comes later can make it paid twice.
CREATE FUNCTION bank_says_of(
  p_rail text, p_writer text, p_source text, p_id text, p_credit bigint, p_attempt integer, p_says text, p_minor bigint,
  p_credited bigint, p_reason text, p_code text, p_booked boolean, p_pause integer, p_longest integer, p_times integer,
  OUT o_verdict text, OUT o_posted bigint, OUT o_currency text, OUT o_wrote text, OUT o_recorded timestamptz)
  LANGUAGE plpgsql AS $$
DECLARE
  v_try      record;            -- the attempt
  v_all      bigint;            -- its amount
  v_batch    credit_batch;
  v_last     credit_exception;  -- the last row of the attempt
  v_row      boolean;           -- whether there is one
  v_first    boolean := false;  -- whether it is the only one
  v_alone    boolean := false;  -- whether it is the only one that speaks of money
  v_now      text;              -- how the attempt stands
  v_open     bigint;            -- unposted of it when this is written
  v_had      bigint;
  v_back     bigint := 0;
  v_refused  boolean := false;
  v_said     bigint;            -- what the word is of
  v_credited bigint;            -- v_had, v_back and v_refused as they are with the word
  v_returned bigint;
  v_rest     boolean;
  v_back_at  timestamptz;       -- when the money was back
  v_left     bigint;            -- unposted with the word
  v_break    text;              -- the kind of break that it opens; NULL: none
  v_kind     text;              -- of the row to be written; NULL: none
BEGIN
  o_posted := 0;
  SELECT * INTO v_try FROM attempt_of(p_credit, p_attempt);
  IF NOT FOUND THEN
    o_verdict := 'UNKNOWN';
    RETURN;
  END IF;
  v_all := v_try.amount_minor;
  o_currency := v_try.currency;
  SELECT * INTO v_batch FROM credit_batch b WHERE b.batch_id = v_try.batch_id;
  o_recorded := v_batch.recorded_at;
  IF v_batch.rail IS DISTINCT FROM p_rail THEN
    o_verdict := 'UNKNOWN';
    RETURN;
  END IF;
  SELECT * INTO v_last FROM credit_exception e
  WHERE e.credit_id = p_credit AND e.attempt = p_attempt ORDER BY e.exception_no DESC LIMIT 1 FOR UPDATE;
  v_row := FOUND;

  v_now := CASE
    WHEN v_batch.state IN ('RECORDED', 'UNROUTED') OR v_row AND v_last.kind IN ('HELD', 'REROUTED') THEN 'UNSENT'
    WHEN v_row AND v_last.closed_as = 'WENT_ON' THEN 'GONE'
    WHEN v_row AND v_last.closed_as = 'POSTED' OR NOT v_row AND v_batch.state = 'POSTED' THEN 'POSTED'
    WHEN v_row THEN v_last.kind
    ELSE 'WAITING' END;
  v_open := CASE WHEN v_now = 'POSTED' THEN 0 WHEN v_row THEN v_last.amount_minor ELSE v_all END;
  IF v_row AND v_now <> 'POSTED' THEN
    v_back := v_last.returned_minor;
    v_refused := v_last.kind = 'REJECTED' OR v_last.rest_refused;
    v_back_at := v_last.money_back_at;
    SELECT count(*) = 0, count(*) FILTER (WHERE e.kind NOT IN ('DOUBT', 'PENDING') OR e.closed_as = 'POSTED') = 0
    INTO v_first, v_alone FROM credit_exception e
    WHERE e.credit_id = p_credit AND e.attempt = p_attempt AND e.exception_no < v_last.exception_no;
  END IF;
  v_had := v_all - v_open + v_back;
  v_credited := v_had;
  v_returned := v_back;
  v_rest := v_refused;
  v_said := coalesce(p_minor, CASE WHEN p_says = 'RETURNED' AND v_had > 0 THEN v_had ELSE v_all END);
  o_verdict := 'KNOWN';

  IF v_now = 'UNSENT' THEN
    v_break := 'UNKNOWN_TRANSFER';
  ELSIF v_said NOT BETWEEN 1 AND v_all THEN
    v_break := 'AMOUNT_DIFFERENT';
  ELSIF p_says = 'CREDITED' THEN
    v_credited := CASE
      -- A part, after the whole was said in the answer itself: the later word is the more careful one.
      WHEN v_now = 'POSTED' AND NOT v_row OR v_back > 0 AND v_first AND v_had = v_all AND v_batch.state = 'POSTED'
        THEN credited_in_all(v_all, v_said, v_back)
      WHEN v_alone THEN greatest(v_had, credited_in_all(v_all, v_said, v_back))
      ELSE greatest(v_had, v_said) END;
    IF v_credited > v_had AND (v_refused OR v_now = 'GONE') THEN
      v_break := 'LATE_SUCCESS';
    ELSIF v_credited < v_had AND v_now = 'GONE' THEN
      v_break := 'AMOUNT_DIFFERENT';
    END IF;
    IF v_credited <> v_had AND v_now <> 'GONE' THEN
      o_verdict := 'APPLIED';
      v_rest := false;
    END IF;
  ELSIF p_says = 'PENDING' THEN
    IF v_now IN ('WAITING', 'DOUBT') OR v_now = 'PENDING' AND v_last.reason <> p_reason THEN
      o_verdict := 'APPLIED';
      v_kind := 'PENDING';
    END IF;
  ELSIF p_says = 'REJECTED' THEN
    IF v_now IN ('WAITING', 'PENDING', 'DOUBT')
       OR p_source = 'PERSON' AND v_now IN ('PARTIAL', 'RETURNED') AND v_had < v_all AND NOT v_refused THEN
      o_verdict := 'APPLIED';
      v_rest := v_now = 'RETURNED';
      v_kind := CASE WHEN v_now = 'RETURNED' THEN 'RETURNED' ELSE 'REJECTED' END;
    ELSIF NOT v_refused AND NOT (p_source = 'PERSON' AND v_had = v_all) THEN
      v_break := 'CONTRADICTION';
    END IF;
  ELSIF p_says = 'RETURNED' THEN
    IF v_now = 'REJECTED' AND v_said > v_had OR v_now = 'GONE' AND v_back = 0 THEN
      v_break := 'CONTRADICTION';
    ELSIF v_back > 0 AND v_said <> v_back
          AND NOT (p_source = 'PERSON' AND v_now <> 'GONE' AND (v_said > v_back OR v_back_at IS NULL)
                   AND NOT (v_refused AND v_said > v_had)) THEN
      -- A return of its own or the whole of both: only a person knows, and says what came back in all.
      v_break := 'AMOUNT_DIFFERENT';
    ELSIF v_now <> 'GONE' THEN
      v_returned := v_said;
      v_rest := v_refused;
      IF NOT v_refused THEN
        -- What a return says of the rest, it says once: repeated, it is not of what was credited since, unless the bank
        -- says both in one breath.
        v_credited := greatest(v_had, CASE
          WHEN v_said <> v_back OR v_alone THEN credited_in_all(v_all, greatest(v_had, coalesce(p_credited, 0)), v_said)
          WHEN p_credited IS NOT NULL THEN credited_in_all(v_all, p_credited, v_said) END);
      END IF;
      IF v_returned <> v_back OR v_credited <> v_had OR p_booked AND v_back_at IS NULL THEN
        o_verdict := 'APPLIED';
      END IF;
      v_back_at := CASE WHEN p_booked THEN coalesce(v_back_at, clock_timestamp()) ELSE v_back_at END;
    END IF;
  ELSIF v_now IN ('PENDING', 'DOUBT') THEN
    o_verdict := 'APPLIED';
    v_kind := CASE WHEN v_now = 'DOUBT' AND v_last.reason <> p_reason THEN 'DOUBT' END;
  END IF;
  v_left := v_all - v_credited + v_returned;

  IF v_break IS NOT NULL THEN
    PERFORM open_break(p_rail, v_break, p_id, p_credit, p_attempt,
      CASE WHEN v_break = 'LATE_SUCCESS' THEN v_credited - v_had ELSE coalesce(p_minor, v_all) END, v_try.currency,
      'the bank says ' || p_says || coalesce(' ' || p_code, '') || ', the attempt is ' || v_now
        || coalesce(' after ' || v_last.kind, ''), 'OPERATIONS', p_source);
    IF o_verdict <> 'APPLIED' THEN
      o_verdict := 'BREAK';
      -- Of what is open the bank is asked on, ever less often.
      IF v_row AND v_last.closed_at IS NULL AND NOT v_last.movable THEN
        UPDATE credit_exception SET tries = tries + 1, next_at = clock_timestamp() + ask_again_in(p_pause, p_longest, tries)
        WHERE credit_id = p_credit AND exception_no = v_last.exception_no;
      END IF;
      RETURN;
    END IF;
  END IF;

  IF o_verdict = 'APPLIED' AND p_says IN ('CREDITED', 'RETURNED') THEN
    v_kind := CASE
      WHEN v_returned = v_back AND v_credited = v_had THEN NULL -- only that the money is back
      WHEN v_returned > 0 THEN 'RETURNED'
      WHEN v_left > 0 THEN 'PARTIAL'
      WHEN v_now = 'WAITING' THEN 'CONFIRMED'
      ELSE 'POSTED' END;
  END IF;
  IF v_break IS NOT NULL THEN
    o_verdict := 'BREAK';
  END IF;
  o_wrote := v_kind;

  IF v_kind IS NULL THEN
    IF p_says = 'RETURNED' AND o_verdict = 'APPLIED' THEN
      UPDATE credit_exception SET money_back_at = v_back_at, movable = v_credited = v_all OR v_rest, decided_version = v_try.version,
        next_at = CASE WHEN v_credited = v_all OR v_rest THEN try_again_at(p_credit, p_reason, p_pause, p_longest, p_times)
                       ELSE clock_timestamp() + ask_again_in(p_pause, p_longest, 0) END
      WHERE credit_id = p_credit AND exception_no = v_last.exception_no;
    ELSIF v_row AND v_last.closed_at IS NULL AND NOT v_last.movable THEN
      UPDATE credit_exception SET tries = tries + 1, next_at = clock_timestamp() + ask_again_in(p_pause, p_longest, tries)
      WHERE credit_id = p_credit AND exception_no = v_last.exception_no;
    END IF;
    RETURN;
  END IF;

  -- What follows closes the row that is open.
  IF v_row AND v_last.closed_at IS NULL THEN
    UPDATE credit_exception SET closed_at = clock_timestamp(), closed_as = CASE WHEN v_kind = 'POSTED' THEN 'POSTED' ELSE 'FOLLOWED' END
    WHERE credit_id = p_credit AND exception_no = v_last.exception_no;
  END IF;
  o_posted := v_open - v_left;
  IF v_kind <> 'POSTED' THEN
    INSERT INTO credit_exception (credit_id, exception_no, attempt, batch_id, kind, reason, bank_code, merchant_id,
                                  amount_minor, currency, returned_minor, rest_refused, decided_version, movable, next_at,
                                  money_back_at, closed_at, closed_as)
    SELECT p_credit, next_exception_no(p_credit), p_attempt, v_try.batch_id, v_kind,
           -- Why it came back is not what is said of the rest.
           CASE WHEN v_kind = 'RETURNED' AND p_says <> 'RETURNED' THEN v_last.reason ELSE p_reason END,
           CASE WHEN v_kind = 'RETURNED' AND p_says <> 'RETURNED' THEN v_last.bank_code ELSE p_code END, v_try.merchant_id,
           CASE WHEN v_kind = 'CONFIRMED' THEN v_all ELSE v_left END, v_try.currency, v_returned,
           v_rest AND v_kind = 'RETURNED', v_try.version, m.movable,
           CASE WHEN v_kind = 'CONFIRMED' THEN NULL
                WHEN m.movable THEN try_again_at(p_credit, p_reason, p_pause, p_longest, p_times)
                ELSE coalesce(try_again_at(p_credit, p_reason, p_pause, p_longest, p_times),
                              clock_timestamp() + ask_again_in(p_pause, p_longest, 0)) END,
           v_back_at,
           CASE WHEN v_kind = 'CONFIRMED' THEN clock_timestamp() END, CASE WHEN v_kind = 'CONFIRMED' THEN 'POSTED' END
    FROM (SELECT v_kind = 'REJECTED'
                 OR v_kind = 'RETURNED' AND v_back_at IS NOT NULL AND (v_credited = v_all OR v_rest) AS movable) m;
  END IF;
  IF NOT v_row THEN
    UPDATE credit_batch b SET departed_credits = departed_credits + 1, departed_minor = departed_minor + v_all
    WHERE b.batch_id = v_try.batch_id;
  END IF;
  IF o_posted <> 0 THEN
    PERFORM add_posted(p_writer, v_try.currency, (v_left = 0)::integer - (v_open = 0)::integer, o_posted);
  END IF;
END $$;

-- Takes up to p_limit open departures that banks are to be asked about, for p_lease: of rails in p_rails, the longest due
-- first. What is taken is asked about by the caller, and by nobody else until the lease is over.
CREATE FUNCTION enquiries_due(p_rails text[], p_limit integer, p_lease interval)
  RETURNS TABLE (rail text, credit_id bigint, exception_no integer, attempt integer, kind text, reason text, batch_id bigint,
                 one_per_account boolean, account_id bigint, version integer, claimed_at timestamptz, opened_at timestamptz,
                 tries integer)
  LANGUAGE sql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
  WITH due AS (
    SELECT e.credit_id, e.exception_no FROM credit_exception e JOIN credit_batch b USING (batch_id)
    WHERE e.closed_at IS NULL AND NOT e.movable AND e.next_at IS NOT NULL AND e.next_at <= now() AND b.rail = ANY (p_rails)
    ORDER BY e.next_at LIMIT p_limit FOR UPDATE OF e SKIP LOCKED
  ), taken AS (
    UPDATE credit_exception e SET next_at = now() + p_lease FROM due d
    WHERE e.credit_id = d.credit_id AND e.exception_no = d.exception_no
    RETURNING e.*)
  SELECT b.rail, t.credit_id, t.exception_no, t.attempt, t.kind, t.reason, t.batch_id, b.one_per_account,
         CASE WHEN t.attempt = 1 THEN (SELECT c.account_id FROM credit c WHERE c.credit_id = t.credit_id)
              ELSE (SELECT p.to_account FROM credit_exception p
                    WHERE p.credit_id = t.credit_id AND p.attempt = t.attempt - 1 AND p.to_batch IS NOT NULL) END,
         t.decided_version, b.claimed_at, t.opened_at, t.tries
  FROM taken t JOIN credit_batch b USING (batch_id)
$$;

-- How long a rail takes from its acceptance to the credit: what it promises until enough was seen of it, then what 99 of
-- 100 took. Learned by every node from the same rows.
CREATE TABLE rail_normal_time (
  rail       text PRIMARY KEY,
  normal     interval NOT NULL,
  samples    integer NOT NULL,
  learned_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX credit_exception_credited ON credit_exception (closed_at) WHERE kind = 'PENDING' AND closed_as = 'POSTED';

-- Learns it anew from the last p_samples credits; p_promised until there are p_least.
CREATE FUNCTION learn_normal_time(p_rail text, p_promised interval, p_least integer, p_samples integer)
  RETURNS void LANGUAGE sql AS $$
  INSERT INTO rail_normal_time (rail, normal, samples)
  SELECT p_rail, CASE WHEN count(*) >= p_least
                      THEN make_interval(secs => percentile_cont(0.99) WITHIN GROUP (ORDER BY took)) ELSE p_promised END, count(*)
  FROM (SELECT extract(epoch FROM e.closed_at - e.opened_at)::double precision AS took
        FROM credit_exception e JOIN credit_batch b USING (batch_id)
        WHERE e.kind = 'PENDING' AND e.closed_as = 'POSTED' AND b.rail = p_rail
        ORDER BY e.closed_at DESC LIMIT p_samples) seen
  ON CONFLICT (rail) DO UPDATE SET normal = excluded.normal, samples = excluded.samples, learned_at = excluded.learned_at
$$;

-- What a rail took and has not credited within its normal time.
CREATE VIEW overdue AS
SELECT b.rail, count(*) AS credits, min(e.opened_at) AS oldest
FROM credit_exception e JOIN credit_batch b USING (batch_id) JOIN rail_normal_time n ON n.rail = b.rail
WHERE e.closed_at IS NULL AND e.kind = 'PENDING' AND e.opened_at < clock_timestamp() - n.normal
GROUP BY b.rail;
CREATE INDEX credit_exception_pending ON credit_exception (opened_at) WHERE closed_at IS NULL AND kind = 'PENDING';

-- What a bank told by notification, once for each of the bank's ids. Written once, never updated. It has no account
-- number: of a changed account it says which application was opened.
CREATE TABLE rail_notification (
  rail            text NOT NULL,
  notification_id text NOT NULL,
  body_sha256     bytea NOT NULL,
  received_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  type            text NOT NULL CHECK (type IN ('posted', 'rejected', 'returned', 'partial', 'account-changed')),
  end_to_end_id   text NOT NULL,
  occurred_at     timestamptz NOT NULL,
  amount_minor    bigint,
  currency        text,
  code            text,
  booked          boolean NOT NULL,
  change_id       bigint REFERENCES card_change,
  verdict         text NOT NULL -- of bank_says; of an aggregated transfer the gravest of its credits
    CHECK (verdict IN ('APPLIED', 'KNOWN', 'BREAK', 'UNKNOWN')),
  PRIMARY KEY (rail, notification_id),
  CHECK ((type = 'account-changed') = (amount_minor IS NULL) AND (amount_minor IS NULL) = (currency IS NULL)),
  CHECK (change_id IS NULL OR type = 'account-changed')
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON rail_notification
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- Whether a notification was here before: REPLAYED with this body, CONFLICT with another (a break is open); NULL: no, and
-- whoever sends the same at the same time waits until this transaction is over.
CREATE FUNCTION notification_seen(p_rail text, p_id text, p_sha256 bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_seen rail_notification;
BEGIN
  -- What is looked up for the notification is there until it is written (V20).
  PERFORM pg_advisory_xact_lock_shared(7006, 0);
  PERFORM pg_advisory_xact_lock(7004, hashtext(p_rail || '/' || p_id));
  SELECT * INTO v_seen FROM rail_notification n WHERE n.rail = p_rail AND n.notification_id = p_id;
  IF NOT FOUND THEN
    RETURN NULL;
  ELSIF v_seen.body_sha256 = p_sha256 THEN
    RETURN 'REPLAYED';
  END IF;
  -- XXX is ISO 4217's word for no currency.
  PERFORM open_break(p_rail, 'CONTRADICTION', v_seen.end_to_end_id, NULL, NULL, coalesce(v_seen.amount_minor, 0),
    coalesce(v_seen.currency, 'XXX'), 'the notification ' || p_id || ' came again with another body', 'OPERATIONS',
    'NOTIFICATION');
  RETURN 'CONFLICT';
END $$;

-- Keeps a notification about money and writes its words, one for each credit that the transfer carried, as bank_says has
-- them. Returns the rows of bank_says and, as place 0, what became of the whole: the gravest verdict, REPLAYED or CONFLICT.
CREATE FUNCTION take_notification(
  p_rail text, p_id text, p_sha256 bytea, p_type text, p_end_to_end_id text, p_occurred_at timestamptz, p_amount bigint,
  p_currency text, p_code text, p_is_booked boolean, p_writer text, p_ids text[], p_credits bigint[], p_attempts integer[],
  p_says text[], p_minor bigint[], p_credited bigint[], p_reasons text[], p_codes text[], p_booked boolean[],
  p_pauses integer[], p_longest integer[], p_times integer[])
  RETURNS TABLE (place integer, verdict text, posted_minor bigint, currency text, wrote text, recorded_at timestamptz)
  LANGUAGE plpgsql AS $$
DECLARE
  v_whole record;  -- of the transfer: what it carried
  v_as    text;    -- the kind of break of a notification that says what cannot be
  v_all   text;
BEGIN
  v_all := notification_seen(p_rail, p_id, p_sha256);
  IF v_all IS NULL THEN
    SELECT sum(a.amount_minor) AS minor, min(a.currency) AS currency, CASE WHEN count(*) > 0 THEN p_credits[1] END AS credit,
           CASE WHEN count(*) > 0 THEN p_attempts[1] END AS attempt
    INTO v_whole
    FROM unnest(p_credits, p_attempts) AS u(credit, no)
    CROSS JOIN LATERAL attempt_of(u.credit, u.no) a JOIN credit_batch b ON b.batch_id = a.batch_id AND b.rail = p_rail;
    v_as := CASE
      WHEN v_whole.minor IS NULL THEN 'UNKNOWN_TRANSFER'
      WHEN p_currency <> v_whole.currency OR p_amount > v_whole.minor
           OR p_type = 'rejected' AND p_amount <> v_whole.minor THEN 'AMOUNT_DIFFERENT' END;
    IF v_as IS NULL THEN
      v_all := 'KNOWN';
      -- Of a part that comes back of several credits, which were not all credited, nobody can say whose it is.
      IF p_type = 'returned' AND p_amount < v_whole.minor AND cardinality(p_credits) > 1 AND EXISTS (
          SELECT FROM unnest(p_credits, p_attempts) AS u(credit, no)
          JOIN credit_exception e ON e.credit_id = u.credit AND e.attempt = u.no
          WHERE e.closed_at IS NULL AND e.kind IN ('PARTIAL', 'PENDING', 'DOUBT')) THEN
        v_as := 'AMOUNT_DIFFERENT';
      END IF;
      FOR place, verdict, posted_minor, currency, wrote, recorded_at IN
        SELECT s.* FROM bank_says(p_rail, p_writer, 'NOTIFICATION', p_ids, p_credits, p_attempts, p_says, p_minor, p_credited,
                                  p_reasons, p_codes, p_booked, p_pauses, p_longest, p_times) s LOOP
        v_all := CASE WHEN 'BREAK' IN (v_all, verdict) THEN 'BREAK' WHEN 'APPLIED' IN (v_all, verdict) THEN 'APPLIED'
                      ELSE 'KNOWN' END;
        RETURN NEXT;
      END LOOP;
      -- A part of a transfer of several credits says nothing sure of the last ones; but our books took them for credited.
      IF EXISTS (
          SELECT FROM unnest(p_credits, p_attempts, p_says) AS u(credit, no, says)
          CROSS JOIN LATERAL attempt_of(u.credit, u.no) a JOIN credit_batch b USING (batch_id)
          WHERE u.says = 'UNCLEAR' AND p_type = 'partial' AND b.state = 'POSTED'
            AND NOT EXISTS (SELECT FROM credit_exception e WHERE e.credit_id = u.credit AND e.attempt = u.no)) THEN
        v_as := 'AMOUNT_DIFFERENT';
      END IF;
    END IF;
    IF v_as IS NOT NULL THEN
      v_all := CASE v_as WHEN 'UNKNOWN_TRANSFER' THEN 'UNKNOWN' ELSE 'BREAK' END;
      PERFORM open_break(p_rail, v_as, p_end_to_end_id, v_whole.credit, v_whole.attempt, p_amount, p_currency,
        'the bank says ' || p_type || coalesce(' ' || p_code, '')
          || coalesce(', the transfer carried ' || v_whole.minor || ' ' || v_whole.currency, ', there is no such transfer'),
        'OPERATIONS', 'NOTIFICATION');
    END IF;
    INSERT INTO rail_notification (rail, notification_id, body_sha256, type, end_to_end_id, occurred_at, amount_minor,
                                   currency, code, booked, verdict)
    VALUES (p_rail, p_id, p_sha256, p_type, p_end_to_end_id, p_occurred_at, p_amount, p_currency, p_code, p_is_booked, v_all);
  END IF;
  place := 0;
  verdict := v_all;
  posted_minor := 0;
  currency := p_currency;
  wrote := NULL;
  recorded_at := NULL;
  RETURN NEXT;
END $$;

-- The account that a transfer's credits went to, and the scope that it is, or was, in effect for: a terminal of these
-- credits that is bound for itself, else the merchant's default (''). No row when the rail has no such transfer.
CREATE FUNCTION account_of_transfer(p_rail text, p_credits bigint[], p_attempts integer[])
  RETURNS TABLE (credit_id bigint, attempt integer, merchant_id text, terminal_id text, in_effect boolean, bank text, type text,
                 branch text)
  LANGUAGE sql STABLE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
  SELECT u.credit, u.no, c.merchant_id, coalesce(n.terminal_id, ''), coalesce(n.account_id = a.account_id, false), a.bank,
         a.type, (SELECT h.branch FROM card_change h WHERE h.account_id = a.account_id ORDER BY h.change_id DESC LIMIT 1)
  FROM unnest(p_credits, p_attempts) AS u(credit, no)
  JOIN credit c ON c.credit_id = u.credit
  CROSS JOIN LATERAL attempt_of(u.credit, u.no) t
  JOIN credit_batch b ON b.batch_id = t.batch_id AND b.rail = p_rail
  JOIN account a ON a.account_id = t.account_id
  LEFT JOIN LATERAL (
    SELECT x.terminal_id, x.account_id FROM binding x
    WHERE x.merchant_id = c.merchant_id AND x.terminal_id IN ('', c.terminal_id) AND upper_inf(x.effective)
    ORDER BY x.terminal_id DESC LIMIT 1) n ON true
  ORDER BY (n.account_id = a.account_id) IS NOT TRUE, u.credit LIMIT 1
$$;

-- Keeps a notification that an account has changed: with the application that it opened (APPLIED), as nothing new (KNOWN),
-- refused for p_why (BREAK), or about a transfer that there never was (UNKNOWN). notification_seen comes first.
CREATE FUNCTION keep_account_notice(
  p_rail text, p_id text, p_sha256 bytea, p_end_to_end_id text, p_occurred_at timestamptz, p_verdict text, p_change bigint,
  p_credit bigint, p_attempt integer, p_why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF p_verdict IN ('BREAK', 'UNKNOWN') THEN
    PERFORM open_break(p_rail, CASE p_verdict WHEN 'BREAK' THEN 'ACCOUNT_CHANGE' ELSE 'UNKNOWN_TRANSFER' END,
      p_end_to_end_id, p_credit, p_attempt, coalesce(a.amount_minor, 0), coalesce(a.currency, 'XXX'),
      'the bank says account-changed, ' || p_why, 'OPERATIONS', 'NOTIFICATION')
    FROM (SELECT) one LEFT JOIN attempt_of(p_credit, p_attempt) a ON true;
  END IF;
  INSERT INTO rail_notification (rail, notification_id, body_sha256, type, end_to_end_id, occurred_at, booked, change_id, verdict)
  VALUES (p_rail, p_id, p_sha256, 'account-changed', p_end_to_end_id, p_occurred_at, true, p_change, p_verdict);
END $$;
