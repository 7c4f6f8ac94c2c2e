-- What was said in purchases.

-- name: exchange_add
-- Written once each; a second telling of the same changes nothing.
INSERT INTO numlease.exchanges (attempt_id, request, http_status, answer,
    rule, took_us)
SELECT u.attempt, u.request, nullif(u.status, 0), u.answer, u.rule, u.us
FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::text[],
    $6::bigint[]) u (attempt, request, status, answer, rule, us)
ON CONFLICT DO NOTHING;

-- name: cleanup_exchanges
-- Forgets those of before $1 ms, at most $2.
SELECT numlease.cleanup_exchanges($1, $2::integer) AS n;
