-- Open departures of a reason by age. Alone in its file, because it runs in no transaction.
CREATE INDEX CONCURRENTLY credit_exception_why ON credit_exception (reason, opened_at, credit_id) WHERE closed_at IS NULL;
