-- What is forgotten after a time: at most $2 rows older than $1 ms.

-- name: cleanup_sessions
-- Sessions that ended then.
SELECT numlease.cleanup_sessions($1, $2::integer) AS n;

-- name: cleanup_idempotency
-- Keys of requests made then.
SELECT numlease.cleanup_idempotency($1, $2::integer) AS n;

-- name: cleanup_messages
-- The words of SMS whose number was closed then.
SELECT numlease.cleanup_messages($1, $2::integer) AS n;

-- name: cleanup_deliveries
-- Deliveries that were over then.
SELECT numlease.cleanup_deliveries($1, $2::integer) AS n;
