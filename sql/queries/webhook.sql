-- Users' webhook endpoints and what is sent to them.

-- name: endpoint_list
-- A user's endpoints, oldest first.
-- read
SELECT id, url, enabled, created_at
FROM numlease.endpoints
WHERE user_id = $1
ORDER BY created_at, id;

-- name: endpoint_add
-- A new endpoint of user $2, unless there are $5 already.
INSERT INTO numlease.endpoints (id, user_id, url, secret)
SELECT $1, $2, $3, $4
WHERE (SELECT count(*) FROM numlease.endpoints WHERE user_id = $2) < $5::bigint
RETURNING id, url, enabled, created_at;

-- name: endpoint_remove
-- Removes an endpoint of its owner, and what waits for it.
DELETE FROM numlease.endpoints
WHERE id = $1 AND user_id = $2;

-- name: deliveries_claim
-- Takes notices to send.
SELECT id, token, tries, kind, created_at, endpoint_id, url, secret, user_id,
    activation_id, number, service, country, operator, phone,
    lower(state) AS state, price, charged, message_id, sender, body AS text,
    code, received_at
FROM numlease.deliveries_claim($1::integer, $2);

-- name: deliveries_settle
-- What became of these tries; counts those that were still ours.
SELECT numlease.deliveries_settle($1::uuid[], $2::uuid[], $3::bigint[],
    $4::text[], $5::bigint[], $6::bigint[]) AS n;

-- name: delivery_list
-- The newest deliveries of an endpoint of user $1.
-- read
SELECT d.id, d.kind, d.activation_id, d.state, d.tries, d.last_status,
    d.last_error, d.created_at, d.next_at, d.done_at
FROM numlease.deliveries d
JOIN numlease.endpoints e ON e.id = d.endpoint_id
WHERE e.user_id = $1 AND e.id = $2
ORDER BY d.created_at DESC
LIMIT $3;
