-- Upstream providers.

-- name: provider_list
-- All providers with their configuration, by name.
-- read
SELECT id, name, dialect, settings::text AS settings, secret, currency,
    fx_rate, priority, admin_weight, enabled, state,
    coalesce(balance, 9223372036854775807) AS balance, last_ok_at, last_error, version,
    (SELECT count(*) FROM numlease.offers o
     WHERE o.provider_id = p.id AND o.stock > 0) AS offers
FROM numlease.providers p
ORDER BY name;

-- name: provider_by_name
-- One provider with its configuration.
-- read
SELECT id, name, dialect, settings::text AS settings, secret, currency,
    fx_rate, priority, admin_weight, enabled, state,
    coalesce(balance, 9223372036854775807) AS balance, last_ok_at, last_error, version,
    (SELECT count(*) FROM numlease.offers o
     WHERE o.provider_id = p.id AND o.stock > 0) AS offers
FROM numlease.providers p
WHERE name = $1;

-- name: provider_version
-- Grows with every change of any provider's configuration.
-- read
SELECT coalesce(sum(version), 0)::bigint AS n
FROM numlease.providers;

-- name: provider_countries
-- The words of a provider for the countries that are open.
-- read
SELECT p.native
FROM numlease.provider_countries p
JOIN numlease.countries c ON c.code = p.country AND c.enabled
WHERE p.provider_id = $1
ORDER BY p.native;

-- name: provider_put
-- Adds or changes a provider and maps its codes; gives its id.
SELECT numlease.provider_put($1, $2, $3, $4, $5, $6, $7, $8) AS n;

-- name: provider_set_enabled
-- Switches a provider on or off.
UPDATE numlease.providers
SET enabled = $2
WHERE name = $1;

-- name: provider_set_up
-- Notes that a provider answered; $2 is its balance or null.
UPDATE numlease.providers
SET state = 'up', last_ok_at = now(), balance = coalesce($2, balance),
    balance_at = CASE WHEN $2 IS NULL THEN balance_at ELSE now() END,
    balance_txid = CASE WHEN $2 IS NULL THEN balance_txid
        ELSE pg_snapshot_xmin(pg_current_snapshot())::text::bigint END
WHERE id = $1;

-- name: provider_set_down
-- Notes that a provider failed, and why; $2 is degraded or down.
UPDATE numlease.providers
SET state = $2, last_error = $3
WHERE id = $1;

-- name: provider_offers_take
-- Takes a provider's price list in its own codes; gives the rows written.
SELECT numlease.offers_take($1, $2::text[], $3::text[], $4::text[],
    $5::bigint[], $6::bigint[], $7::bigint[], $8) AS n;

-- name: provider_latency_add
-- Adds how long purchases from offers took, in us, to their decaying means.
UPDATE numlease.offers o
SET latency_ms = CASE WHEN o.latency_ms = 0 THEN u.latency / 1000.0
    ELSE o.latency_ms * 0.8 + u.latency / 5000.0 END
FROM unnest($1::bigint[], $2::bigint[]) u (id, latency)
WHERE o.id = u.id;

-- name: provider_rates_count
-- Counts the numbers that ended into the delivery rates of their routes; $1
-- halves a count, $2 is given up early, $3 is the newest left out, all ms.
SELECT counted, more FROM numlease.rates_count($1, $2, $3);
