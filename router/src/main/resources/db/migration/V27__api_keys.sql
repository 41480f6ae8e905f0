-- API keys, by which terminals and acquirers' hosts sign their requests; and that a maker is not the checker, however his
-- name is spelled.

-- The keys there ever were. The secret is encrypted by the router; that alone changes, when its encryption does.
CREATE TABLE api_key (
  key_id        text PRIMARY KEY CHECK (key_id ~ '^[a-z0-9-]{8,40}$'),
  acquirer_id   text NOT NULL CHECK (acquirer_id ~ '^[0-9]{1,11}$'),
  merchants     text[] CHECK (cardinality(merchants) BETWEEN 1 AND 1000), -- NULL: all of the acquirer's
  secret_cipher bytea NOT NULL,
  note          text NOT NULL DEFAULT '',
  not_after     timestamptz, -- NULL: good until it is revoked
  created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  created_by    text NOT NULL CHECK (created_by <> '')
);

CREATE FUNCTION guard_api_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.key_id, NEW.acquirer_id, NEW.merchants, NEW.note, NEW.not_after, NEW.created_at, NEW.created_by)
     IS DISTINCT FROM (OLD.key_id, OLD.acquirer_id, OLD.merchants, OLD.note, OLD.not_after, OLD.created_at, OLD.created_by) THEN
    RAISE EXCEPTION 'an API key does not change; issue another' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON api_key FOR EACH ROW EXECUTE FUNCTION guard_api_key();
CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON api_key
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- Those that are good no more before their time.
CREATE TABLE api_key_revocation (
  key_id     text PRIMARY KEY REFERENCES api_key,
  revoked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  revoked_by text NOT NULL CHECK (revoked_by <> ''),
  reason     text NOT NULL CHECK (reason <> '')
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON api_key_revocation
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- How many changes there were. Each transaction that changes keys changes this row first and so waits for the one before:
-- who has read the keys at a number has missed none up to it.
CREATE TABLE api_key_change (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  no  bigint NOT NULL
);
INSERT INTO api_key_change (no) VALUES (0);

-- What nodes take.
CREATE VIEW api_key_good AS
  SELECT k.key_id, k.acquirer_id, k.merchants, k.secret_cipher, k.not_after
  FROM api_key k
  WHERE (k.not_after IS NULL OR k.not_after > clock_timestamp())
    AND NOT EXISTS (SELECT FROM api_key_revocation r WHERE r.key_id = k.key_id);

-- Issues one: DONE, or FULL when as many as p_limit are good already.
CREATE FUNCTION issue_api_key(
  p_key text, p_acquirer text, p_merchants text[], p_cipher bytea, p_note text, p_not_after timestamptz, p_by text, p_limit integer)
  RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  UPDATE api_key_change SET no = no + 1;
  IF (SELECT count(*) FROM api_key_good) >= p_limit THEN
    RETURN 'FULL';
  END IF;
  INSERT INTO api_key (key_id, acquirer_id, merchants, secret_cipher, note, not_after, created_by)
  VALUES (p_key, p_acquirer, p_merchants, p_cipher, p_note, p_not_after, p_by);
  PERFORM pg_notify('api_key_changed', p_key);
  RETURN 'DONE';
END $$;

-- Revokes one: DONE, REPLAYED when it was before, UNKNOWN.
CREATE FUNCTION revoke_api_key(p_key text, p_by text, p_reason text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  UPDATE api_key_change SET no = no + 1;
  IF NOT EXISTS (SELECT FROM api_key k WHERE k.key_id = p_key) THEN
    RETURN 'UNKNOWN';
  END IF;
  INSERT INTO api_key_revocation (key_id, revoked_by, reason) VALUES (p_key, p_by, p_reason) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN 'REPLAYED';
  END IF;
  PERFORM pg_notify('api_key_changed', p_key);
  RETURN 'DONE';
END $$;

-- Nodes read them; who issues and revokes is the schema's owner.
INSERT INTO router_right (relation, history, rights, columns) VALUES
  ('api_key', true, '', '{}'),
  ('api_key_revocation', true, '', '{}'),
  ('api_key_change', false, '', '{}');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON api_key FOR EACH ROW EXECUTE FUNCTION audit_change(
  'API_KEY_MADE', 'API_KEY_CHANGED', 'api-key', 'key_id', 'created_by', '', 'note', 'secret_cipher', '');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON api_key_revocation FOR EACH ROW EXECUTE FUNCTION audit_change(
  'API_KEY_CHANGED', 'HISTORY_REWRITTEN', 'api-key', 'key_id', 'revoked_by', '', 'reason', '', '');

-- Nodes of this release spell a person's name in one way wherever it comes in. What was written before, or is by a node of
-- the release before, may be spelled otherwise: so these compare persons and not spellings.
CREATE FUNCTION same_person(p_one text, p_other text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT lower(btrim(p_one)) = lower(btrim(p_other))
$$;

CREATE OR REPLACE FUNCTION guard_card_change() RETURNS trigger LANGUAGE plpgsql AS $$
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
  IF (NEW.moved_as = 'MAKER' AND NOT same_person(NEW.moved_by, NEW.maker))
     OR (NEW.moved_as = 'CHECKER' AND (same_person(NEW.moved_by, NEW.maker) OR NEW.checker IS DISTINCT FROM NEW.moved_by))
     OR (NEW.moved_as = 'ROUTER') <> (NEW.moved_by = 'router')
     OR (NEW.state = 'APPROVED' AND NEW.checker IS DISTINCT FROM NEW.moved_by)
     OR same_person(NEW.checker, NEW.maker) THEN
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

CREATE OR REPLACE FUNCTION approve_card_change(
  p_change bigint, p_by text, p_as text,
  OUT outcome text, OUT state text, OUT merchant text, OUT old_account bigint, OUT effective_at timestamptz,
  OUT version integer, OUT superseded integer)
  LANGUAGE plpgsql AS $$
DECLARE
  c card_change;
BEGIN
  SELECT * INTO c FROM card_change WHERE change_id = p_change FOR UPDATE;
  outcome := CASE WHEN c.change_id IS NULL THEN 'UNKNOWN' WHEN same_person(c.maker, p_by) THEN 'OWN'
                  WHEN p_as = 'CHECKER' AND same_person(c.checker, p_by) AND c.state IN ('SCHEDULED', 'EFFECTIVE', 'SUPERSEDED')
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

CREATE OR REPLACE FUNCTION end_card_change(p_change bigint, p_to text, p_by text, p_as text, p_why text, OUT outcome text, OUT state text)
  LANGUAGE plpgsql AS $$
DECLARE
  c card_change;
BEGIN
  SELECT * INTO c FROM card_change WHERE change_id = p_change FOR UPDATE;
  outcome := CASE WHEN c.change_id IS NULL THEN 'UNKNOWN' WHEN (p_as = 'MAKER') <> same_person(c.maker, p_by) THEN 'OWN'
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

CREATE OR REPLACE FUNCTION guard_rail_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'PROPOSED'
     OR (NEW.order_id, NEW.rail, NEW.kind, NEW.reason, NEW.proposed_by, NEW.proposed_at)
        IS DISTINCT FROM (OLD.order_id, OLD.rail, OLD.kind, OLD.reason, OLD.proposed_by, OLD.proposed_at) THEN
    RAISE EXCEPTION 'an order is decided once, and nothing else of it changes' USING ERRCODE = 'check_violation';
  END IF;
  IF same_person(NEW.decided_by, NEW.proposed_by) THEN
    RAISE EXCEPTION 'proposer_is_not_checker: % may not decide on his own order', NEW.decided_by USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION rail_order_outcome(p_this rail_order, p_to text, p_by text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN p_this.order_id IS NULL THEN 'UNKNOWN'
    WHEN same_person(p_this.proposed_by, p_by) THEN 'OWN'
    WHEN p_this.state = 'PROPOSED' THEN 'DONE'
    WHEN p_this.state = p_to AND same_person(p_this.decided_by, p_by) THEN 'REPLAYED'
    ELSE p_this.state END
$$;

CREATE OR REPLACE FUNCTION resolution_outcome(p_this resolution, p_to text, p_by text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN p_this.resolution_id IS NULL THEN 'UNKNOWN'
    WHEN same_person(p_this.proposed_by, p_by) THEN 'OWN'
    WHEN p_this.state = 'PROPOSED' THEN 'DONE'
    WHEN p_this.state = p_to AND same_person(p_this.decided_by, p_by) THEN 'REPLAYED'
    ELSE p_this.state END
$$;
