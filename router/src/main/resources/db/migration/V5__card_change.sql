-- Changing a settlement account: the application, its life cycle, and what it does to the binding. The rows of
-- card_change_move are the life cycle, the same as `LifeCycle` in the code; triggers let a state move by them alone and
-- write each move into card_change_step, so that neither can be passed by.

CREATE SEQUENCE card_change_ids START 1000001;

CREATE TABLE card_change_move (
  from_state text NOT NULL, -- START: there was nothing before
  to_state   text NOT NULL,
  mover      text NOT NULL CHECK (mover IN ('MAKER', 'CHECKER', 'ROUTER')),
  PRIMARY KEY (from_state, to_state, mover)
);
INSERT INTO card_change_move VALUES
  ('START',     'SUBMITTED',           'MAKER'),
  ('SUBMITTED', 'VERIFYING',           'ROUTER'),
  ('VERIFYING', 'VERIFIED',            'ROUTER'),
  ('VERIFYING', 'FAILED_VERIFICATION', 'ROUTER'),
  ('VERIFIED',  'APPROVED',            'CHECKER'),
  ('VERIFIED',  'APPROVED',            'ROUTER'),
  ('APPROVED',  'SCHEDULED',           'ROUTER'),
  ('APPROVED',  'EFFECTIVE',           'ROUTER'),
  ('SCHEDULED', 'EFFECTIVE',           'ROUTER'),
  ('EFFECTIVE', 'SUPERSEDED',          'ROUTER'),
  ('SUBMITTED', 'REJECTED',            'CHECKER'),
  ('VERIFYING', 'REJECTED',            'CHECKER'),
  ('VERIFIED',  'REJECTED',            'CHECKER'),
  ('SCHEDULED', 'REJECTED',            'CHECKER'),
  ('SUBMITTED', 'WITHDRAWN',           'MAKER'),
  ('VERIFYING', 'WITHDRAWN',           'MAKER'),
  ('VERIFIED',  'WITHDRAWN',           'MAKER'),
  ('SCHEDULED', 'WITHDRAWN',           'MAKER'),
  ('SUBMITTED', 'EXPIRED',             'ROUTER'),
  ('VERIFYING', 'EXPIRED',             'ROUTER'),
  ('VERIFIED',  'EXPIRED',             'ROUTER');

