-- The proof of the ledger.

-- name: ledger_verify
-- Every row is a difference; none when all is right.
-- read
SELECT invariant, subject, expected, found
FROM numlease.ledger_verify();

-- name: proof_is_due
-- Was there no proof in the last $1 ms?
-- read
SELECT coalesce((SELECT proved_at FROM numlease.proofs ORDER BY id DESC LIMIT 1)
    <= now() - numlease.ms($1::bigint), true) AS is_due;

-- name: proof_run
-- Proves the ledger and stops money when there is a difference.
SELECT id, differences, took_ms, rows
FROM numlease.ledger_prove($1::bigint);

-- name: proof_state
-- Whether money moves, why not, and what the newest proof said.
-- read
SELECT coalesce(s.stopped, false) AS stopped, s.set_at, s.actor, s.reason,
    p.proved_at, coalesce(p.differences, 0) AS differences,
    coalesce(p.took_ms, 0) AS took_ms, coalesce(p.rows, '[]') AS rows
FROM (SELECT) one
LEFT JOIN (SELECT * FROM numlease.money_switches
    ORDER BY id DESC LIMIT 1) s ON true
LEFT JOIN (SELECT * FROM numlease.proofs ORDER BY id DESC LIMIT 1) p ON true;

-- name: money_switch
-- Stops money, or lets it move when the ledger has no difference.
SELECT numlease.money_switch($1::boolean, $2, $3) AS status;
