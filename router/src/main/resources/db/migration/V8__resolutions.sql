-- What a person found out from a bank otherwise than by its messages, a letter or a call perhaps, of a transfer whose end
-- nobody knows. An operator proposes it with the evidence; when a checker, somebody else, approves it, it is written as if
-- the bank had said it. At most one is undecided for a transfer.
CREATE TABLE resolution (
  resolution_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rail          text NOT NULL,
  end_to_end_id text NOT NULL,
  says          text NOT NULL CHECK (says IN ('CREDITED', 'NOT_CREDITED', 'RETURNED')),
  amount_minor  bigint NOT NULL CHECK (amount_minor > 0), -- credited or come back; of NOT_CREDITED the whole
  currency      text NOT NULL,
  evidence      text NOT NULL,
  proposed_by   text NOT NULL,
  proposed_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  state         text NOT NULL DEFAULT 'PROPOSED' CHECK (state IN ('PROPOSED', 'APPROVED', 'REJECTED')),
  decided_by    text CHECK (decided_by <> proposed_by),
  decided_at    timestamptz,
  verdict       text CHECK (verdict IN ('APPLIED', 'KNOWN', 'BREAK')), -- of bank_says; the gravest of the transfer's credits
  CHECK ((state = 'PROPOSED') = (decided_by IS NULL) AND (state = 'PROPOSED') = (decided_at IS NULL)
         AND (state = 'APPROVED') = (verdict IS NOT NULL))
);
CREATE UNIQUE INDEX resolution_undecided ON resolution (rail, end_to_end_id) WHERE state = 'PROPOSED';

-- Proposes one for a transfer that carried these attempts. Returns DONE or REPLAYED (the same is proposed by the same
-- person) with its id; UNKNOWN: the rail has no such transfer; ENDED: how each of its credits stands is known; BEING_SENT:
-- a node still asks, and may send it again under the same id; TOO_EARLY: what was not credited is younger than p_window,
-- and a request that is on its way may still arrive; OPEN: another is undecided.
CREATE FUNCTION propose_resolution(
  p_rail text, p_end_to_end_id text, p_says text, p_minor bigint, p_evidence text, p_by text, p_credits bigint[],
  p_attempts integer[], p_window interval, OUT o_outcome text, OUT o_id bigint) LANGUAGE plpgsql AS $$
DECLARE
  v_open  resolution;
  v_whole record;
BEGIN
  PERFORM pg_advisory_xact_lock(7005, hashtext(p_rail || '/' || p_end_to_end_id));
  SELECT * INTO v_open FROM resolution r
  WHERE r.rail = p_rail AND r.end_to_end_id = p_end_to_end_id AND r.state = 'PROPOSED';
  IF FOUND THEN
    o_outcome := CASE WHEN v_open.proposed_by = p_by AND v_open.says = p_says AND v_open.evidence = p_evidence
                           AND v_open.amount_minor = p_minor THEN 'REPLAYED' ELSE 'OPEN' END;
    o_id := v_open.resolution_id;
    RETURN;
  END IF;
  SELECT min(a.currency) AS currency,
         bool_or(e.credit_id IS NULL AND b.state <> 'POSTED') AS being_sent,
         bool_or(e.closed_at IS NULL AND (NOT e.movable OR p_says = 'RETURNED' AND e.kind = 'RETURNED')) AS in_question,
         bool_or(greatest(b.claimed_at, e.opened_at) > clock_timestamp() - p_window) AS young
  INTO v_whole
  FROM unnest(p_credits, p_attempts) AS u(credit, no)
  CROSS JOIN LATERAL attempt_of(u.credit, u.no) a JOIN credit_batch b ON b.batch_id = a.batch_id AND b.rail = p_rail
  LEFT JOIN LATERAL (
    SELECT * FROM credit_exception x WHERE x.credit_id = u.credit AND x.attempt = u.no
    ORDER BY x.exception_no DESC LIMIT 1) e ON true;
  IF v_whole.currency IS NULL THEN
    o_outcome := 'UNKNOWN';
  ELSIF v_whole.being_sent THEN
    o_outcome := 'BEING_SENT';
  ELSIF v_whole.in_question IS NOT TRUE THEN
    o_outcome := 'ENDED';
  ELSIF p_says = 'NOT_CREDITED' AND v_whole.young THEN
    o_outcome := 'TOO_EARLY';
  ELSE
    INSERT INTO resolution (rail, end_to_end_id, says, amount_minor, currency, evidence, proposed_by)
    VALUES (p_rail, p_end_to_end_id, p_says, p_minor, v_whole.currency, p_evidence, p_by)
    RETURNING resolution_id INTO o_id;
    o_outcome := 'DONE';
  END IF;
