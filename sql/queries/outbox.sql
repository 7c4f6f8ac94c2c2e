-- Calls upstream that wait, and numbers to poll.

-- name: outbox_claim
-- Takes due calls of the topics cancel, finish, resend.
SELECT topic, key AS activation_id, token, tries, user_id, number, service,
    country, lower(state) AS state, provider_id, upstream_id, phone, has_sms,
    expires_at
FROM numlease.outbox_claim($1::text[], $2, $3::integer, $4);

-- name: outbox_done
-- These calls are made; counts those that were still ours.
SELECT numlease.outbox_done($1::text[], $2::uuid[], $3::uuid[]) AS n;

-- name: outbox_retry
-- These calls again after a delay in ms, or never when it is negative.
SELECT numlease.outbox_retry($1::text[], $2::uuid[], $3::uuid[],
    $4::bigint[], $5::text[]) AS n;

-- name: outbox_depth
-- How many rows wait per topic, how many are dead, the age of the oldest.
-- read
SELECT topic, count(*) FILTER (WHERE due_at IS NOT NULL) AS waiting,
    count(*) FILTER (WHERE due_at IS NULL) AS dead,
    min(created_at) AS oldest_at
FROM numlease.outbox
GROUP BY topic
ORDER BY topic;

-- name: poll_due
-- Takes numbers whose provider should be asked.
SELECT activation_id, provider_id, upstream_id, user_id, number, service,
    country, lower(state) AS state, has_sms, activated_at, expires_at,
    0 AS wait_ms, true AS is_from_sql, true AS was_missing
FROM numlease.poll_due($1, $2::integer, $3);

-- name: poll_next
-- When to ask next, in ms from now.
SELECT numlease.poll_next($1::uuid[], $2::bigint[]) AS n;

-- name: poll_adopt
-- Spreads the polls that Redis had over the time from one to two intervals.
SELECT numlease.poll_adopt($1, $2) AS n;

-- name: poll_release
-- The times of these polls stand in Redis again.
SELECT numlease.poll_release($1::uuid[]) AS n;

-- name: poll_list
-- All numbers to poll after $1, to fill the queue in Redis again.
-- read
SELECT p.activation_id, p.provider_id,
    CASE WHEN p.holder IS NULL THEN 0 ELSE greatest(0,
        ceil(extract(epoch FROM p.poll_at - now()) * 1000))
    END::bigint AS delay_ms
FROM numlease.polls p
WHERE p.activation_id > $1
ORDER BY p.activation_id
LIMIT $2;

-- name: poll_known
-- The providers know these numbers.
SELECT numlease.poll_known($1::uuid[]) AS n;

-- name: poll_these
-- What a poll needs to know about these activations.
-- read
SELECT p.activation_id, p.provider_id, a.upstream_id, a.user_id, a.number,
    a.service, a.country, lower(a.state) AS state,
    a.first_sms_at IS NOT NULL AS has_sms, a.activated_at, a.expires_at,
    CASE WHEN p.holder IS NULL THEN 0 ELSE greatest(0,
        ceil(extract(epoch FROM p.poll_at - now()) * 1000))
    END::bigint AS wait_ms,
    p.holder IS NOT NULL AS is_from_sql, p.missing > 0 AS was_missing
FROM unnest($1::uuid[]) WITH ORDINALITY u (id, ord)
JOIN numlease.polls p ON p.activation_id = u.id
JOIN numlease.activations a ON a.id = p.activation_id
ORDER BY u.ord;
