-- Finding out what was bought, and what is owed.

-- name: lease_requeue
-- Orders that are missing in the queue are written again.
SELECT numlease.lease_requeue($1::integer) AS n;

-- name: unknown_due
-- Takes attempts whose outcome must be found out.
SELECT attempt_id, token, state, activation_id,
    lower(activation_state) AS activation_state, user_id, provider_id, service,
    country, operator, native_service, native_country, native_operator,
    max_cost, upstream_id, started_at, settle_at, cause, may_give_up,
    numlease.attempt_rate(attempt_id) AS fx_rate
FROM numlease.unknown_due($1::integer, $2);

-- name: attempt_resolve_absent
-- Nothing was sold.
SELECT ord, status, activation_id, lower(state) AS state
FROM numlease.attempt_resolve_absent($1::uuid[], $2::uuid[], $3::text[]);

-- name: attempt_doubt
-- It will never be known.
SELECT ord, status, activation_id, lower(state) AS state
FROM numlease.attempt_doubt($1::uuid[], $2::uuid[], $3::bigint[], $4::text[],
    $5::text[]);

-- name: attempt_postpone
-- Look again later; counts those that were still ours.
SELECT numlease.attempt_postpone($1::uuid[], $2::uuid[], $3) AS n;

-- name: attempt_known
-- Which of a provider's numbers belong to attempts, or are given back.
-- read
SELECT u.id AS upstream_id
FROM unnest($2::text[]) u (id)
WHERE EXISTS (SELECT FROM numlease.attempts t
        WHERE t.provider_id = $1 AND t.upstream_id = u.id)
   OR EXISTS (SELECT FROM numlease.orphans o
        WHERE o.provider_id = $1 AND o.upstream_id = u.id
          AND (o.state <> 'seen' OR o.token IS NOT NULL));

-- name: attempt_list
-- The attempts of an activation, in order.
-- read
SELECT t.id, t.no, t.provider_id, p.name AS provider, t.state, t.upstream_id,
    t.cost, t.cost_state, t.cause, t.started_at, t.closed_at
FROM numlease.attempts t
JOIN numlease.providers p ON p.id = t.provider_id
WHERE t.activation_id = $1
ORDER BY t.no;

-- name: decision_by_activation
-- What the router weighed for each attempt of an activation.
-- read
SELECT no, seed, candidates::text AS candidates, created_at
FROM numlease.decisions
WHERE activation_id = $1
ORDER BY no;

-- name: orphan_add
-- Writes down numbers of a provider's list that nobody here knows.
SELECT numlease.orphan_add($1, $2::text[], $3::text[], $4::text[],
    $5::bigint[]) AS n;

-- name: orphan_due
-- Takes numbers of nobody, to cancel them upstream.
SELECT provider_id, upstream_id, token, reason, cost, first_at
FROM numlease.orphan_due($1::integer, $2);

-- name: orphan_tell
-- Numbers of nobody that do not end, each once.
SELECT provider_id, upstream_id, NULL::uuid AS token, reason, cost, first_at
FROM numlease.orphan_tell($1::integer);

-- name: orphan_done
-- What became of one: cancelled, kept or retry.
SELECT numlease.orphan_done($1, $2, $3, $4, $5, $6) AS status;
