-- Departures by the transaction that wrote them, for webhooks (V28). Alone in its file, because it runs in no transaction.
CREATE INDEX CONCURRENTLY credit_exception_tail ON credit_exception (xid) WHERE xid IS NOT NULL;
