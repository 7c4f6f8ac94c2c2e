-- What providers' accounts hold, beside our books of them.

-- name: drift_list
-- Of every provider that said its balance, by name.
-- read
SELECT p.name AS provider, p.currency, d.since, d.seen_at, d.balance,
    coalesce(d.drift, 0) AS drift, d.moving, b.actor, b.reason,
    (SELECT count(*) FROM numlease.provider_drifts x
     WHERE x.baseline_id = d.baseline_id) AS told
FROM numlease.provider_drift() d
JOIN numlease.providers p ON p.id = d.provider_id
LEFT JOIN numlease.provider_baselines b ON b.id = d.baseline_id
ORDER BY p.name;

-- name: drift_tell
-- Takes baselines that wait; gives the drifts beyond $1 that are new.
SELECT provider, drift, moving, balance
FROM numlease.provider_drift_tell($1);

-- name: drift_baseline
-- Compare from the next balance on.
SELECT status, left_drift
FROM numlease.provider_baseline_set($1, $2, $3);
