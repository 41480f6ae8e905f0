-- How far the audit is behind, for gauges that every node reads every few seconds. docs/decisions/0022-audit-chain.md

-- Seconds: how old the oldest event is that no link has, and the oldest batch whose credits no seal has; NULL: there is none.
-- Each is one step into an index, however many wait. The exception are events whose commit came after later ones were linked:
-- of those beyond linked_to, the first p_look are looked at, since what keeps linked_to back is the oldest of them.
CREATE FUNCTION audit_behind(p_look integer, OUT o_unlinked double precision, OUT o_unsealed double precision)
  LANGUAGE plpgsql STABLE
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
BEGIN
  SELECT extract(epoch FROM clock_timestamp() - min(o.at)) INTO o_unlinked FROM (
    (SELECT e.at FROM audit_event e
     WHERE e.event_id > (SELECT coalesce(max(l.event_id), 0) FROM audit_link l)
     ORDER BY e.event_id LIMIT 1)
    UNION ALL
    (SELECT n.at
     FROM (SELECT e.event_id, e.at FROM audit_event e
           WHERE e.event_id > (SELECT c.linked_to FROM audit_chain c)
           ORDER BY e.event_id LIMIT p_look) n
     WHERE NOT EXISTS (SELECT FROM audit_link l WHERE l.event_id = n.event_id)
     ORDER BY n.event_id LIMIT 1)) o;
  SELECT extract(epoch FROM clock_timestamp() - b.recorded_at) INTO o_unsealed FROM credit_batch b
  WHERE b.batch_id > (SELECT s.sealed_to FROM book_seal s)
  ORDER BY b.batch_id LIMIT 1;
END $$;
