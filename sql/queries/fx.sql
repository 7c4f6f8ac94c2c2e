-- Exchange rates: wallet micros for one whole unit of a currency.

-- name: fx_set
-- A rate from now on.
SELECT numlease.fx_set($1, $2, $3, $4) AS status;

-- name: fx_list
-- The rate in force of each currency that has one or that a provider has;
-- rate 0: none was ever given.
-- read
SELECT c.currency, coalesce(r.rate, 0) AS rate, r.valid_from,
    coalesce(r.actor, '') AS actor, coalesce(r.reason, '') AS reason,
    (SELECT count(*) FROM numlease.providers p
        WHERE p.currency = c.currency) AS providers
FROM (SELECT currency FROM numlease.fx_rates
    UNION SELECT currency FROM numlease.providers) c
LEFT JOIN LATERAL (SELECT * FROM numlease.fx_rates x
    WHERE x.currency = c.currency ORDER BY x.id DESC LIMIT 1) r ON true
ORDER BY c.currency;

-- name: fx_history
-- Every rate of a currency, the newest first.
-- read
SELECT currency, rate, valid_from, actor, reason, 0::bigint AS providers
FROM numlease.fx_rates
WHERE currency = $1
ORDER BY id DESC
LIMIT $2;
