-- What happened to an activation, in order.

-- name: timeline_by_activation
-- Every change, purchase, movement of money and SMS. $2: of this user, who
-- sees his own side; 0: all of it.
-- read
WITH a AS (
    SELECT id FROM numlease.activations
    WHERE id = $1 AND (user_id = $2 OR $2 = 0)
), bought AS (
    SELECT t.* FROM a JOIN numlease.attempts t ON t.activation_id = a.id
), keys AS (
    SELECT k || ':' || a.id AS key, NULL::integer AS no
    FROM a, unnest(ARRAY['hold', 'hold_bonus', 'capture', 'rest', 'rest_bonus',
        'release', 'release_bonus']) k
    UNION ALL
    SELECT k || ':' || b.id, b.no
    FROM bought b, unnest(ARRAY['cost', 'cost_back', 'owed', 'loss']) k
    WHERE $2 = 0
)
SELECT kind, at, what, state, actor, cause, attempt, amount, provider,
    upstream_id, request, http_status, answer, currency, fx_rate
FROM (
    SELECT 'state' AS kind, e.at, 1 AS rank, e.seq, e.event AS what,
        lower(e.to_state) AS state, e.actor, e.cause, 0 AS attempt,
        0::bigint AS amount, NULL AS provider, NULL AS upstream_id,
        NULL AS request, 0 AS http_status, NULL AS answer, NULL AS currency,
        0::bigint AS fx_rate
    FROM a JOIN numlease.activation_events e ON e.activation_id = a.id
    UNION ALL
    SELECT 'purchase', b.started_at, 2, b.no, 'started', NULL, 'worker', '',
        b.no, 0, p.name, NULL, NULL, 0, NULL, NULL, 0
    FROM bought b LEFT JOIN numlease.providers p
        ON p.id = b.provider_id AND $2 = 0
    UNION ALL
    SELECT 'purchase', coalesce(b.closed_at, v.activated_at, b.settle_at), 3,
        b.no, lower(b.state), NULL, 'worker', b.cause, b.no,
        CASE WHEN $2 = 0 THEN b.cost ELSE 0 END, p.name,
        CASE WHEN $2 = 0 THEN b.upstream_id END, e.request,
        coalesce(e.http_status, 0), e.answer, p.currency,
        CASE WHEN $2 = 0 THEN coalesce(b.fx_rate, 0) ELSE 0 END
    FROM bought b
    JOIN numlease.activations v ON v.id = b.activation_id
    LEFT JOIN numlease.providers p ON p.id = b.provider_id AND $2 = 0
    LEFT JOIN numlease.exchanges e ON e.attempt_id = b.id AND $2 = 0
    WHERE b.state <> 'STARTED'
    UNION ALL
    SELECT 'money', t.created_at, 4, t.id, t.kind, NULL, t.actor, t.reason,
        coalesce(k.no, 0), t.amount, NULL, NULL, NULL, 0, NULL,
        NULL, 0
    FROM keys k JOIN numlease.transfers t ON t.idem_key = k.key
    UNION ALL
    SELECT 'money', t.created_at, 4, t.id, t.kind, NULL, t.actor, t.reason,
        b.no, t.amount, NULL, NULL, NULL, 0, NULL, NULL, 0
    FROM bought b JOIN numlease.transfers t
        ON t.attempt_id = b.id AND t.kind = 'owed_paid'
    WHERE $2 = 0
    UNION ALL
    SELECT 'sms', m.received_at, 5, m.id,
        CASE WHEN m.is_free THEN 'free' ELSE 'received' END, NULL,
        'provider', '', 0, 0, NULL, NULL, NULL, 0, NULL, NULL, 0
    FROM a JOIN numlease.messages m ON m.activation_id = a.id
) x
ORDER BY at, rank, seq;

-- name: receipt_transfers
-- The user's side of an activation's money, in order.
-- read
SELECT t.id, t.kind, t.amount, t.created_at
FROM unnest(ARRAY['hold', 'hold_bonus', 'capture', 'rest', 'rest_bonus',
    'release', 'release_bonus']) k
JOIN numlease.transfers t ON t.idem_key = k || ':' || $1::uuid
ORDER BY t.id;
