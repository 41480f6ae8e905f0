-- What reconciliation asks of the book, and how people end a break.

-- A batch's time of posting follows its place in the table: ranges of it cost a few pages, and no update more than before.
CREATE INDEX credit_batch_settled ON credit_batch USING brin (settled_at) WITH (pages_per_range = 16);

CREATE INDEX settlement_break_of ON settlement_break (end_to_end_id);

-- Ends a break by a person's word. Returns CLOSED; REPLAYED when the same person has ended it with the same word before;
-- OTHERWISE when it was ended another way; NULL when there is no such break.
CREATE FUNCTION close_break(p_break bigint, p_by text, p_note text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  UPDATE settlement_break SET closed_at = clock_timestamp(), closed_by = p_by, closed_note = p_note
  WHERE break_id = p_break AND closed_at IS NULL;
  IF FOUND THEN
    RETURN 'CLOSED';
  END IF;
  RETURN (SELECT CASE WHEN b.closed_by = p_by AND b.closed_note = p_note THEN 'REPLAYED' ELSE 'OTHERWISE' END
          FROM settlement_break b WHERE b.break_id = p_break);
END $$;
