-- Users.

-- name: user_add
-- A new user; the trigger on users gives the wallet. A taken address is a
-- unique violation.
INSERT INTO numlease.users (email, password_hash, role)
VALUES ($1, $2, $3)
RETURNING id, public_id, email, password_hash, role, status, version,
    created_at;

-- name: user_by_email
-- The user of an address in lower case.
-- read
SELECT id, public_id, email, password_hash, role, status, version,
    created_at
FROM numlease.users
WHERE email = $1;

-- name: user_by_id
-- The user of an id.
-- read
SELECT id, public_id, email, password_hash, role, status, version,
    created_at
FROM numlease.users
WHERE id = $1;

-- name: user_by_public_id
-- The user of a UUID.
-- read
SELECT id, public_id, email, '' AS password_hash, role, status, version,
    created_at
FROM numlease.users
WHERE public_id = $1;

-- name: user_set_password
-- Replaces a password hash, unless it was replaced meanwhile.
UPDATE numlease.users
SET password_hash = $3, updated_at = now()
WHERE id = $1 AND password_hash = $2;

-- name: user_list
-- All users by age, for the operator; $1 the last id seen, $2 how many.
-- read
SELECT id, public_id, email, '' AS password_hash, role, status, version,
    created_at
FROM numlease.users
WHERE id > $1
ORDER BY id
LIMIT $2;
