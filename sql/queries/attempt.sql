-- Buying: orders claimed, intents and outcomes written, all in sets.

-- name: lease_claim
-- Orders to lease numbers that are due, taken by $1 for $3 milliseconds.
-- cost_cap: the most that a number may cost to be sold for what is held.
-- A provider that proved to have sold nothing may be asked again.
SELECT c.activation_id, c.token, c.number, c.user_id, c.service, c.country,
    c.operator, c.hold_amount, c.max_price,
    coalesce((SELECT q.max_cost FROM numlease.quote_uses q
        WHERE q.activation_id = c.activation_id), 0) AS quoted_cost,
    numlease.cost_cap(c.hold_amount) AS cost_cap,
    coalesce(c.reply, '') AS reply,
    ',' || array_to_string(ARRAY(SELECT t.provider
        FROM unnest(c.tried, c.failed) t (provider, cause)
        WHERE t.cause NOT IN ('not listed', 'balance unchanged', 'never called')), ',') || ',' AS tried,
    coalesce(cardinality(c.tried), 0) AS attempts
FROM numlease.lease_claim($1, $2::bigint::integer, $3::bigint) c;

-- name: attempt_start
-- Intents to buy, committed before the calls.
SELECT ord, status, attempt_id, token,
    numlease.attempt_rate(attempt_id) AS fx_rate
FROM numlease.attempt_start($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[],
    $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint,
    $10::bigint[], $11::bigint[], $12::text[]);

-- name: attempt_fail
-- Definitely not sold.
SELECT ord, status, activation_id, state
FROM numlease.attempt_fail($1::uuid[], $2::uuid[], $3::text[]);

-- name: attempt_unknown
-- It may have been sold; reconcile decides.
SELECT ord, status, activation_id, state
FROM numlease.attempt_unknown($1::uuid[], $2::uuid[], $3::text[]);

-- name: attempt_pending
-- Sold, the phone comes later; ask again after $5 milliseconds.
SELECT ord, status, activation_id
FROM numlease.attempt_pending($1::uuid[], $2::uuid[], $3::text[],
    $4::bigint[], $5::bigint);

-- name: activation_activate
-- Numbers that providers sold; times in microseconds since the epoch.
SELECT ord, status, activation_id, state
FROM numlease.activation_activate($1::uuid[], $2::uuid[], $3::text[],
    $4::text[], $5::bigint[], $6::bigint[], $7::bigint[]);

-- name: activation_fail
-- No provider could.
SELECT ord, status, id AS activation_id, state
FROM numlease.activation_fail($1::uuid[], $2::uuid[], $3::text[]);
