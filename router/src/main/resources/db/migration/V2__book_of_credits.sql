-- The book of credits. `credit` is written once; `credit_batch` is the unit of progress; `credit_exception` is a
-- credit's departure from the fate of its batch. Ids: a credit's id is its first batch's id * 4096 + its place in it.

CREATE SEQUENCE batch_ids;

-- One row per transaction, immutable. Partitioned by the terminal's local date, which is part of the key, because
-- uniqueness holds per partition. The key leads with the merchant: a terminal's numbers ascend, so the inserts of one
-- merchant stay on one warm page of the index however large the table is.
CREATE TABLE credit (
  credit_id       bigint NOT NULL,
  amount_minor    bigint NOT NULL CHECK (amount_minor > 0),
  captured_at     timestamptz NOT NULL,
  account_id      bigint,           -- where it was routed when it was accepted; NULL: held
  local_date      date NOT NULL,
  batch_no        integer NOT NULL,
  stan            integer NOT NULL,
  binding_version integer NOT NULL, -- the merchant's route version it was decided by; 0: unknown merchant
  merchant_id     text NOT NULL,
  terminal_id     text NOT NULL,
  acquirer_id     text NOT NULL,
  type            text NOT NULL,
  currency        text NOT NULL,
  rrn             text NOT NULL,
  PRIMARY KEY (merchant_id, terminal_id, local_date, batch_no, stan, type, acquirer_id),
  UNIQUE (credit_id, local_date)
) PARTITION BY RANGE (local_date);

