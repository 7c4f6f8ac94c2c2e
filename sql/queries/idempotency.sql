-- Keys of requests that must happen once.

-- name: idempotency_by_key
-- What a user's key did before.
-- read
SELECT key, fingerprint, activation_id, status, response
FROM numlease.idempotency_keys
WHERE user_id = $1 AND key = $2;

-- name: idempotency_finish
-- Stores the definitive answer of a key; the first one stays.
SELECT numlease.idempotency_finish($1, $2, $3, $4, $5::integer, $6) AS status;
