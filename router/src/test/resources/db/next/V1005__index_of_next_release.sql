-- Alone in its file, because it runs in no transaction; sales go on meanwhile.
CREATE INDEX CONCURRENTLY credit_batch_by_rail ON credit_batch (rail, batch_id);
