-- What was applied to the schema.

-- name: migrate_lock
-- One at a time, until the end of the transaction.
SELECT 1 AS n
FROM (SELECT pg_advisory_xact_lock(7451203301)) locked;

-- name: migrate_patience
-- From here to the end of the transaction wait only shortly for locks.
SELECT set_config('lock_timeout', '3s', true);

-- name: migrate_exists
-- Counts 1 when there is a list of what was applied.
-- read
SELECT count(to_regclass('numlease.migrations')) AS n;

-- name: migrate_list
-- What was applied.
-- read
SELECT kind, name, sha256, applied_at
FROM numlease.migrations
ORDER BY kind, name;

-- name: migrate_sum
-- The SHA-256 of a text.
-- read
SELECT encode(sha256(convert_to($1, 'UTF8')), 'hex') AS status;

-- name: migrate_note
-- Notes what was applied just now.
INSERT INTO numlease.migrations (kind, name, sha256)
VALUES ($1, $2, $3)
ON CONFLICT (kind, name) DO UPDATE
SET sha256 = excluded.sha256, applied_at = now();
