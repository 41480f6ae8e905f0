-- How nodes hear of changed routes when the cluster does not tell them: the tail of route_change in order of commit, and a
-- canary, so that silence is not taken for freshness.

-- By whose transaction a change was written: whatever a snapshot does not show yet has an id not below its xmin.
ALTER TABLE route_change ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX route_change_tail ON route_change (xid);

-- A route of nobody, rewritten every second by whichever node comes first, that travels like any other.
CREATE TABLE route_canary (
  only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version    integer NOT NULL,
  changed_at timestamptz NOT NULL,
  xid        xid8 NOT NULL
);
INSERT INTO route_canary (version, changed_at, xid) VALUES (1, clock_timestamp(), pg_current_xact_id());

-- Rewrites the canary unless somebody has within p_every. Returns its new version, or NULL.
CREATE FUNCTION rewrite_canary(p_every interval) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  v_version integer;
BEGIN
  UPDATE route_canary SET version = version + 1, changed_at = clock_timestamp(), xid = pg_current_xact_id()
  WHERE changed_at < clock_timestamp() - p_every
  RETURNING version INTO v_version;
  IF v_version IS NOT NULL THEN
    PERFORM pg_notify('route_changed', '~canary ' || v_version);
  END IF;
  RETURN v_version;
END $$;

-- When a change was committed, where the database keeps that (track_commit_timestamp); NULL: it does not.
CREATE FUNCTION committed_at(p_xid xid8) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN current_setting('track_commit_timestamp')::boolean THEN pg_xact_commit_timestamp(p_xid::xid) END
$$;

-- The changes that were not to be seen when p_since was the o_next of an earlier call: the newest of each merchant, of
-- p_limit at most. o_changed_at is the time of the commit, or where that is not kept a moment before it; o_next, the same in
-- every row, is where the next call goes on; o_now is the clock. Where nothing has changed one row comes, without a merchant.
-- NULL for p_since: only where to begin. o_more: there were more, and whose they are is not known.
CREATE FUNCTION route_tail(p_since xid8, p_limit integer)
  RETURNS TABLE (o_merchant text, o_version integer, o_changed_at timestamptz, o_next xid8, o_more boolean, o_now timestamptz)
  LANGUAGE sql STABLE AS $$
  WITH tail AS (
    SELECT c.merchant_id, c.version, coalesce(committed_at(c.xid), c.changed_at) AS changed_at
    FROM route_change c WHERE c.xid >= p_since ORDER BY c.xid LIMIT p_limit
  ), newest AS (
    SELECT DISTINCT ON (t.merchant_id) t.merchant_id, t.version, t.changed_at FROM tail t ORDER BY t.merchant_id, t.version DESC
  ), told AS (
    SELECT merchant_id, version, changed_at FROM newest
    UNION ALL
    SELECT '~canary', n.version, coalesce(committed_at(n.xid), n.changed_at) FROM route_canary n WHERE n.xid >= p_since)
  SELECT t.merchant_id, t.version, t.changed_at, pg_snapshot_xmin(pg_current_snapshot()),
         (SELECT count(*) FROM tail) = p_limit, clock_timestamp()
  FROM (SELECT) one LEFT JOIN told t ON true
$$;
