-- The audit: who did what, when, why and from where. Changes are recorded by triggers, in the commit that makes them, so that
-- no program changes such a row without a record; refusals and log-ins are told by nodes. docs/decisions/0022-audit-chain.md

-- All there is to record. TABLE: by a trigger alone; NODE: by audit_record; BOOK: by the seals of the book (V26).
CREATE TABLE audit_action (
  action text PRIMARY KEY,
  source text NOT NULL CHECK (source IN ('TABLE', 'NODE', 'BOOK'))
);
INSERT INTO audit_action VALUES
  ('MERCHANT_ONBOARDED', 'TABLE'), ('MERCHANT_CHANGED', 'TABLE'), ('MERCHANT_HOLD_SET', 'TABLE'),
  ('TERMINAL_REGISTERED', 'TABLE'), ('TERMINAL_CHANGED', 'TABLE'),
  ('ACCOUNT_ADDED', 'TABLE'), ('ACCOUNT_CHANGED', 'TABLE'), ('ACCOUNT_STATUS_SET', 'TABLE'),
  ('BINDING_MADE', 'TABLE'), ('BINDING_CHANGED', 'TABLE'), ('ROUTE_CHANGED', 'TABLE'),
  ('CARD_CHANGE_APPLIED', 'TABLE'), ('CARD_CHANGE_CHANGED', 'TABLE'), ('CARD_CHANGE_MOVED', 'TABLE'),
  ('CARD_CHANGE_DOCUMENT_ADDED', 'TABLE'),
  ('RESOLUTION_PROPOSED', 'TABLE'), ('RESOLUTION_DECIDED', 'TABLE'),
  ('RAIL_ORDER_PROPOSED', 'TABLE'), ('RAIL_ORDER_DECIDED', 'TABLE'), ('RAIL_STOPPED', 'TABLE'), ('RAIL_STOP_CHANGED', 'TABLE'),
  ('EXCEPTIONS_ORDERED', 'TABLE'), ('EXCEPTION_ORDER_CHANGED', 'TABLE'),
  ('RELEASE_ORDERED', 'TABLE'), ('RELEASE_ORDER_CHANGED', 'TABLE'),
  ('BREAK_CHANGED', 'TABLE'), ('MONTH_ARCHIVED', 'TABLE'), ('MONTH_CHANGED', 'TABLE'),
  ('API_KEY_MADE', 'TABLE'), ('API_KEY_CHANGED', 'TABLE'), ('WEBHOOK_MADE', 'TABLE'), ('WEBHOOK_CHANGED', 'TABLE'),
  ('HISTORY_REWRITTEN', 'TABLE'), -- a row of a table that is only inserted into was changed or removed
  ('SETTINGS_READ', 'NODE'), ('LOGGED_IN', 'NODE'), ('ACCESS_REFUSED', 'NODE'), ('SIGNATURE_REFUSED', 'NODE'),
  ('RECORDS_LOST', 'NODE'), ('RIGHTS_GIVEN', 'NODE'), ('KEYS_ROTATED', 'NODE'), ('ACCOUNTS_REENCRYPTED', 'NODE'),
  ('CREDITS_SEALED', 'BOOK'), ('DEPARTURES_SEALED', 'BOOK');

CREATE TABLE audit_event (
  event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor    text NOT NULL, -- a person's name, a key's id, the router's own names, or the database user where nobody is named
  role     text NOT NULL, -- of a person or key; '' otherwise
  action   text NOT NULL REFERENCES audit_action,
  object   text NOT NULL,
  reason   text,
  origin   text NOT NULL, -- the caller's address; where there is no caller, that of the database connection
  node     text NOT NULL, -- application_name: the process and what it used the connection for
  detail   jsonb NOT NULL
);
CREATE INDEX audit_event_object ON audit_event (object, event_id);
CREATE INDEX audit_event_actor ON audit_event (actor, event_id);

