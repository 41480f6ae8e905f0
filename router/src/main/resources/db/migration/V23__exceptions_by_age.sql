-- Open departures by age, for the list of exceptions. Alone in its file, because it runs in no transaction.
CREATE INDEX CONCURRENTLY credit_exception_since ON credit_exception (opened_at, credit_id) WHERE closed_at IS NULL;