CREATE TABLE card_change (
  change_id      bigint PRIMARY KEY,
  merchant_id    text NOT NULL REFERENCES merchant,
  terminal_id    text NOT NULL DEFAULT '', -- '': the merchant's default; another value binds that terminal alone
  account_id     bigint NOT NULL,          -- the account that is applied for
  branch         text,
  old_account_id bigint,                   -- what was in effect for that scope when it was applied for
  reason         text NOT NULL CHECK (reason IN ('NEW_CARD', 'LOST_CARD', 'STOLEN_CARD', 'CARD_EXPIRED', 'ACCOUNT_CLOSED',
                                                 'BANK_CHANGED', 'OWNER_CHANGED', 'OTHER')),
  effective_from timestamptz,              -- NULL: as soon as it is approved
  maker          text NOT NULL,
  checker        text,                     -- who approved or rejected it last; 'router': approved by rule
  state          text NOT NULL DEFAULT 'SUBMITTED',
  open           boolean NOT NULL GENERATED ALWAYS AS
                   (state IN ('SUBMITTED', 'VERIFYING', 'VERIFIED', 'APPROVED', 'SCHEDULED')) STORED,
  -- The move that led to `state`; the trigger copies it into card_change_step.
  steps          integer NOT NULL DEFAULT 1,
  moved_as       text NOT NULL DEFAULT 'MAKER',
  moved_by       text NOT NULL,
  moved_why      text NOT NULL DEFAULT '',
  -- Verification: `attempts` counts the leases; an answer counts only under the lease that it was asked by.
  attempts           integer NOT NULL DEFAULT 0,
  verify_at          timestamptz NOT NULL DEFAULT clock_timestamp(), -- the lease's end, or the next try
  last_error         text,
  name_match         text CHECK (name_match IN ('MATCH', 'CLOSE', 'NO_MATCH', 'NOT_CHECKED')),
  test_credit        text CHECK (test_credit IN ('ACCC', 'RJCT')),
  test_credit_id     text,
  test_credit_reason text,
  submitted_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at     timestamptz NOT NULL,
  faults         integer NOT NULL DEFAULT 0, -- how often it could not be put into force at its time
  retry_at       timestamptz,                -- after a fault: when it is tried again
  effective_at   timestamptz,
  version        integer,                  -- the merchant's route version that it made
  FOREIGN KEY (merchant_id, account_id) REFERENCES account (merchant_id, account_id),
  FOREIGN KEY (merchant_id, old_account_id) REFERENCES account (merchant_id, account_id),
  FOREIGN KEY (merchant_id, version) REFERENCES route_change (merchant_id, version),
  CONSTRAINT maker_is_not_checker CHECK (checker <> maker),
  CONSTRAINT approved_only_when_verified CHECK (
    state NOT IN ('VERIFIED', 'APPROVED', 'SCHEDULED', 'EFFECTIVE', 'SUPERSEDED')
    OR (name_match IS NOT NULL AND name_match <> 'NO_MATCH' AND test_credit IS DISTINCT FROM 'RJCT')),
  CONSTRAINT failed_for_a_reason CHECK (
    state <> 'FAILED_VERIFICATION' OR name_match IS NOT DISTINCT FROM 'NO_MATCH' OR test_credit IS NOT DISTINCT FROM 'RJCT'),
  CONSTRAINT in_force_only_when_approved CHECK (
    state NOT IN ('APPROVED', 'SCHEDULED', 'EFFECTIVE', 'SUPERSEDED') OR checker IS NOT NULL),
  CONSTRAINT in_force_by_a_version CHECK (
    (state IN ('EFFECTIVE', 'SUPERSEDED')) = (version IS NOT NULL) AND (version IS NULL) = (effective_at IS NULL)),
  CONSTRAINT scheduled_for_a_time CHECK (state <> 'SCHEDULED' OR effective_from IS NOT NULL)
);
-- One open application for each merchant, however many nodes take one at once.
CREATE UNIQUE INDEX card_change_open ON card_change (merchant_id) WHERE open;
-- One change in force for each scope.
CREATE UNIQUE INDEX card_change_in_force ON card_change (merchant_id, terminal_id) WHERE state = 'EFFECTIVE';
CREATE INDEX card_change_state ON card_change (state, change_id);
CREATE INDEX card_change_merchant ON card_change (merchant_id, submitted_at);

CREATE TABLE card_change_document (
  change_id bigint NOT NULL REFERENCES card_change,
  place     integer NOT NULL,
  kind      text NOT NULL,
  ref       text NOT NULL CHECK (ref <> ''),
  PRIMARY KEY (change_id, place)
);

CREATE TABLE card_change_step (
  change_id  bigint NOT NULL REFERENCES card_change,
  step_no    integer NOT NULL,
  from_state text NOT NULL,
  to_state   text NOT NULL,
  moved_as   text NOT NULL,
  moved_by   text NOT NULL,
  detail     text NOT NULL,
  moved_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (change_id, step_no),
  FOREIGN KEY (from_state, to_state, moved_as) REFERENCES card_change_move
);

