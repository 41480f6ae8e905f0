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
  one_per_account  boolean NOT NULL DEFAULT false, -- its credits to one account were sent as one transfer
  retry_at         timestamptz,
  settled_at       timestamptz,
  CHECK ((rail IS NULL) = (state = 'UNROUTED')),
  CHECK (departed_credits BETWEEN 0 AND credits AND departed_minor BETWEEN 0 AND amount_minor),
  CHECK (state IN ('UNROUTED', 'RECORDED') OR claim_no IS NOT NULL)
) WITH (fillfactor = 70);
-- Only open batches: what is read every second stays small however long the history is.
CREATE INDEX credit_batch_open ON credit_batch (owner, batch_id) WHERE state IN ('RECORDED', 'SENT', 'IN_DOUBT');

-- What parts a credit from the fate of its batch, row by row. `attempt` is the one that the row speaks of. Open: what it
-- says of the credit's amount is so now, and `amount_minor` is unposted with this reason. A row is closed once:
--   WENT_ON   the amount went on in to_batch, to to_account by to_version, as the next attempt
--   POSTED    the bank credited the amount after all
--   FOLLOWED  the bank said something else; the next row has it
-- HELD, REROUTED: left before it was sent. PENDING: the bank took it and has not credited it. DOUBT: nobody knows.
-- REJECTED: the bank will not. PARTIAL: the bank credited the rest of it. RETURNED: returned_minor of it was credited and
-- came back; what else is unposted is in question, unless the bank finally will not credit it (rest_refused).
-- CONFIRMED: credited, and told before the batch's own answer was (always closed).
-- decided_version is the merchant's route version that the row was last decided by (of what was sent: that the attempt
-- carried; 0: the merchant was unknown). It and `reason` are what changes while a row is open; the reasons before are in
-- credit_hold_reason.
CREATE TABLE credit_exception (
  credit_id    bigint NOT NULL,
  exception_no integer NOT NULL CHECK (exception_no > 0),
  attempt      integer NOT NULL CHECK (attempt > 0),
  batch_id     bigint NOT NULL REFERENCES credit_batch,
  kind         text NOT NULL CHECK (kind IN ('HELD', 'REROUTED', 'PENDING', 'DOUBT', 'REJECTED', 'PARTIAL', 'RETURNED',
                                             'CONFIRMED')),
  reason       text NOT NULL,
  bank_code    text,
  merchant_id  text NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  currency     text NOT NULL,
  decided_version integer NOT NULL CHECK (decided_version >= 0),
  release_ordered boolean NOT NULL DEFAULT false, -- to be decided without a look at the terminal: credit_release_order
  -- Whether the router may decide it anew: not while the bank may still pay any of it, nor before returned money is back.
  movable      boolean NOT NULL,
  next_at      timestamptz,      -- movable: to be tried again then; PENDING, DOUBT: to be enquired then
  tries        integer NOT NULL DEFAULT 0, -- PENDING, DOUBT: enquiries made
  returned_minor bigint NOT NULL DEFAULT 0,
  rest_refused boolean NOT NULL DEFAULT false,
  money_back_at timestamptz,     -- RETURNED: when the money was back on our account
  opened_at    timestamptz NOT NULL DEFAULT now(),
  closed_at    timestamptz,
  closed_as    text CHECK (closed_as IN ('WENT_ON', 'POSTED', 'FOLLOWED')),
  to_batch     bigint REFERENCES credit_batch,
  to_account   bigint,
  to_version   integer,
  PRIMARY KEY (credit_id, exception_no),
  CHECK ((to_batch IS NULL) = (to_account IS NULL) AND (to_batch IS NULL) = (to_version IS NULL)),
  CHECK ((closed_at IS NULL) = (closed_as IS NULL)),
  CHECK ((to_batch IS NOT NULL) = (closed_as IS NOT DISTINCT FROM 'WENT_ON')),
  CHECK (kind <> 'REROUTED' OR to_batch IS NOT NULL),
  CHECK (kind <> 'CONFIRMED' OR closed_as = 'POSTED'),
  CHECK (kind NOT IN ('PENDING', 'DOUBT', 'PARTIAL', 'CONFIRMED') OR NOT movable),
  CHECK (kind NOT IN ('HELD', 'REROUTED', 'REJECTED') OR movable),
  CHECK (kind <> 'RETURNED' OR movable = (money_back_at IS NOT NULL AND (returned_minor = amount_minor OR rest_refused))),
  CHECK ((kind = 'RETURNED') = (returned_minor > 0) AND returned_minor <= amount_minor),
  CHECK (NOT rest_refused OR kind = 'RETURNED' AND returned_minor < amount_minor)
);
-- Open departures by merchant: the one decided longest ago, and all in order of age.
CREATE INDEX credit_exception_open ON credit_exception (merchant_id, decided_version) WHERE closed_at IS NULL AND movable;
CREATE INDEX credit_exception_age ON credit_exception (merchant_id, credit_id) WHERE closed_at IS NULL;
CREATE INDEX credit_exception_ordered ON credit_exception (merchant_id, credit_id)
  WHERE closed_at IS NULL AND release_ordered AND reason = 'TERMINAL_MISMATCH';
