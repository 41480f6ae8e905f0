-- A column with a default, a table, a function beside one of the same name with fewer parameters, and a view beside.
ALTER TABLE credit_batch ADD COLUMN note text NOT NULL DEFAULT '';
CREATE TABLE credit_channel (
  credit_id bigint PRIMARY KEY,
  channel   text NOT NULL
);
CREATE FUNCTION add_posted(p_writer text, p_currency text, p_credits bigint, p_minor bigint, p_channel text)
  RETURNS void LANGUAGE sql AS $$ SELECT add_posted(p_writer, p_currency, p_credits, p_minor) $$;
CREATE VIEW credit_by_channel AS SELECT channel, count(*) AS credits FROM credit_channel GROUP BY channel;
