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
-- Which of a provider's numbers belong to attempts or are given back, and
-- since when the others are known.
-- read
SELECT u.id AS upstream_id, o.first_at AS seen_at,
    t.id IS NOT NULL OR coalesce(o.state <> 'seen' OR o.token IS NOT NULL, false) AS is_taken
FROM unnest($2::text[]) u (id)
LEFT JOIN LATERAL (SELECT x.id FROM numlease.attempts x
    WHERE x.provider_id = $1 AND x.upstream_id = u.id LIMIT 1) t ON true
LEFT JOIN numlease.orphans o ON o.provider_id = $1 AND o.upstream_id = u.id
WHERE t.id IS NOT NULL OR o.upstream_id IS NOT NULL;

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

-- name: provider_exposure
-- Per provider what is undecided and what is doubtful, and whether a purchase
-- is open there.
-- read
SELECT x.provider_id, sum(x.amount)::bigint AS amount, bool_or(x.is_open) AS is_busy
FROM (SELECT d.provider_id, d.amount, false AS is_open
      FROM numlease.doubts d WHERE d.closed_at IS NULL
      UNION ALL
      SELECT t.provider_id, t.max_cost, true
      FROM numlease.attempts t
      WHERE t.unsettled_at IS NOT NULL AND t.state IN ('STARTED', 'UNKNOWN')) x
GROUP BY x.provider_id;

-- name: attempt_alone
-- No other purchase at its provider until it is decided.
SELECT numlease.attempt_alone($1::uuid, $2::uuid) AS status;

-- name: attempt_balance
-- What the account has before the call.
SELECT numlease.attempt_balance($1::uuid, $2::uuid, $3) AS status;

-- name: attempt_moves
-- How the account of an attempt has moved since its balance was read. Unsure:
-- money may have come back that is not booked, or came when it was read.
-- read
SELECT t.serial AS is_serial, t.balance_before IS NOT NULL AS is_known,
    coalesce(t.balance_before, 0) AS before, coalesce(m.back, 0)::bigint AS back,
    coalesce(m.n, 0) AS n,
    coalesce(m.unsure, false) OR EXISTS (
        SELECT FROM numlease.activations a
        WHERE a.closed_at IS NULL AND a.provider_id = t.provider_id
          AND a.first_sms_at IS NULL
          AND (a.state = 'CANCELLING' OR a.expires_at < now() + interval '5 seconds')
    ) AS is_unsure
FROM numlease.attempts t
JOIN numlease.provider_accounts p ON p.provider_id = t.provider_id
LEFT JOIN LATERAL (
    SELECT sum(CASE WHEN x.debit = p.payable THEN x.amount
               WHEN x.credit = p.payable THEN -x.amount ELSE 0 END) AS back,
        count(*) AS n,
        bool_or(x.kind = 'owed' OR (x.debit = p.payable
            AND x.created_at < t.balance_at + interval '30 seconds')) AS unsure
    FROM numlease.transfers x
    WHERE x.txid >= t.balance_txid AND x.created_at >= t.balance_at
      AND (p.payable IN (x.debit, x.credit) OR x.debit = p.receivable)
      AND x.attempt_id IS DISTINCT FROM t.id) m ON true
WHERE t.id = $1;