-- The chain: each link's hash is over the hash before it and the text of one event. In the order in which the events were
-- seen, without gaps.
CREATE TABLE audit_link (
  seq       bigint PRIMARY KEY CHECK (seq > 0),
  event_id  bigint NOT NULL UNIQUE REFERENCES audit_event,
  hash      bytea NOT NULL CHECK (octet_length(hash) = 32),
  linked_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_link
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- Where the chain goes on; nothing is believed because of it. Ids are drawn before commits, in another order: every event up
-- to linked_to is linked, and none can come any more; those up to up_to are all to be seen when every transaction before
-- horizon is over.
CREATE TABLE audit_chain (
  only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  linked_to bigint NOT NULL DEFAULT 0,
  up_to     bigint NOT NULL DEFAULT 0,
  horizon   xid8 NOT NULL DEFAULT '0'
);
INSERT INTO audit_chain DEFAULT VALUES;

-- Says, for this transaction, who calls, in which role and from where; returns the name. A statement takes the name that it
-- writes from here, so that it cannot run before.
CREATE FUNCTION called_by(p_name text, p_role text, p_from text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('settle.caller_name', coalesce(p_name, ''), true), set_config('settle.caller_role', coalesce(p_role, ''), true),
          set_config('settle.caller_from', coalesce(p_from, ''), true);
  RETURN p_name;
END $$;

-- Writes an event and returns its id, for functions that run with the owner's rights; who calls it otherwise has none to the
-- table. The transaction has its number before the event draws its own: audit_chain.horizon rests on that.
CREATE FUNCTION write_audit_event(
  p_actor text, p_role text, p_action text, p_object text, p_reason text, p_origin text, p_detail jsonb)
  RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  v_event bigint;
BEGIN
  PERFORM pg_current_xact_id();
  INSERT INTO audit_event (actor, role, action, object, reason, origin, node, detail)
  VALUES (left(p_actor, 200), left(p_role, 50), p_action, left(p_object, 400), left(p_reason, 2000),
          left(coalesce(nullif(p_origin, ''), host(inet_client_addr()), 'local'), 100),
          left(current_setting('application_name'), 100), p_detail || jsonb_build_object('databaseUser', session_user))
  RETURNING event_id INTO v_event;
  RETURN v_event;
END $$;

-- What a node tells of itself and its callers.
CREATE FUNCTION audit_record(
  p_actor text, p_role text, p_action text, p_object text, p_reason text, p_origin text, p_detail jsonb)
  RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM audit_action a WHERE a.action = p_action AND a.source = 'NODE') THEN
    RAISE EXCEPTION '% is not a node''s to record', p_action USING ERRCODE = 'check_violation';
  END IF;
  PERFORM write_audit_event(p_actor, p_role, p_action, p_object, p_reason, p_origin, p_detail);
END $$;

-- A number as the API spells ids: in base 32, after a prefix, with so many places at least.
CREATE FUNCTION public_id(p_prefix text, p_number bigint, p_places integer) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  v_left bigint := p_number;
  v_text text := '';
BEGIN
  LOOP
    v_text := substr('0123456789ABCDEFGHIJKLMNOPQRSTUV', (v_left & 31)::integer + 1, 1) || v_text;
    v_left := v_left >> 5;
    EXIT WHEN v_left = 0;
  END LOOP;
  RETURN p_prefix || lpad(v_text, greatest(p_places, length(v_text)), '0');
END $$;

-- Records a row's change. Arguments: the action of a new row; of a changed or removed one; what such an object is called, and
-- how its ids begin where they are numbers; the columns of its key; the column that names who made a new row; who changed one;
-- those that say why; those whose content is never shown; those whose change alone is not told. Lists are separated by commas.
CREATE FUNCTION audit_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_row     jsonb := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
  v_was     jsonb;
  v_hidden  text[] := string_to_array(TG_ARGV[7], ',');
  v_changed text[];
  v_who     text;
  v_why     text;
  v_object  text := TG_ARGV[2];
  v_name    text;
  v_between text := ' ';
  v_caller  text := nullif(current_setting('settle.caller_name', true), '');
  v_role    text := '';
  v_detail  jsonb;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    v_was := to_jsonb(OLD);
    SELECT array_agg(n.key ORDER BY n.key) INTO v_changed
    FROM jsonb_each(v_row) n WHERE n.value IS DISTINCT FROM v_was -> n.key;
    IF v_changed IS NULL OR v_changed <@ string_to_array(TG_ARGV[8], ',') THEN
      RETURN NULL;
    END IF;
  END IF;
  -- Who stands in the row, where this change wrote it.
  IF TG_OP = 'INSERT' THEN
    v_who := v_row ->> TG_ARGV[4];
  ELSIF TG_ARGV[5] = ANY (v_changed) THEN
    v_who := v_row ->> TG_ARGV[5];
  END IF;
  v_who := coalesce(v_who, v_caller, session_user);
  IF v_who = v_caller THEN
    v_role := coalesce(current_setting('settle.caller_role', true), '');
  END IF;
  FOREACH v_name IN ARRAY string_to_array(TG_ARGV[6], ',') LOOP
    v_why := coalesce(v_why, nullif(v_row ->> v_name, ''));
  END LOOP;
  IF v_object LIKE '% %' THEN
    v_object := public_id(v_object, (v_row ->> TG_ARGV[3])::bigint, CASE v_object WHEN 'credit C' THEN 13 ELSE 1 END);
  ELSE
    FOREACH v_name IN ARRAY string_to_array(TG_ARGV[3], ',') LOOP
      v_object := v_object || v_between || (v_row ->> v_name);
      v_between := '/';
    END LOOP;
  END IF;
  v_detail := jsonb_build_object('table', TG_TABLE_NAME, 'row', jsonb_strip_nulls(v_row - v_hidden));
  IF TG_OP = 'UPDATE' THEN
    v_detail := v_detail || jsonb_build_object('changed', v_changed, 'was', (
      SELECT coalesce(jsonb_object_agg(c, v_was -> c), '{}') FROM unnest(v_changed) c WHERE NOT c = ANY (v_hidden)));
  ELSIF TG_OP = 'DELETE' THEN
    v_detail := v_detail || '{"removed": true}';
  END IF;
  IF v_caller <> v_who THEN
    v_detail := v_detail || jsonb_build_object('caller', v_caller);
  END IF;
  PERFORM write_audit_event(v_who, v_role, TG_ARGV[CASE TG_OP WHEN 'INSERT' THEN 0 ELSE 1 END], v_object, v_why,
    current_setting('settle.caller_from', true), v_detail);
  RETURN NULL;
END $$;

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON merchant FOR EACH ROW EXECUTE FUNCTION audit_change(
  'MERCHANT_ONBOARDED', 'MERCHANT_CHANGED', 'merchant', 'merchant_id', '', '', '', '', 'route_version');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON terminal FOR EACH ROW EXECUTE FUNCTION audit_change(
  'TERMINAL_REGISTERED', 'TERMINAL_CHANGED', 'terminal', 'merchant_id,terminal_id', '', '', '', '', '');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON account FOR EACH ROW EXECUTE FUNCTION audit_change(
  'ACCOUNT_ADDED', 'ACCOUNT_CHANGED', 'account A', 'account_id', '', '', '', 'number_cipher,number_hash', '');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON account_status_change FOR EACH ROW EXECUTE FUNCTION audit_change(
  'ACCOUNT_STATUS_SET', 'HISTORY_REWRITTEN', 'account A', 'account_id', 'changed_by', '', 'reason', '', '');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON binding FOR EACH ROW EXECUTE FUNCTION audit_change(
  'BINDING_MADE', 'BINDING_CHANGED', 'binding', 'merchant_id,terminal_id,version', '', '', '', '', '');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON route_change FOR EACH ROW EXECUTE FUNCTION audit_change(
  'ROUTE_CHANGED', 'HISTORY_REWRITTEN', 'merchant', 'merchant_id', 'changed_by', '', 'cause', '', '');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON merchant_hold_change FOR EACH ROW EXECUTE FUNCTION audit_change(
  'MERCHANT_HOLD_SET', 'HISTORY_REWRITTEN', 'merchant', 'merchant_id', 'changed_by', '', 'reason', '', '');
-- A move of a card change is recorded with its step; how often a bank was asked is nobody's deed.
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON card_change FOR EACH ROW EXECUTE FUNCTION audit_change(
  'CARD_CHANGE_APPLIED', 'CARD_CHANGE_CHANGED', 'card-change CC', 'change_id', 'maker', 'moved_by', 'moved_why,reason', '',
  'state,open,steps,moved_as,moved_by,moved_why,attempts,verify_at,last_error,faults,retry_at');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON card_change_step FOR EACH ROW EXECUTE FUNCTION audit_change(
  'CARD_CHANGE_MOVED', 'HISTORY_REWRITTEN', 'card-change CC', 'change_id', 'moved_by', '', 'detail', '', '');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON card_change_document FOR EACH ROW EXECUTE FUNCTION audit_change(
  'CARD_CHANGE_DOCUMENT_ADDED', 'HISTORY_REWRITTEN', 'card-change CC', 'change_id', '', '', '', '', '');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON resolution FOR EACH ROW EXECUTE FUNCTION audit_change(
  'RESOLUTION_PROPOSED', 'RESOLUTION_DECIDED', 'resolution RS', 'resolution_id', 'proposed_by', 'decided_by', 'evidence', '', '');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON rail_order FOR EACH ROW EXECUTE FUNCTION audit_change(
  'RAIL_ORDER_PROPOSED', 'RAIL_ORDER_DECIDED', 'rail-order RO', 'order_id', 'proposed_by', 'decided_by', 'decision_reason,reason',
  '', '');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON rail_stop FOR EACH ROW EXECUTE FUNCTION audit_change(
  'RAIL_STOPPED', 'RAIL_STOP_CHANGED', 'rail', 'rail', '', '', '', '', '');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON exception_order FOR EACH ROW EXECUTE FUNCTION audit_change(
  'EXCEPTIONS_ORDERED', 'EXCEPTION_ORDER_CHANGED', 'exception-order', 'order_id', 'ordered_by', 'stopped_by', 'reason', '',
  'done,faults,worker,lease_until,told_at');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON credit_release_order FOR EACH ROW EXECUTE FUNCTION audit_change(
  'RELEASE_ORDERED', 'RELEASE_ORDER_CHANGED', 'credit C', 'credit_id', 'ordered_by', '', 'reason', '', '');
-- A break that is opened is the router's or a comparison's word, not a deed; that it is closed is one.
CREATE TRIGGER audit AFTER UPDATE OR DELETE ON settlement_break FOR EACH ROW EXECUTE FUNCTION audit_change(
  '', 'BREAK_CHANGED', 'break BR', 'break_id', '', 'closed_by', 'closed_note', '', '');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON archived_month FOR EACH ROW EXECUTE FUNCTION audit_change(
  'MONTH_ARCHIVED', 'MONTH_CHANGED', 'month', 'month', '', 'taken_out_by', 'taken_out_to', '', 'moved_to');

-- The text of an event that its link's hash is over: its columns in order, each as the number of its bytes, a colon and
-- itself, or a dash where it is NULL, with commas between.
CREATE FUNCTION audit_text(e audit_event) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT string_agg(coalesce(octet_length(f.value) || ':' || f.value, '-'), ',' ORDER BY f.place)
  FROM unnest(ARRAY[
    e.event_id::text, (extract(epoch FROM e.at) * 1000000)::bigint::text, e.actor, e.role, e.action, e.object, e.reason,
    e.origin, e.node, e.detail::text]) WITH ORDINALITY AS f(value, place)
$$;

-- Links up to p_limit events that have none. Returns how many; 0 also while another node does it.
CREATE FUNCTION link_audit(p_limit integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  c        audit_chain;
  e        audit_event;
  v_over   boolean;
  v_seq    bigint;
  v_hash   bytea;
  v_linked integer := 0;
  v_drawn  bigint;
BEGIN
  IF pg_current_xact_id_if_assigned() IS NOT NULL THEN
    RAISE EXCEPTION 'link_audit needs a transaction of its own';
  END IF;
  -- Before this transaction has its number: whoever has drawn one of these ids has a lower one, and is over when all lower ones are.
  SELECT CASE WHEN s.is_called THEN s.last_value ELSE 0 END INTO v_drawn FROM audit_event_event_id_seq s;
  IF (SELECT h.linked_to >= v_drawn FROM audit_chain h) THEN
    RETURN 0;
  END IF;
  SELECT * INTO c FROM audit_chain FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  -- Before the events are looked for. A horizon beyond all numbers is that of another server, from which this was restored.
  v_over := pg_snapshot_xmin(pg_current_snapshot()) >= c.horizon;
  SELECT l.seq, l.hash INTO v_seq, v_hash FROM audit_link l ORDER BY l.seq DESC LIMIT 1;
  v_seq := coalesce(v_seq, 0);
  v_hash := coalesce(v_hash, sha256('settle audit'));
  FOR e IN
    SELECT a.* FROM audit_event a
    WHERE a.event_id > c.linked_to AND NOT EXISTS (SELECT FROM audit_link l WHERE l.event_id = a.event_id)
    ORDER BY a.event_id LIMIT p_limit
  LOOP
    v_seq := v_seq + 1;
    v_linked := v_linked + 1;
    v_hash := sha256(v_hash || convert_to(audit_text(e), 'UTF8'));
    INSERT INTO audit_link (seq, event_id, hash) VALUES (v_seq, e.event_id, v_hash);
  END LOOP;
  IF v_linked < p_limit THEN
    IF v_over THEN
      UPDATE audit_chain SET linked_to = c.up_to;
    END IF;
    IF v_over OR c.horizon > pg_current_xact_id() THEN
      UPDATE audit_chain SET up_to = v_drawn, horizon = pg_current_xact_id();
    END IF;
  END IF;
  RETURN v_linked;
END $$;

-- What the router's own database user may do to each table. SELECT it may everywhere; `rights` are INSERT and DELETE, `columns`
-- those that it may UPDATE. A row of history is never removed, and changed in these columns alone. Whoever adds a table adds
-- its row here; `settle migrate` gives the rights.
CREATE TABLE router_right (
  relation text PRIMARY KEY,
  rights   text NOT NULL CHECK (rights IN ('', 'INSERT', 'INSERT, DELETE')),
  columns  text[] NOT NULL,
  history  boolean NOT NULL,
  CHECK (NOT (history AND rights LIKE '%DELETE%'))
);
INSERT INTO router_right (relation, history, rights, columns) VALUES
  -- Written once.
  ('audit_action', true, '', '{}'),
  ('audit_event', true, '', '{}'),
  ('audit_link', true, '', '{}'),
  ('router_right', true, '', '{}'),
  ('flyway_schema_history', true, '', '{}'),
  ('standing_rule', true, '', '{}'),
  ('card_change_move', true, '', '{}'),
  ('archived_month', true, '', '{}'),
  ('archived_total', true, '', '{}'),
  ('archived_rows', true, '', '{}'),
  ('archived_batch_part', true, '', '{}'),
  ('archive.credit', true, '', '{}'),
  ('archive.credit_batch', true, '', '{}'),
  ('archive.credit_exception', true, '', '{}'),
  ('archive.credit_hold_reason', true, '', '{}'),
  ('archive.credit_release_order', true, '', '{}'),
  ('credit', true, 'INSERT', '{}'),
  ('terminal', true, 'INSERT', '{}'),
  ('route_change', true, 'INSERT', '{}'),
  ('account_status_change', true, 'INSERT', '{}'),
  ('merchant_hold_change', true, 'INSERT', '{}'),
  ('credit_hold_reason', true, 'INSERT', '{}'),
  ('credit_release_order', true, 'INSERT', '{}'),
  ('card_change_step', true, 'INSERT', '{}'),
  ('card_change_document', true, 'INSERT', '{}'),
  ('rail_notification', true, 'INSERT', '{}'),
  -- What was agreed stays; how it stands moves.
  ('merchant', true, 'INSERT', '{route_version,on_hold}'),
  ('account', true, 'INSERT', '{status}'),
  ('binding', true, 'INSERT', '{effective}'),
  ('credit_batch', true, 'INSERT',
   '{state,departed_credits,departed_minor,owner,epoch,tries,claim_no,claimed_at,one_per_account,retry_at,settled_at}'),
  ('credit_exception', true, 'INSERT',
   '{reason,decided_version,release_ordered,movable,next_at,tries,money_back_at,closed_at,closed_as,to_batch,to_account,to_version}'),
  ('card_change', true, 'INSERT',
   '{checker,state,steps,moved_as,moved_by,moved_why,attempts,verify_at,last_error,name_match,test_credit,test_credit_id,test_credit_reason,faults,retry_at,effective_at,version}'),
  ('settlement_break', true, 'INSERT', '{closed_at,closed_by,closed_note}'),
  ('resolution', true, 'INSERT', '{state,decided_by,decided_at,verdict}'),
  ('rail_order', true, 'INSERT', '{state,decided_by,decided_at,decision_reason}'),
  ('exception_order', true, 'INSERT', '{state,total,done,faults,worker,lease_until,told_at,ended_at,stopped_by}'),
  ('exception_order_item', true, 'INSERT', '{outcome,acted_at,kept_next_at}'),
  -- Figures and states, no history.
  ('audit_chain', false, '', '{}'),
  ('exception_order_total', false, 'INSERT', '{credits,amount_minor}'),
  ('exception_assignment', false, 'INSERT', '{assignee,order_id,assigned_at}'),
  ('book_total', false, 'INSERT', '{accepted_credits,accepted_minor,posted_credits,posted_minor}'),
  ('node_lease', false, 'INSERT', '{lease_until}'),
  ('rail_outage', false, 'INSERT, DELETE', '{reason,since}'),
  ('rail_stop', false, 'INSERT, DELETE', '{state,order_id,drain_to,since}'),
  ('draining_batch', false, 'INSERT, DELETE', '{}'),
  ('rail_normal_time', false, 'INSERT', '{normal,samples,learned_at}'),
  ('fence_audit', false, '', '{audited,up_to,in_flight}'),
  ('route_canary', false, '', '{version,changed_at,xid}'),
  ('replay_promise', false, '', '{}');

-- Partitions are their maker's, who is the owner of the book.
ALTER FUNCTION ensure_credit_partitions(date, date) SECURITY DEFINER SET search_path = public, pg_temp;

-- Gives a database user the rights of a router, and takes from it all others that it has in these schemas. Run by the owner.
CREATE FUNCTION give_router_rights(p_user name) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  r      router_right;
  v_name text;
  v_kind "char";
BEGIN
  IF NOT pg_has_role((SELECT c.relowner FROM pg_class c WHERE c.oid = 'credit'::regclass), 'USAGE') THEN
    RAISE EXCEPTION 'only the owner of the schema gives rights to it' USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('REVOKE CREATE ON SCHEMA public FROM PUBLIC, %I', p_user);
  EXECUTE format('GRANT USAGE ON SCHEMA public, archive TO %I', p_user);
  -- What is the owner's: an extension's tables may be another's.
  FOR v_name, v_kind IN SELECT c.oid::regclass::text, c.relkind FROM pg_class c
      WHERE c.relnamespace IN ('public'::regnamespace, 'archive'::regnamespace) AND c.relkind IN ('r', 'p', 'v', 'S')
        AND pg_has_role(c.relowner, 'USAGE') LOOP
    EXECUTE format('REVOKE ALL ON %s %s FROM %I', CASE v_kind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, v_name, p_user);
    EXECUTE format('REVOKE %s ON %s %s FROM PUBLIC', CASE v_kind WHEN 'S' THEN 'UPDATE' ELSE 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER' END,
      CASE v_kind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, v_name);
    IF v_kind = 'v' THEN
      EXECUTE format('GRANT SELECT ON %s TO %I', v_name, p_user);
    END IF;
  END LOOP;
  FOR r IN SELECT * FROM router_right LOOP
    v_name := to_regclass(r.relation)::text;
    IF v_name IS NOT NULL THEN
      EXECUTE format('GRANT %s ON %s TO %I', concat_ws(', ', 'SELECT', nullif(r.rights, '')), v_name, p_user);
      IF r.columns <> '{}' THEN
        EXECUTE format('GRANT UPDATE (%s) ON %s TO %I', array_to_string(r.columns, ', '), v_name, p_user);
      END IF;
    END IF;
  END LOOP;
  EXECUTE format('GRANT USAGE, SELECT ON SEQUENCE fence_order, batch_ids, account_ids, card_change_ids TO %I', p_user);
  -- What acts with the owner's rights is for the router alone.
  FOR v_name IN SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC, %I', v_name, p_user);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', v_name, p_user);
  END LOOP;
END $$;