-- The binding that a change made; once. But for the first, nothing else makes one.
ALTER TABLE binding ADD COLUMN change_id bigint UNIQUE REFERENCES card_change;
ALTER TABLE binding ADD CONSTRAINT bound_by_a_change CHECK (version = 1 OR change_id IS NOT NULL);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON card_change_step
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON card_change_document
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON card_change
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- Lets a state move by card_change_move alone, by who may, with what the move needs.
CREATE FUNCTION guard_card_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_from text := 'START';
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.change_id, NEW.merchant_id, NEW.terminal_id, NEW.account_id, NEW.branch, NEW.old_account_id, NEW.reason,
        NEW.effective_from, NEW.maker, NEW.submitted_at)
       IS DISTINCT FROM
       (OLD.change_id, OLD.merchant_id, OLD.terminal_id, OLD.account_id, OLD.branch, OLD.old_account_id, OLD.reason,
        OLD.effective_from, OLD.maker, OLD.submitted_at) THEN
      RAISE EXCEPTION 'what was applied for does not change' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.name_match IS NOT NULL
       AND (NEW.name_match, NEW.test_credit) IS DISTINCT FROM (OLD.name_match, OLD.test_credit) THEN
      RAISE EXCEPTION 'what the bank said does not change' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = OLD.state THEN
      IF (NEW.checker, NEW.steps, NEW.version, NEW.effective_at)
         IS DISTINCT FROM (OLD.checker, OLD.steps, OLD.version, OLD.effective_at) THEN
        RAISE EXCEPTION 'only a move changes who decided' USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END IF;
    v_from := OLD.state;
  END IF;

  IF NOT EXISTS (SELECT FROM card_change_move m
                 WHERE m.from_state = v_from AND m.to_state = NEW.state AND m.mover = NEW.moved_as) THEN
    RAISE EXCEPTION 'a card change does not go from % to % by %', v_from, NEW.state, NEW.moved_as
      USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.moved_as = 'MAKER' AND NEW.moved_by <> NEW.maker)
     OR (NEW.moved_as = 'CHECKER' AND (NEW.moved_by = NEW.maker OR NEW.checker IS DISTINCT FROM NEW.moved_by))
     OR (NEW.moved_as = 'ROUTER') <> (NEW.moved_by = 'router')
     OR (NEW.state = 'APPROVED' AND NEW.checker IS DISTINCT FROM NEW.moved_by) THEN
    RAISE EXCEPTION '% may not move this card change as %', NEW.moved_by, NEW.moved_as USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.state = 'REJECTED' AND NEW.moved_why = '')
     OR (NEW.state = 'EXPIRED' AND NEW.expires_at > clock_timestamp())
     OR (NEW.state = 'EFFECTIVE' AND NEW.effective_from > clock_timestamp()) THEN
    RAISE EXCEPTION 'a card change needs more to become %', NEW.state USING ERRCODE = 'check_violation';
  END IF;
  NEW.steps := CASE WHEN TG_OP = 'INSERT' THEN 1 ELSE OLD.steps + 1 END;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON card_change FOR EACH ROW EXECUTE FUNCTION guard_card_change();

CREATE FUNCTION write_card_change_step() RETURNS trigger LANGUAGE plpgsql AS $$
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
  RETURN NULL;
END $$;
CREATE TRIGGER step AFTER INSERT OR UPDATE ON card_change FOR EACH ROW EXECUTE FUNCTION write_card_change_step();

-- A step is written by a move and by nothing else.
CREATE FUNCTION guard_card_change_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'card_change_step is written by moves of card_change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT ON card_change_step FOR EACH ROW EXECUTE FUNCTION guard_card_change_step();

-- The account that a merchant's terminal settles to now ('': its default), or NULL.
CREATE FUNCTION account_in_effect(p_merchant text, p_terminal text) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT account_id FROM binding
  WHERE merchant_id = p_merchant AND terminal_id IN ('', p_terminal) AND upper_inf(effective)
  ORDER BY terminal_id DESC LIMIT 1
$$;

-- Hears a report that the account in effect is lost, stolen or closed, before the application that brings it is looked
-- at: it counts whatever becomes of that. Money is held from this commit on. The account, and with it all of its number,
-- becomes p_status (RESTRICTED or CLOSED) unless it is blocked already. Returns what it is now, and the route's version
-- where that changed; no row when the merchant or its terminal is unknown, or nothing is in effect.
CREATE FUNCTION report_account(p_merchant text, p_terminal text, p_status text, p_reason text, p_by text)
  RETURNS TABLE (status text, version integer) LANGUAGE plpgsql AS $$
DECLARE
  v_account bigint;
BEGIN
  -- Alone with the account, so that a freeze at the same moment is seen and not undone.
  PERFORM lock_route(p_merchant);
  IF p_terminal <> '' AND NOT EXISTS (SELECT FROM terminal WHERE merchant_id = p_merchant AND terminal_id = p_terminal) THEN
    RETURN;
  END IF;
  SELECT a.account_id, a.status INTO v_account, status FROM account a WHERE a.account_id = account_in_effect(p_merchant, p_terminal);
  IF v_account IS NULL THEN
    RETURN;
  END IF;
  IF status IN ('ACTIVE', 'UNVERIFIED') OR (p_status = 'CLOSED' AND status <> 'CLOSED') THEN
    SELECT s.status, s.version INTO status, version
    FROM set_account_status(v_account, p_status, 'reported: ' || p_reason, p_by) s;
  END IF;
  RETURN NEXT;
