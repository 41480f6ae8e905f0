-- Departures that ended as posted by when, for webhooks (V28). Alone in its file, because it runs in no transaction.
CREATE INDEX CONCURRENTLY credit_exception_paid ON credit_exception (closed_at) WHERE closed_as = 'POSTED';