-- Makes the monthly partitions that hold p_from to p_to. Two nodes may call it at once. A partition is attached instead
-- of created in place: that waits for no reader, and so no sale waits behind it.
CREATE FUNCTION ensure_credit_partitions(p_from date, p_to date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  v_month date := date_trunc('month', p_from)::date;
  v_made  integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(7002, 0);
  WHILE v_month <= p_to LOOP
    IF to_regclass('credit_' || to_char(v_month, 'YYYYMM')) IS NULL THEN
      EXECUTE format('CREATE TABLE %I (LIKE credit INCLUDING DEFAULTS INCLUDING CONSTRAINTS)',
        'credit_' || to_char(v_month, 'YYYYMM'));
      EXECUTE format('ALTER TABLE credit ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        'credit_' || to_char(v_month, 'YYYYMM'), v_month, (v_month + interval '1 month')::date);
      v_made := v_made + 1;
    END IF;
    v_month := (v_month + interval '1 month')::date;
  END LOOP;
  RETURN v_made;
END $$;

CREATE TABLE credit_batch (
  batch_id         bigint PRIMARY KEY,
  rail             text,             -- NULL only when UNROUTED
  currency         text NOT NULL,
  state            text NOT NULL CHECK (state IN ('UNROUTED', 'RECORDED', 'SENT', 'IN_DOUBT', 'POSTED')),
  credits          integer NOT NULL,
  amount_minor     bigint NOT NULL,
  departed_credits integer NOT NULL DEFAULT 0,
  departed_minor   bigint NOT NULL DEFAULT 0,
  owner            bigint NOT NULL,  -- node_lease.node_id of the process that may move it
  epoch            integer NOT NULL DEFAULT 0,
  tries            integer NOT NULL DEFAULT 0,
  recorded_at      timestamptz NOT NULL DEFAULT now(),
  claim_no         bigint,           -- from fence_order, drawn under the merchants' locks
  claimed_at       timestamptz,
  retry_at         timestamptz,
  settled_at       timestamptz,
  CHECK ((rail IS NULL) = (state = 'UNROUTED')),
  CHECK (departed_credits BETWEEN 0 AND credits AND departed_minor BETWEEN 0 AND amount_minor),
  CHECK (state IN ('UNROUTED', 'RECORDED') OR claim_no IS NOT NULL)
) WITH (fillfactor = 70);
-- Only open batches: what is read every second stays small however long the history is.
CREATE INDEX credit_batch_open ON credit_batch (owner, batch_id) WHERE state IN ('RECORDED', 'SENT', 'IN_DOUBT');

-- The nth row of a credit ends its nth attempt. Open: unposted, with this reason. Closed with to_batch: the credit went
-- on in that batch, to to_account by to_version. decided_version is the merchant's route version that the departure was
-- last decided by (REJECTED: that the refused attempt carried; 0: the merchant was unknown): when the merchant has a
-- newer one, an open departure is to be decided anew. It and `reason` are what changes while a departure is open; the
-- reasons before are in credit_hold_reason.
CREATE TABLE credit_exception (
  credit_id    bigint NOT NULL,
  exception_no integer NOT NULL CHECK (exception_no > 0),
  batch_id     bigint NOT NULL REFERENCES credit_batch,
  kind         text NOT NULL CHECK (kind IN ('HELD', 'REROUTED', 'REJECTED')),
  reason       text NOT NULL,
  bank_code    text,
  merchant_id  text NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  currency     text NOT NULL,
  decided_version integer NOT NULL CHECK (decided_version >= 0),
  release_ordered boolean NOT NULL DEFAULT false, -- to be decided without a look at the terminal: credit_release_order
  opened_at    timestamptz NOT NULL DEFAULT now(),
  closed_at    timestamptz,
  to_batch     bigint REFERENCES credit_batch,
  to_account   bigint,
  to_version   integer,
  PRIMARY KEY (credit_id, exception_no),
  CHECK ((to_batch IS NULL) = (to_account IS NULL) AND (to_batch IS NULL) = (to_version IS NULL)),
  CHECK (to_batch IS NULL OR closed_at IS NOT NULL),
  CHECK (kind <> 'REROUTED' OR to_batch IS NOT NULL)
);
-- Open departures by merchant: the one decided longest ago, and all in order of age.
CREATE INDEX credit_exception_open ON credit_exception (merchant_id, decided_version) WHERE closed_at IS NULL;
CREATE INDEX credit_exception_age ON credit_exception (merchant_id, credit_id) WHERE closed_at IS NULL;
CREATE INDEX credit_exception_ordered ON credit_exception (merchant_id, credit_id)
  WHERE closed_at IS NULL AND release_ordered AND reason = 'TERMINAL_MISMATCH';
CREATE INDEX credit_exception_to ON credit_exception (to_batch) WHERE to_batch IS NOT NULL;
CREATE INDEX credit_exception_from ON credit_exception (batch_id);

-- The reasons that a held credit had before its present one, each until when.
CREATE TABLE credit_hold_reason (
  credit_id       bigint NOT NULL,
  exception_no    integer NOT NULL,
  decided_version integer NOT NULL,
  reason          text NOT NULL,
  until           timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (credit_id, exception_no, decided_version, reason),
  FOREIGN KEY (credit_id, exception_no) REFERENCES credit_exception
);

-- Who ordered that a credit of a terminal that is not the merchant's be paid all the same, and why.
CREATE TABLE credit_release_order (
  order_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  credit_id  bigint NOT NULL,
  ordered_by text NOT NULL,
  reason     text NOT NULL,
  ordered_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX credit_release_order_of ON credit_release_order (credit_id);

-- Control totals, one row per writer (an event loop of a node) and currency, so that writers never wait for each other.
-- accepted - posted - what is open must be 0 in every snapshot; `verify` recomputes both sides from the rows.
CREATE TABLE book_total (
  writer           text NOT NULL,
  currency         text NOT NULL,
  accepted_credits bigint NOT NULL DEFAULT 0,
  accepted_minor   numeric NOT NULL DEFAULT 0,
  posted_credits   bigint NOT NULL DEFAULT 0,
  posted_minor     numeric NOT NULL DEFAULT 0,
  PRIMARY KEY (writer, currency)
) WITH (fillfactor = 50);

-- A process that may own batches, and until when it is believed to live.
CREATE TABLE node_lease (
  node_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name        text NOT NULL,
  started_at  timestamptz NOT NULL DEFAULT now(),
  lease_until timestamptz NOT NULL
);

-- A credit's status, derived: the state of its latest batch and, unless it went on in another, its latest departure.
-- `reason` is the reason of what is unposted without a departure; with one, the departure names it.
CREATE TABLE standing_rule (
  batch_state text NOT NULL,
  departure   text NOT NULL,
  status      text NOT NULL,
  reason      text,
  PRIMARY KEY (batch_state, departure)
);
INSERT INTO standing_rule VALUES
  ('RECORDED', 'NONE',     'UNPOSTED', 'QUEUED'),
  ('SENT',     'NONE',     'SENT',     'AT_BANK'),
  ('IN_DOUBT', 'NONE',     'IN_DOUBT', 'IN_DOUBT'),
  ('POSTED',   'NONE',     'POSTED',   NULL),
  ('UNROUTED', 'HELD',     'HELD',     NULL),
  ('SENT',     'HELD',     'HELD',     NULL),
  ('IN_DOUBT', 'HELD',     'HELD',     NULL),
  ('POSTED',   'HELD',     'HELD',     NULL),
  ('POSTED',   'REJECTED', 'HELD',     NULL);

CREATE VIEW credit_standing AS
SELECT c.credit_id, c.merchant_id, c.terminal_id, c.acquirer_id, c.local_date, c.batch_no, c.stan, c.type, c.rrn,
       c.captured_at, c.amount_minor, c.currency,
       b.batch_id, b.state AS batch_state, b.rail, b.settled_at, r.status, r.departure,
       coalesce(x.to_account, c.account_id) AS account_id,
       coalesce(x.to_version, c.binding_version) AS binding_version,
       CASE WHEN r.departure = 'NONE' THEN r.reason ELSE x.reason END AS reason,
       CASE WHEN r.departure = 'NONE' THEN b.recorded_at ELSE x.opened_at END AS since,
       -- Posted is a whole credit or nothing; a departure always takes the whole credit with it.
       CASE WHEN r.status = 'POSTED' THEN c.amount_minor ELSE 0 END AS posted_minor
FROM credit c
LEFT JOIN (
  SELECT DISTINCT ON (credit_id) * FROM credit_exception ORDER BY credit_id, exception_no DESC
) x ON x.credit_id = c.credit_id
JOIN credit_batch b ON b.batch_id = coalesce(x.to_batch, x.batch_id, c.credit_id >> 12)
LEFT JOIN standing_rule r ON r.batch_state = b.state
  AND r.departure = CASE WHEN x.credit_id IS NULL OR x.to_batch IS NOT NULL THEN 'NONE' ELSE x.kind END;

-- Everything unposted, from open batches and open departures alone.
CREATE VIEW unposted AS
SELECT NULL::text AS merchant_id, b.currency, b.rail, r.reason,
       (b.credits - b.departed_credits)::bigint AS credits, b.amount_minor - b.departed_minor AS amount_minor,
       b.recorded_at AS since
FROM credit_batch b JOIN standing_rule r ON r.batch_state = b.state AND r.departure = 'NONE'
WHERE b.state IN ('RECORDED', 'SENT', 'IN_DOUBT') AND b.credits > b.departed_credits
UNION ALL
SELECT e.merchant_id, e.currency, b.rail, e.reason, 1, e.amount_minor, e.opened_at
FROM credit_exception e JOIN credit_batch b USING (batch_id)
WHERE e.closed_at IS NULL;