END $$;

-- Takes an application.
-- outcome: SUBMITTED, or what keeps it from being taken: UNKNOWN_MERCHANT, OPEN (change is the open one), LIMIT
-- (wait_seconds until it may be sent again), SAME_ACCOUNT, ACCOUNT_BLOCKED.
CREATE FUNCTION submit_card_change(
  p_merchant text, p_terminal text, p_cipher bytea, p_hash bytea, p_last4 text, p_bank text, p_holder text, p_type text,
  p_branch text, p_reason text, p_effective_from timestamptz, p_maker text, p_kinds text[], p_refs text[],
  p_per_day integer, p_cool_down_hours integer, p_expiry_days integer,
  OUT outcome text, OUT change bigint, OUT wait_seconds integer)
  LANGUAGE plpgsql AS $$
DECLARE
  v_old     bigint;
  v_account bigint;
  v_status  text;
BEGIN
  -- Applications of one merchant one after the other, so that the limits below count all of them.
  PERFORM pg_advisory_xact_lock(7003, merchant_bucket(p_merchant));
  IF NOT EXISTS (SELECT FROM merchant WHERE merchant_id = p_merchant) THEN
    outcome := 'UNKNOWN_MERCHANT';
    RETURN;
  END IF;
  SELECT c.change_id INTO change FROM card_change c WHERE c.merchant_id = p_merchant AND c.open;
  IF FOUND THEN
    outcome := 'OPEN';
    RETURN;
  END IF;
  SELECT ceil(extract(epoch FROM max(free_at) - clock_timestamp()))::integer INTO wait_seconds FROM (
    SELECT min(submitted_at) + interval '1 day' AS free_at FROM (
      SELECT submitted_at FROM card_change
      WHERE merchant_id = p_merchant AND submitted_at > clock_timestamp() - interval '1 day'
      ORDER BY submitted_at DESC LIMIT p_per_day) today
    HAVING count(*) >= p_per_day
    UNION ALL
    SELECT max(effective_at) + make_interval(hours => p_cool_down_hours) FROM card_change
    WHERE merchant_id = p_merchant AND p_cool_down_hours > 0 AND state IN ('EFFECTIVE', 'SUPERSEDED')) limits;
  IF wait_seconds > 0 THEN
    outcome := 'LIMIT';
    RETURN;
  END IF;

  v_old := account_in_effect(p_merchant, p_terminal);
  SELECT account_id, status INTO v_account, v_status FROM account
  WHERE merchant_id = p_merchant AND number_hash = p_hash AND bank = p_bank AND holder = p_holder AND type = p_type
  ORDER BY account_id LIMIT 1;
  -- However its holder and type are spelled: whoever could apply for a blocked number anew would go around the block.
  IF number_blocked(p_merchant, p_hash) IS NOT NULL THEN
    outcome := 'ACCOUNT_BLOCKED';
    RETURN;
  -- An account in effect that is to be verified anew comes back by an application for itself.
  ELSIF v_account = v_old AND v_status <> 'UNVERIFIED' THEN
    outcome := 'SAME_ACCOUNT';
    RETURN;
  ELSIF v_account IS NULL THEN
    v_account := nextval('account_ids');
    INSERT INTO account (account_id, merchant_id, number_cipher, number_hash, last4, bank, holder, type, status)
      VALUES (v_account, p_merchant, p_cipher, p_hash, p_last4, p_bank, p_holder, p_type, 'UNVERIFIED');
    INSERT INTO account_status_change (account_id, fence_no, status, reason, changed_by)
      VALUES (v_account, nextval('fence_order'), 'UNVERIFIED', 'applied for', p_maker);
  END IF;

  outcome := 'SUBMITTED';
  change := nextval('card_change_ids');
  INSERT INTO card_change (change_id, merchant_id, terminal_id, account_id, branch, old_account_id, reason, effective_from,
                           maker, moved_by, moved_why, expires_at)
    VALUES (change, p_merchant, p_terminal, v_account, p_branch, v_old, p_reason, p_effective_from, p_maker, p_maker,
            p_reason, clock_timestamp() + make_interval(days => p_expiry_days));
  INSERT INTO card_change_document (change_id, place, kind, ref)
    SELECT change, d.place, d.kind, d.ref FROM unnest(p_kinds, p_refs) WITH ORDINALITY AS d(kind, ref, place);
