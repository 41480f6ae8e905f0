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
  cause       text NOT NULL CHECK (cause IN ('ONBOARDED', 'BINDING', 'ACCOUNT_STATUS', 'HOLD')),
  changed_by  text NOT NULL,
  changed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (merchant_id, version)
);

-- The fence's lock: claims share the merchant's bucket, one merchant's change has it alone. Two integer keys keep it
-- apart from any other advisory lock in the database.
CREATE FUNCTION merchant_bucket(p_merchant text) RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT hashtext(p_merchant) & 63 $$;

-- Opens a change of one merchant's route: waits until no claim in flight can still use the old one, then bumps the
-- version. To be called before anything else in the changing transaction; returns the new version.
CREATE FUNCTION begin_route_change(p_merchant text, p_cause text, p_by text) RETURNS integer
  LANGUAGE plpgsql AS $$
DECLARE
  v_version integer;
BEGIN
  PERFORM pg_advisory_xact_lock(7001, merchant_bucket(p_merchant));
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

-- Sets an account's status. Answers when no claim in flight can still use the account in its old status. Returns the
-- merchant and its new version; no row when nobody knows the account.
CREATE FUNCTION set_account_status(p_account bigint, p_status text, p_reason text, p_by text)
  RETURNS TABLE (merchant text, version integer) LANGUAGE plpgsql AS $$
DECLARE
  v_merchant text;
  v_version  integer;
BEGIN
  SELECT a.merchant_id INTO v_merchant FROM account a WHERE a.account_id = p_account;
  IF v_merchant IS NULL THEN
    RETURN;
  END IF;
  v_version := begin_route_change(v_merchant, 'ACCOUNT_STATUS', p_by);
  UPDATE account a SET status = p_status WHERE a.account_id = p_account;
  INSERT INTO account_status_change (account_id, fence_no, status, reason, changed_by)
    SELECT p_account, c.fence_no, p_status, p_reason, p_by
    FROM route_change c WHERE c.merchant_id = v_merchant AND c.version = v_version;
  RETURN QUERY SELECT v_merchant, v_version;
END $$;

-- Binds a merchant (or one of its terminals) to another of its accounts from now on. Returns the new version.
CREATE FUNCTION bind_account(p_merchant text, p_terminal text, p_account bigint, p_by text) RETURNS integer
  LANGUAGE plpgsql AS $$
DECLARE
  v_version integer;
  v_now     timestamptz;
BEGIN
  v_version := begin_route_change(p_merchant, 'BINDING', p_by);
  -- A clock that was set back must not make the old binding end before it began.
  SELECT greatest(clock_timestamp(), max(lower(effective)) + interval '1 microsecond') INTO v_now
    FROM binding WHERE merchant_id = p_merchant AND terminal_id = p_terminal;
  UPDATE binding SET effective = tstzrange(lower(effective), v_now)
    WHERE merchant_id = p_merchant AND terminal_id = p_terminal AND upper_inf(effective);
  INSERT INTO binding (merchant_id, terminal_id, version, account_id, effective)
    VALUES (p_merchant, p_terminal, v_version, p_account, tstzrange(v_now, NULL));
  RETURN v_version;
END $$;
