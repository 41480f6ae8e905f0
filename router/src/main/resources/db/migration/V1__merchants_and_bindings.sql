-- Where a merchant's money may go. `merchant.route_version` is bumped by anything that changes it; every bump is a
-- row of `route_change`, whose `fence_no` puts it in one order with the claims of credit_batch (see V3).

CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE SEQUENCE fence_order;
CREATE SEQUENCE account_ids START 1000001;

CREATE TABLE merchant (
  merchant_id   text PRIMARY KEY,
  name          text NOT NULL,
  mcc           text NOT NULL,
  route_version integer NOT NULL CHECK (route_version > 0),
  on_hold       boolean NOT NULL DEFAULT false,
  onboarded_at  timestamptz NOT NULL DEFAULT now()
);

-- Keyed by merchant first, like everything here, so that merchants can be spread over databases.
CREATE TABLE terminal (
  merchant_id   text NOT NULL REFERENCES merchant,
  terminal_id   text NOT NULL,
  registered_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, terminal_id)
);

CREATE TABLE account (
  account_id    bigint PRIMARY KEY,
  merchant_id   text NOT NULL REFERENCES merchant,
  number_cipher bytea NOT NULL, -- the full number, encrypted with the merchant id as associated data
  number_hash   bytea NOT NULL, -- keyed hash of the number: equality without decryption
  last4         text NOT NULL,
  bank          text NOT NULL,
  holder        text NOT NULL,
  type          text NOT NULL CHECK (type IN ('PERSONAL', 'CORPORATE')),
  status        text NOT NULL CHECK (status IN ('ACTIVE', 'RESTRICTED', 'FROZEN', 'CLOSED', 'UNVERIFIED')),
  opened_at     timestamptz NOT NULL DEFAULT now(),
  UNIQUE (merchant_id, account_id)
);
-- The same number under another holder's spelling or type is another account; whether it may receive is the number's.
CREATE INDEX account_number ON account (merchant_id, number_hash);

-- Every status an account ever had; `account.status` is the latest.
CREATE TABLE account_status_change (
  account_id bigint NOT NULL REFERENCES account,
  fence_no   bigint NOT NULL,
  status     text NOT NULL,
  reason     text NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (account_id, fence_no)
);

-- Which account a merchant's sales settle to, when. terminal_id '' is the merchant's default; another value binds that
-- terminal alone. A row's upper bound is set once, when it is superseded.
CREATE TABLE binding (
  merchant_id text NOT NULL REFERENCES merchant,
  terminal_id text NOT NULL DEFAULT '',
  version     integer NOT NULL,
  account_id  bigint NOT NULL,
  effective   tstzrange NOT NULL,
  PRIMARY KEY (merchant_id, terminal_id, version),
  -- Only to an account of its own: no mistake in a change pays one merchant's sales to another.
  FOREIGN KEY (merchant_id, account_id) REFERENCES account (merchant_id, account_id),
  EXCLUDE USING gist (merchant_id WITH =, terminal_id WITH =, effective WITH &&)
);

CREATE TABLE route_change (
  merchant_id text NOT NULL REFERENCES merchant,
  version     integer NOT NULL,
  fence_no    bigint NOT NULL,
  cause       text NOT NULL CHECK (cause IN ('ONBOARDED', 'BINDING', 'ACCOUNT_STATUS', 'HOLD', 'TERMINALS')),
  changed_by  text NOT NULL,
  changed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (merchant_id, version)
);

-- Every hold and release a merchant ever had; `merchant.on_hold` is the latest.
CREATE TABLE merchant_hold_change (
  merchant_id text NOT NULL,
  version     integer NOT NULL,
  on_hold     boolean NOT NULL,
  reason      text NOT NULL,
  changed_by  text NOT NULL,
  changed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (merchant_id, version),
  FOREIGN KEY (merchant_id, version) REFERENCES route_change
);

CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON merchant_hold_change
  EXECUTE FUNCTION refuse_rewriting();

-- The fence's lock: claims share the merchant's bucket, one merchant's change has it alone. Two integer keys keep it
-- apart from any other advisory lock in the database.
CREATE FUNCTION merchant_bucket(p_merchant text) RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT hashtext(p_merchant) & 63 $$;