END $$;

-- Puts a change, whose row the caller has locked, into force: the account may receive, the old binding ends, the new one
-- begins, the change before is superseded, all under one new version of the merchant's route. An account that was
-- frozen, restricted or closed meanwhile, by whatever spelling of its number, stays so: then its money is held; that it was
-- verified is written nevertheless.
CREATE FUNCTION activate_card_change(p_change bigint, OUT version integer, OUT superseded integer) LANGUAGE plpgsql AS $$
DECLARE
  c        card_change;
  v_status text;
  v_now    timestamptz;
BEGIN
  SELECT * INTO c FROM card_change WHERE change_id = p_change;
  version := begin_route_change(c.merchant_id, 'BINDING', c.checker);
  -- The number's status: another spelling of it may have been blocked in the moment this one was applied for.
  SELECT coalesce(number_blocked(merchant_id, number_hash), status) INTO v_status FROM account WHERE account_id = c.account_id;
  IF v_status <> 'ACTIVE' THEN
    INSERT INTO account_status_change (account_id, fence_no, status, reason, changed_by)
      SELECT c.account_id, r.fence_no, 'ACTIVE', 'verified and approved', c.checker
      FROM route_change r WHERE r.merchant_id = c.merchant_id AND r.version = activate_card_change.version;
    UPDATE account SET status = CASE v_status WHEN 'UNVERIFIED' THEN 'ACTIVE' ELSE v_status END
      WHERE account_id = c.account_id;
    IF v_status <> 'UNVERIFIED' THEN
      INSERT INTO account_status_change (account_id, fence_no, status, reason, changed_by)
        VALUES (c.account_id, nextval('fence_order'), v_status, 'still ' || lower(v_status), c.checker);
    END IF;
  END IF;
  -- A clock that was set back must not make the old binding end before it began.
  SELECT greatest(clock_timestamp(), max(lower(effective)) + interval '1 microsecond') INTO v_now
    FROM binding WHERE merchant_id = c.merchant_id AND terminal_id = c.terminal_id;
  UPDATE binding SET effective = tstzrange(lower(effective), v_now)
    WHERE merchant_id = c.merchant_id AND terminal_id = c.terminal_id AND upper_inf(effective);
  INSERT INTO binding (merchant_id, terminal_id, version, account_id, effective, change_id)
    VALUES (c.merchant_id, c.terminal_id, version, c.account_id, tstzrange(v_now, NULL), c.change_id);
  UPDATE card_change SET state = 'SUPERSEDED', moved_as = 'ROUTER', moved_by = 'router',
                         moved_why = 'superseded by version ' || activate_card_change.version
    WHERE merchant_id = c.merchant_id AND terminal_id = c.terminal_id AND state = 'EFFECTIVE';
  GET DIAGNOSTICS superseded = ROW_COUNT;
  UPDATE card_change SET state = 'EFFECTIVE', effective_at = v_now, version = activate_card_change.version,
                         moved_as = 'ROUTER', moved_by = 'router', moved_why = 'version ' || activate_card_change.version
    WHERE change_id = p_change;
END $$;

-- Approves a change and, in the same commit, puts it into force or schedules it.
-- outcome: DONE, REPLAYED (this checker has approved it before; as it stands now), or UNKNOWN, OWN (the maker may not
-- approve), STATE (state says why not).
CREATE FUNCTION approve_card_change(
  p_change bigint, p_by text, p_as text,
  OUT outcome text, OUT state text, OUT merchant text, OUT old_account bigint, OUT effective_at timestamptz,
  OUT version integer, OUT superseded integer)
  LANGUAGE plpgsql AS $$
DECLARE
  c card_change;