-- Movable departures whose time to be tried again is set, and open ones that the bank is to be asked about.
CREATE INDEX credit_exception_again ON credit_exception (merchant_id, next_at)
  WHERE closed_at IS NULL AND movable AND next_at IS NOT NULL;
CREATE INDEX credit_exception_ask ON credit_exception (next_at)
  WHERE closed_at IS NULL AND NOT movable AND next_at IS NOT NULL;
CREATE INDEX credit_exception_to ON credit_exception (to_batch) WHERE to_batch IS NOT NULL;
CREATE INDEX credit_exception_from ON credit_exception (batch_id);

-- The reasons that a held credit had before its present one, each until when.
CREATE TABLE credit_hold_reason (
  credit_id       bigint NOT NULL,
  exception_no    integer NOT NULL,
  decided_version integer NOT NULL,
  reason          text NOT NULL,
  until           timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (credit_id, exception_no, until),
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

-- Rails that a node cannot use at present, and why: its breaker for them is open, or the bank's window is closed. Read
-- where the reason of what waits is told.
CREATE TABLE rail_outage (
  node_id bigint NOT NULL REFERENCES node_lease,
  rail    text NOT NULL,
  reason  text NOT NULL,
  since   timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (node_id, rail)
);

-- Why a batch's credits are unposted: what its state says, unless its rail is out.
CREATE FUNCTION batch_reason(p_state text, p_reason text, p_owner bigint, p_rail text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(CASE WHEN p_state = 'RECORDED' THEN
                         (SELECT o.reason FROM rail_outage o WHERE o.node_id = p_owner AND o.rail = p_rail) END, p_reason)
$$;

-- A credit's status, derived: the state of its latest batch and, unless it went on in another, its latest departure.
-- `reason` is the reason of what is unposted without a departure; with one, the departure names it. PAID is a departure
-- that was closed as POSTED.
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
  ('UNROUTED', 'HELD',     'HELD',     NULL);
INSERT INTO standing_rule
SELECT batch_state, departure, status, NULL FROM
  unnest(ARRAY['SENT', 'IN_DOUBT', 'POSTED']) AS b(batch_state),
  unnest(ARRAY['HELD', 'PENDING', 'DOUBT',    'REJECTED', 'PARTIAL',          'RETURNED', 'PAID'],
         ARRAY['HELD', 'SENT',    'IN_DOUBT', 'HELD',     'PARTIALLY_POSTED', 'RETURNED', 'POSTED']) AS d(departure, status);

CREATE VIEW credit_standing AS
SELECT s.*, CASE WHEN s.posted_minor BETWEEN 1 AND s.amount_minor - 1 THEN 'PARTIALLY_POSTED' ELSE s.rule_status END AS status
FROM (
  SELECT c.credit_id, c.merchant_id, c.terminal_id, c.acquirer_id, c.local_date, c.batch_no, c.stan, c.type, c.rrn,
         c.captured_at, c.amount_minor, c.currency,
         b.batch_id, b.state AS batch_state, b.rail, b.settled_at, r.status AS rule_status, r.departure,
         coalesce(x.to_account, a.to_account, c.account_id) AS account_id,
         coalesce(x.to_version, a.to_version, c.binding_version) AS binding_version,
         CASE WHEN r.departure = 'NONE' THEN batch_reason(b.state, r.reason, b.owner, b.rail) WHEN r.departure <> 'PAID' THEN x.reason END AS reason,
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

-- Everything unposted, from open batches and open departures alone.
CREATE VIEW unposted AS
SELECT NULL::text AS merchant_id, b.currency, b.rail, batch_reason(b.state, r.reason, b.owner, b.rail) AS reason,
       (b.credits - b.departed_credits)::bigint AS credits, b.amount_minor - b.departed_minor AS amount_minor,
       b.recorded_at AS since
FROM credit_batch b JOIN standing_rule r ON r.batch_state = b.state AND r.departure = 'NONE'
WHERE b.state IN ('RECORDED', 'SENT', 'IN_DOUBT') AND b.credits > b.departed_credits
UNION ALL
SELECT e.merchant_id, e.currency, b.rail, e.reason, 1, e.amount_minor, e.opened_at
FROM credit_exception e JOIN credit_batch b USING (batch_id)
WHERE e.closed_at IS NULL;