-- Waits until no claim in flight can still use the merchant's route, and keeps new ones out until the transaction ends.
-- A claim is one short statement; what takes longer than the time-out is a fault, and nothing has been changed by then.
CREATE FUNCTION lock_route(p_merchant text) RETURNS void LANGUAGE plpgsql SET lock_timeout = '20s' AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7001, merchant_bucket(p_merchant));
END $$;

-- Opens a change of one merchant's route: locks it, then bumps the version. Nothing but lock_route and what reads under
-- it may come before it in the changing transaction. Returns the new version; NULL when nobody knows the merchant.
CREATE FUNCTION begin_route_change(p_merchant text, p_cause text, p_by text) RETURNS integer
  LANGUAGE plpgsql AS $$
DECLARE
  v_version integer;
BEGIN
  PERFORM lock_route(p_merchant);
  UPDATE merchant SET route_version = route_version + 1 WHERE merchant_id = p_merchant
    RETURNING route_version INTO v_version;
  IF v_version IS NULL THEN
    RETURN NULL;
  END IF;
  INSERT INTO route_change (merchant_id, version, fence_no, cause, changed_by)
    VALUES (p_merchant, v_version, nextval('fence_order'), p_cause, p_by);
  PERFORM pg_notify('route_changed', p_merchant || ' ' || v_version);
  RETURN v_version;
END $$;

