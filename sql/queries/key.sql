-- API keys.

-- name: key_by_hash
-- The live key of a hash and kind, and whether its last use should be noted
-- again.
-- read
SELECT k.id, k.user_id,
    coalesce(k.last_used_at < now() - interval '1 minute', true) AS is_stale
FROM numlease.api_keys k
JOIN numlease.users u ON u.id = k.user_id
WHERE k.hash = $1 AND k.kind = $2
  AND k.revoked_at IS NULL AND u.status = 'active';

-- name: key_touch
-- Notes that a key was used, at most once a minute.
UPDATE numlease.api_keys
SET last_used_at = now()
WHERE id = $1
  AND coalesce(last_used_at < now() - interval '1 minute', true);

-- name: key_add
-- A new key of user $2, unless the user has $7 live ones already.
INSERT INTO numlease.api_keys (id, user_id, kind, name, prefix, hash)
SELECT $1, $2, $3, $4, $5, $6
WHERE (SELECT count(*) FROM numlease.api_keys
       WHERE user_id = $2 AND revoked_at IS NULL) < $7::bigint
RETURNING id, name, kind, prefix, created_at, last_used_at;

-- name: key_list
-- A user's live keys, oldest first.
-- read
SELECT id, name, kind, prefix, created_at, last_used_at
FROM numlease.api_keys
WHERE user_id = $1 AND revoked_at IS NULL
ORDER BY created_at, id;

-- name: key_remove
-- Revokes a live key of its owner.
UPDATE numlease.api_keys
SET revoked_at = now()
WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL;
