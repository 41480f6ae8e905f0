-- Registers a merchant with its terminals and first account, all or nothing. The same again changes nothing, also after
-- more terminals have been registered: those of the onboarding carry its time.
-- outcome: ONBOARDED, REPLAYED, or CONFLICT when the merchant exists and was registered differently.
CREATE FUNCTION onboard_merchant(
  p_merchant text, p_name text, p_mcc text, p_terminals text[], p_cipher bytea, p_hash bytea, p_last4 text, p_bank text,
  p_holder text, p_type text, p_by text, OUT outcome text, OUT account bigint, OUT version integer)
  LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO merchant (merchant_id, name, mcc, route_version) VALUES (p_merchant, p_name, p_mcc, 1)
    ON CONFLICT (merchant_id) DO NOTHING;
  IF NOT FOUND THEN
    SELECT CASE WHEN m.name = p_name AND m.mcc = p_mcc AND a.number_hash = p_hash AND a.bank = p_bank
                     AND a.holder = p_holder AND a.type = p_type
                     AND p_terminals <@ t.ids AND t.ids <@ p_terminals
                THEN 'REPLAYED' ELSE 'CONFLICT' END, a.account_id, m.route_version
    INTO outcome, account, version
    FROM merchant m
    JOIN LATERAL (SELECT * FROM account f WHERE f.merchant_id = m.merchant_id ORDER BY f.account_id LIMIT 1) a ON true
    CROSS JOIN LATERAL (SELECT coalesce(array_agg(terminal_id), '{}') AS ids FROM terminal t
      WHERE t.merchant_id = m.merchant_id AND t.registered_at = m.onboarded_at) t
    WHERE m.merchant_id = p_merchant;
    RETURN;
  END IF;

  outcome := 'ONBOARDED';
  account := nextval('account_ids');
  version := 1;
  INSERT INTO terminal (merchant_id, terminal_id) SELECT p_merchant, unnest(p_terminals);
  INSERT INTO account (account_id, merchant_id, number_cipher, number_hash, last4, bank, holder, type, status)
    VALUES (account, p_merchant, p_cipher, p_hash, p_last4, p_bank, p_holder, p_type, 'ACTIVE');
  INSERT INTO route_change (merchant_id, version, fence_no, cause, changed_by)
    VALUES (p_merchant, 1, nextval('fence_order'), 'ONBOARDED', p_by);
  INSERT INTO account_status_change (account_id, fence_no, status, reason, changed_by)
    SELECT account, fence_no, 'ACTIVE', 'onboarded', p_by FROM route_change c WHERE c.merchant_id = p_merchant AND c.version = 1;
  INSERT INTO binding (merchant_id, version, account_id, effective)
    VALUES (p_merchant, 1, account, tstzrange(clock_timestamp(), NULL));
END $$;
