-- The sealed constant that tells whether the master key is the right one.

-- name: canary_find
-- The sealed canary, if there is one yet.
-- read
SELECT sealed FROM numlease.canary WHERE id = 1;

-- name: canary_add
-- Puts the first canary in; another's that was quicker stays.
INSERT INTO numlease.canary (sealed) VALUES ($1)
ON CONFLICT (id) DO NOTHING;