BEGIN
  SELECT * INTO c FROM card_change WHERE change_id = p_change FOR UPDATE;
  outcome := CASE WHEN c.change_id IS NULL THEN 'UNKNOWN' WHEN c.maker = p_by THEN 'OWN'
                  WHEN p_as = 'CHECKER' AND c.checker = p_by AND c.state IN ('SCHEDULED', 'EFFECTIVE', 'SUPERSEDED')
                  THEN 'REPLAYED'
                  WHEN c.state <> 'VERIFIED' OR c.expires_at <= clock_timestamp() THEN 'STATE' ELSE 'DONE' END;
  state := CASE WHEN c.state = 'VERIFIED' AND outcome = 'STATE' THEN 'EXPIRED' ELSE c.state END;
  merchant := c.merchant_id;
  superseded := 0;
  IF outcome = 'REPLAYED' THEN
    effective_at := coalesce(c.effective_at, c.effective_from);
    SELECT coalesce(c.version, m.route_version) INTO version FROM merchant m WHERE m.merchant_id = c.merchant_id;
    SELECT b.account_id INTO old_account FROM binding b
    WHERE b.merchant_id = c.merchant_id AND b.terminal_id IN ('', c.terminal_id)
      AND b.effective @> coalesce(c.effective_at - interval '1 microsecond', clock_timestamp())
    ORDER BY b.terminal_id DESC LIMIT 1;
  END IF;
  IF outcome <> 'DONE' THEN
    RETURN;
  END IF;
  UPDATE card_change x SET state = 'APPROVED', checker = p_by, moved_as = p_as, moved_by = p_by, moved_why = ''
    WHERE x.change_id = p_change;
  IF c.effective_from > clock_timestamp() THEN
    UPDATE card_change x SET state = 'SCHEDULED', moved_as = 'ROUTER', moved_by = 'router', moved_why = ''
      WHERE x.change_id = p_change;
    old_account := account_in_effect(c.merchant_id, c.terminal_id);
    SELECT m.route_version INTO version FROM merchant m WHERE m.merchant_id = c.merchant_id;
    state := 'SCHEDULED';
    effective_at := c.effective_from;
    RETURN;
  END IF;
  -- Before the old binding is asked for: a bucket's lock first, then what it guards.
  PERFORM lock_route(c.merchant_id);
  old_account := account_in_effect(c.merchant_id, c.terminal_id);
  SELECT a.version, a.superseded INTO version, superseded FROM activate_card_change(p_change) a;
  SELECT x.state, x.effective_at INTO state, effective_at FROM card_change x WHERE x.change_id = p_change;
END $$;

-- Ends an application by its maker (WITHDRAWN) or a checker (REJECTED).
-- outcome: DONE, REPLAYED (he has ended it so before, for that reason), or UNKNOWN, OWN (not his to move), STATE (state
-- says why not).
CREATE FUNCTION end_card_change(p_change bigint, p_to text, p_by text, p_as text, p_why text, OUT outcome text, OUT state text)
  LANGUAGE plpgsql AS $$
DECLARE
  c card_change;
BEGIN
  SELECT * INTO c FROM card_change WHERE change_id = p_change FOR UPDATE;
  outcome := CASE WHEN c.change_id IS NULL THEN 'UNKNOWN' WHEN (p_as = 'MAKER') <> (c.maker = p_by) THEN 'OWN'
                  WHEN EXISTS (SELECT FROM card_change_move m
                               WHERE m.from_state = c.state AND m.to_state = p_to AND m.mover = p_as) THEN 'DONE'
                  WHEN (c.state, c.moved_as, c.moved_by, c.moved_why) = (p_to, p_as, p_by, p_why) THEN 'REPLAYED'
                  ELSE 'STATE' END;
  state := c.state;
  IF outcome = 'DONE' THEN
    UPDATE card_change x SET state = p_to, checker = CASE WHEN p_as = 'CHECKER' THEN p_by ELSE x.checker END,
                             moved_as = p_as, moved_by = p_by, moved_why = p_why
      WHERE x.change_id = p_change;
    state := p_to;
  END IF;
END $$;