-- Whether an account was verified since it was last UNVERIFIED, by whatever statuses between.
CREATE FUNCTION account_verified(p_account bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce((
    SELECT c.status = 'ACTIVE' FROM account_status_change c
    WHERE c.account_id = p_account AND c.status IN ('ACTIVE', 'UNVERIFIED') ORDER BY c.fence_no DESC LIMIT 1), false)
$$;

-- What keeps a merchant's number from receiving, under whichever holder and type it is kept; NULL: nothing.
CREATE FUNCTION number_blocked(p_merchant text, p_hash bytea) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT status FROM account
  WHERE merchant_id = p_merchant AND number_hash = p_hash AND status IN ('RESTRICTED', 'FROZEN', 'CLOSED')
  ORDER BY account_id LIMIT 1
$$;

-- Sets the status of an account, and of all others of the merchant that have its number: a number is blocked, thawed or
-- to be verified anew as one. Answers when no claim in flight can still use any of them in its old status. outcome is
-- CHANGED; UNCHANGED when all have that status already (no new version); or VERIFICATION_REQUIRED, and nothing is changed,
-- when it would become ACTIVE without having been verified since it was last UNVERIFIED. Others of the number become
-- ACTIVE only where they are verified, and UNVERIFIED where not.
-- p_verified: the caller has had the account verified and approved; only a card change says so. Returns the merchant,
-- the status now and since when, and the merchant's version now; no row when nobody knows the account.
CREATE FUNCTION set_account_status(
  p_account bigint, p_status text, p_reason text, p_by text, p_verified boolean DEFAULT false, p_if_version integer DEFAULT NULL)
  RETURNS TABLE (outcome text, merchant text, status text, version integer, since timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  v_hash bytea;
BEGIN
  SELECT a.merchant_id, a.number_hash INTO merchant, v_hash FROM account a WHERE a.account_id = p_account;
  IF merchant IS NULL THEN
    RETURN;
  END IF;
  -- Also before the answer that nothing changes: the change that set this status may still wait for a claim.
  PERFORM lock_route(merchant);
  SELECT a.status INTO status FROM account a WHERE a.account_id = p_account;
  outcome := CASE
    WHEN status = p_status AND (p_status = 'ACTIVE' OR NOT EXISTS (
      SELECT FROM account a WHERE a.merchant_id = merchant AND a.number_hash = v_hash AND a.status <> p_status))
      THEN 'UNCHANGED'
    WHEN p_if_version <> (SELECT m.route_version FROM merchant m WHERE m.merchant_id = merchant) THEN 'OUTDATED'
    WHEN p_status = 'ACTIVE' AND NOT p_verified AND NOT account_verified(p_account) THEN 'VERIFICATION_REQUIRED'
    ELSE 'CHANGED' END;
  IF outcome = 'CHANGED' THEN
    version := begin_route_change(merchant, 'ACCOUNT_STATUS', p_by);
    WITH next AS (
      SELECT a.account_id, CASE
        WHEN p_status <> 'ACTIVE' OR a.account_id = p_account THEN p_status
        WHEN a.status = 'UNVERIFIED' OR NOT account_verified(a.account_id) THEN 'UNVERIFIED'
        ELSE 'ACTIVE' END AS status
      FROM account a WHERE a.merchant_id = merchant AND a.number_hash = v_hash
    ), moved AS (
      UPDATE account a SET status = n.status FROM next n WHERE n.account_id = a.account_id AND n.status <> a.status
      RETURNING a.account_id, a.status
    )
    INSERT INTO account_status_change (account_id, fence_no, status, reason, changed_by)
      SELECT m.account_id, c.fence_no, m.status, p_reason, p_by
      FROM moved m JOIN route_change c ON c.merchant_id = merchant AND c.version = set_account_status.version;
  END IF;
  SELECT a.status, m.route_version, coalesce(
    (SELECT c.changed_at FROM account_status_change c WHERE c.account_id = p_account ORDER BY c.fence_no DESC LIMIT 1),
    a.opened_at)
  INTO status, version, since FROM account a JOIN merchant m USING (merchant_id) WHERE a.account_id = p_account;
  RETURN NEXT;
END $$;

-- Stops or releases settlement to a merchant; answers when no claim in flight can still pay it. Where that would change
-- something and the merchant's version is not p_if_version (NULL: any), it is outdated and nothing is done. Returns the
-- merchant's version now; no row when nobody knows the merchant.
CREATE FUNCTION set_merchant_hold(
  p_merchant text, p_on_hold boolean, p_reason text, p_by text, p_if_version integer DEFAULT NULL)
  RETURNS TABLE (outdated boolean, version integer) LANGUAGE plpgsql AS $$
DECLARE
  v_changes boolean;
BEGIN
  PERFORM lock_route(p_merchant);
  SELECT m.on_hold <> p_on_hold, m.route_version INTO v_changes, version FROM merchant m WHERE m.merchant_id = p_merchant;
  IF v_changes IS NULL THEN
    RETURN;
  END IF;
  outdated := v_changes AND coalesce(p_if_version <> version, false);
  IF v_changes AND NOT outdated THEN
    version := begin_route_change(p_merchant, 'HOLD', p_by);
    UPDATE merchant SET on_hold = p_on_hold WHERE merchant_id = p_merchant;
    INSERT INTO merchant_hold_change (merchant_id, version, on_hold, reason, changed_by)
      VALUES (p_merchant, version, p_on_hold, p_reason, p_by);
  END IF;
  RETURN NEXT;
END $$;

-- Registers one more terminal of a merchant. The new version makes credits that were held for it be decided again.
-- outcome: REGISTERED, REPLAYED, or TOO_MANY when the merchant has p_max already; no row when nobody knows the merchant.
CREATE FUNCTION register_terminal(p_merchant text, p_terminal text, p_max integer, p_by text)
  RETURNS TABLE (outcome text, version integer) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM lock_route(p_merchant);
  SELECT m.route_version,
    CASE WHEN EXISTS (SELECT FROM terminal t WHERE t.merchant_id = p_merchant AND t.terminal_id = p_terminal) THEN 'REPLAYED'
         WHEN (SELECT count(*) FROM terminal t WHERE t.merchant_id = p_merchant) >= p_max THEN 'TOO_MANY'
         ELSE 'REGISTERED' END
  INTO version, outcome FROM merchant m WHERE m.merchant_id = p_merchant;
  IF outcome IS NULL THEN
    RETURN;
  END IF;
  IF outcome = 'REGISTERED' THEN
    version := begin_route_change(p_merchant, 'TERMINALS', p_by);
    INSERT INTO terminal (merchant_id, terminal_id) VALUES (p_merchant, p_terminal);
  END IF;
  RETURN NEXT;
END $$;
