-- Sessions: one row is one family of refresh tokens.

-- name: session_add
-- Starts a session: $4 the idle and $5 the absolute life in microseconds.
INSERT INTO numlease.sessions (id, user_id, token_hash, expires_at,
    absolute_expires_at, ip, user_agent)
VALUES ($1, $2, $3,
    now() + least($4::bigint, $5::bigint) * interval '1 microsecond',
    now() + $5::bigint * interval '1 microsecond', $6, $7);

-- name: session_rotate
-- Replaces the current token $2 of session $1 by $3 and prolongs it by $4
-- microseconds; gives its user, or nothing when $2 is not the current one.
UPDATE numlease.sessions s
SET previous_hash = s.token_hash,
    token_hash = $3,
    rotated_at = now(),
    expires_at = least(now() + $4::bigint * interval '1 microsecond',
        s.absolute_expires_at),
    ip = $5
FROM numlease.users u
WHERE s.id = $1 AND s.token_hash = $2
  AND s.revoked_at IS NULL AND s.expires_at > now()
  AND u.id = s.user_id AND u.status = 'active'
RETURNING u.id, u.public_id, u.email, '' AS password_hash, u.role, u.status,
    u.version, u.created_at;

-- name: session_repeat
-- The user of a live session whose previous token is $2 and was exchanged
-- for $3 less than $4 microseconds ago by the same user agent.
-- read
SELECT u.id, u.public_id, u.email, '' AS password_hash, u.role, u.status,
    u.version, u.created_at
FROM numlease.sessions s
JOIN numlease.users u ON u.id = s.user_id
WHERE s.id = $1 AND s.previous_hash = $2 AND s.token_hash = $3
  AND s.rotated_at > now() - $4::bigint * interval '1 microsecond'
  AND s.user_agent = $5
  AND s.revoked_at IS NULL AND s.expires_at > now()
  AND u.status = 'active';

-- name: session_remove
-- Ends a live session; its tokens stay, so that later use is seen.
UPDATE numlease.sessions
SET revoked_at = now()
WHERE id = $1 AND revoked_at IS NULL AND expires_at > now();

-- name: session_remove_of
-- Ends all live sessions of a user.
UPDATE numlease.sessions
SET revoked_at = now()
WHERE user_id = $1 AND revoked_at IS NULL;

-- name: session_is_admin
-- Counts 1 when session $1 lives and belongs to administrator $2, whose
-- credentials are still those of version $3.
-- read
SELECT count(*) AS n
FROM numlease.sessions s
JOIN numlease.users u ON u.id = s.user_id
WHERE s.id = $1 AND s.user_id = $2
  AND s.revoked_at IS NULL AND s.expires_at > now()
  AND u.role = 'admin' AND u.status = 'active' AND u.version = $3;