-- Leases up to p_limit applications for one verification each; `attempt` is the lease. What automatic approval asks for
-- comes along: nothing of it changes while the application is open.
CREATE FUNCTION lease_card_changes(p_limit integer, p_lease_millis bigint)
  RETURNS TABLE (change bigint, attempt integer, merchant text, account bigint, reason text, maker text, same_owner boolean,
                 recently_changed boolean)
  LANGUAGE sql AS $$
  UPDATE card_change c
  SET state = 'VERIFYING', attempts = attempts + 1, moved_as = 'ROUTER', moved_by = 'router', moved_why = '',
      verify_at = clock_timestamp() + p_lease_millis * interval '1 millisecond'
  FROM (
    SELECT change_id FROM card_change
    WHERE state IN ('SUBMITTED', 'VERIFYING') AND verify_at <= clock_timestamp() AND expires_at > clock_timestamp()
    ORDER BY verify_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  ) due
  WHERE c.change_id = due.change_id
  RETURNING c.change_id, c.attempts, c.merchant_id, c.account_id, c.reason, c.maker,
    (SELECT n.holder = o.holder AND n.type = o.type FROM account n, account o
     WHERE n.account_id = c.account_id AND o.account_id = c.old_account_id) IS TRUE,
    EXISTS (SELECT FROM card_change e WHERE e.merchant_id = c.merchant_id AND e.effective_at > clock_timestamp() - interval '30 days')
$$;

-- Writes what the bank said, and approves by rule in the same commit where p_approve. outcome: VERIFIED,
-- FAILED_VERIFICATION or EFFECTIVE/SCHEDULED; NULL when the lease is another's by now or the application has ended.
CREATE FUNCTION record_verification(
  p_change bigint, p_attempt integer, p_state text, p_name_match text, p_test_credit text, p_test_credit_id text,
  p_test_credit_reason text, p_why text, p_approve boolean, OUT outcome text, OUT merchant text, OUT superseded integer)
  LANGUAGE plpgsql AS $$
BEGIN
  UPDATE card_change c SET state = p_state, name_match = p_name_match, test_credit = p_test_credit,
    test_credit_id = p_test_credit_id, test_credit_reason = p_test_credit_reason, last_error = NULL,
    moved_as = 'ROUTER', moved_by = 'router', moved_why = p_why
  WHERE c.change_id = p_change AND c.state = 'VERIFYING' AND c.attempts = p_attempt
  RETURNING c.state, c.merchant_id INTO outcome, merchant;
  superseded := 0;
  IF outcome = 'VERIFIED' AND p_approve THEN
    SELECT CASE WHEN a.outcome = 'DONE' THEN a.state ELSE 'VERIFIED' END, a.superseded INTO outcome, superseded
    FROM approve_card_change(p_change, 'router', 'ROUTER') a;
  END IF;
END $$;

-- Puts one scheduled change whose time has come into force; no row when there is none. By any node, once. One that
-- fails is put off, ever longer up to p_longest_millis, so that it holds up no other: fault is then the SQLSTATE, and
-- tries how often it has failed.
CREATE FUNCTION activate_next_card_change(p_longest_millis bigint)
  RETURNS TABLE (change bigint, merchant text, superseded integer, fault text, tries integer) LANGUAGE plpgsql AS $$
BEGIN
  SELECT c.change_id, c.merchant_id, c.faults INTO change, merchant, tries FROM card_change c
  WHERE c.state = 'SCHEDULED' AND c.effective_from <= clock_timestamp()
    AND coalesce(c.retry_at, '-infinity') <= clock_timestamp()
  ORDER BY coalesce(c.retry_at, c.effective_from) LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  BEGIN
    SELECT a.superseded INTO superseded FROM activate_card_change(change) a;
  EXCEPTION WHEN OTHERS THEN
    fault := SQLSTATE;
    superseded := 0;
    UPDATE card_change c SET faults = c.faults + 1, retry_at = clock_timestamp()
        + least(1000 * 2 ^ least(c.faults, 20), p_longest_millis) * interval '1 millisecond'
      WHERE c.change_id = change RETURNING c.faults INTO tries;
  END;
  RETURN NEXT;
END $$;

-- Ends up to p_limit applications that nobody decided in time.
CREATE FUNCTION expire_card_changes(p_limit integer) RETURNS bigint LANGUAGE sql AS $$
  WITH expired AS (
    UPDATE card_change c SET state = 'EXPIRED', moved_as = 'ROUTER', moved_by = 'router', moved_why = ''
    FROM (
      SELECT change_id FROM card_change
      WHERE state IN ('SUBMITTED', 'VERIFYING', 'VERIFIED') AND expires_at <= clock_timestamp()
      ORDER BY change_id LIMIT p_limit FOR UPDATE SKIP LOCKED
    ) late
    WHERE c.change_id = late.change_id RETURNING 1)
  SELECT count(*) FROM expired
$$;
