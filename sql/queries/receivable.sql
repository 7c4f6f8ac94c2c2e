-- What providers owe.

-- name: receivable_list
-- All of it (of the provider named $1, '' all), oldest first.
-- read
SELECT p.name AS provider, t.upstream_id, t.activation_id, t.cost,
    t.refunded, t.cost - t.refunded AS is_open, t.started_at AS since
FROM numlease.attempts t
JOIN numlease.providers p ON p.id = t.provider_id
WHERE t.cost_state = 'receivable' AND ($1 = '' OR p.name = $1)
ORDER BY t.started_at, t.id
LIMIT $2;

-- name: receivable_ages
-- The sums by provider and age of the purchase.
-- read
SELECT p.name AS provider, count(*) AS numbers,
    sum(t.cost - t.refunded)::bigint AS is_open,
    coalesce(sum(t.cost - t.refunded) FILTER (
        WHERE t.started_at > now() - interval '1 day'), 0)::bigint AS day,
    coalesce(sum(t.cost - t.refunded) FILTER (
        WHERE t.started_at <= now() - interval '1 day'
          AND t.started_at > now() - interval '7 days'), 0)::bigint AS week,
    coalesce(sum(t.cost - t.refunded) FILTER (
        WHERE t.started_at <= now() - interval '7 days'
          AND t.started_at > now() - interval '30 days'), 0)::bigint AS month,
    coalesce(sum(t.cost - t.refunded) FILTER (
        WHERE t.started_at <= now() - interval '30 days'), 0)::bigint AS older
FROM numlease.attempts t
JOIN numlease.providers p ON p.id = t.provider_id
WHERE t.cost_state = 'receivable'
GROUP BY p.name
ORDER BY p.name;

-- name: receivable_refund
-- An amount came back.
SELECT status, is_open
FROM numlease.receivable_refund($1, $2, $3, $4, $5, $6);

-- name: receivable_write_off
-- It will not come.
SELECT status, lost AS is_open
FROM numlease.receivable_write_off($1, $2, $3, $4);

-- name: doubt_list
-- Purchases of which nobody could say whether they were sold, oldest first.
-- read
SELECT d.attempt_id, d.activation_id, p.name AS provider, t.upstream_id,
    d.amount, d.cause, d.opened_at
FROM numlease.doubts d
JOIN numlease.providers p ON p.id = d.provider_id
JOIN numlease.attempts t ON t.id = d.attempt_id
WHERE d.closed_at IS NULL
ORDER BY d.opened_at, d.attempt_id
LIMIT $1;

-- name: doubt_close
-- It is known now what came back.
SELECT status, lost AS is_open
FROM numlease.doubt_close($1::uuid, $2, $3, $4);