END $$;

-- Approves one and writes its words, one for each credit that the transfer carried, as bank_says has them. Returns the rows
-- of bank_says and, as place 0, DONE or REPLAYED (the same person has approved it before), OWN: it is the caller's own
-- proposal; UNKNOWN: there is none; or the state in which it was decided otherwise. Nothing is written but with DONE.
CREATE FUNCTION approve_resolution(
  p_id bigint, p_by text, p_rail text, p_writer text, p_ids text[], p_credits bigint[], p_attempts integer[], p_says text[],
  p_minor bigint[], p_credited bigint[], p_reasons text[], p_codes text[], p_booked boolean[], p_pauses integer[],
  p_longest integer[], p_times integer[])
  RETURNS TABLE (place integer, verdict text, posted_minor bigint, currency text, wrote text, recorded_at timestamptz)
  LANGUAGE plpgsql AS $$
DECLARE
  v_this    resolution;
  v_outcome text;
  v_all     text := 'KNOWN';
BEGIN
  SELECT * INTO v_this FROM resolution r WHERE r.resolution_id = p_id FOR UPDATE;
  v_outcome := resolution_outcome(v_this, 'APPROVED', p_by);
  IF v_outcome = 'DONE' THEN
    FOR place, verdict, posted_minor, currency, wrote, recorded_at IN
      SELECT s.* FROM bank_says(p_rail, p_writer, 'PERSON', p_ids, p_credits, p_attempts, p_says, p_minor, p_credited, p_reasons,
                                p_codes, p_booked, p_pauses, p_longest, p_times) s LOOP
      v_all := CASE WHEN 'BREAK' IN (v_all, verdict) THEN 'BREAK' WHEN 'APPLIED' IN (v_all, verdict) THEN 'APPLIED'
                    ELSE 'KNOWN' END;
      RETURN NEXT;
    END LOOP;
    UPDATE resolution r SET state = 'APPROVED', decided_by = p_by, decided_at = clock_timestamp(), verdict = v_all
    WHERE r.resolution_id = p_id;
  END IF;
  place := 0;
  verdict := v_outcome;
  posted_minor := 0;
  currency := NULL;
  wrote := NULL;
  recorded_at := NULL;
  RETURN NEXT;
END $$;

-- What becomes of a decision: DONE, or why it is none, as approve_resolution says.
CREATE FUNCTION resolution_outcome(p_this resolution, p_to text, p_by text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN p_this.resolution_id IS NULL THEN 'UNKNOWN'
    WHEN p_this.proposed_by = p_by THEN 'OWN'
    WHEN p_this.state = 'PROPOSED' THEN 'DONE'
    WHEN p_this.state = p_to AND p_this.decided_by = p_by THEN 'REPLAYED'
    ELSE p_this.state END
$$;

-- Rejects one: nothing is written of the transfer. Returns as approve_resolution does.
CREATE FUNCTION reject_resolution(p_id bigint, p_by text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_this    resolution;
  v_outcome text;
BEGIN
  SELECT * INTO v_this FROM resolution r WHERE r.resolution_id = p_id FOR UPDATE;
  v_outcome := resolution_outcome(v_this, 'REJECTED', p_by);
  IF v_outcome = 'DONE' THEN
    UPDATE resolution r SET state = 'REJECTED', decided_by = p_by, decided_at = clock_timestamp() WHERE r.resolution_id = p_id;
  END IF;
  RETURN v_outcome;
END $$;
