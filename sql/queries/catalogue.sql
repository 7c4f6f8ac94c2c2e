-- What can be leased, and at what price.

-- name: catalogue_services
-- Services that may be leased, by name.
-- read
SELECT code, name, category, true AS is_allowed, enabled, handler_api, fivesim
FROM numlease.services
WHERE enabled AND policy = 'allow'
ORDER BY name;

-- name: catalogue_countries
-- Countries that are open, by name.
-- read
SELECT code, name, dial, enabled, coalesce(handler_api, -1) AS handler_api,
    fivesim
FROM numlease.countries
WHERE enabled
ORDER BY name;

-- name: catalogue_service
-- A service by its code, also one that is refused.
-- read
SELECT code, name, category, policy = 'allow' AS is_allowed, enabled,
    handler_api, fivesim
FROM numlease.services
WHERE code = $1;

-- name: catalogue_country
-- A country by its code.
-- read
SELECT code, name, dial, enabled, coalesce(handler_api, -1) AS handler_api,
    fivesim
FROM numlease.countries
WHERE code = $1;

-- name: catalogue_offers
-- The cheapest offer in stock of each service, country and operator; $1 and
-- $2 narrow it to a service and a country, '' takes all.
-- read
SELECT DISTINCT ON (o.service, o.country, o.operator)
    o.service, o.country, o.operator, x.price,
    sum(o.stock) OVER (PARTITION BY o.service, o.country, o.operator) AS stock,
    max(o.seen_at) OVER (PARTITION BY o.service, o.country, o.operator) AS seen_at
FROM numlease.offers o
JOIN numlease.providers p ON p.id = o.provider_id AND p.enabled
JOIN numlease.services s ON s.code = o.service
    AND s.enabled AND s.policy = 'allow'
JOIN numlease.countries c ON c.code = o.country AND c.enabled
CROSS JOIN LATERAL numlease.priced(o.cost, o.service, o.country,
    o.provider_id) x
WHERE o.stock > 0 AND o.cost > 0
  AND o.seen_at > now() - interval '15 minutes'
  AND ($1::text = '' OR o.service = $1)
  AND ($2::text = '' OR o.country = $2)
ORDER BY o.service, o.country, o.operator, x.price;

-- name: catalogue_candidates
-- Every offer of the given pairs of service and country, of switched-on and
-- switched-off providers, with all that the router weighs. Stock that was not
-- seen lately is none.
-- read
SELECT o.id AS offer_id, o.provider_id, p.name AS provider, p.dialect,
    p.enabled, p.state, coalesce(p.balance, 9223372036854775807) AS balance,
    p.currency, p.fx_rate, p.fx_at, p.priority,
    p.admin_weight + o.admin_weight AS admin_weight,
    o.service, o.country, o.operator, s.native AS native_service,
    c.native AS native_country, o.native_cost, o.cost,
    x.price, x.floor, x.rule_id,
    CASE WHEN o.seen_at > now() - interval '15 minutes'
        THEN o.stock ELSE 0 END AS stock, o.seen_at, round(o.bought)::bigint AS bought,
    round(o.delivered)::bigint AS delivered,
    round(o.latency_ms * 1000)::bigint AS latency_us
FROM unnest($1::text[], $2::text[]) q (service, country)
JOIN numlease.offers o ON o.service = q.service AND o.country = q.country
JOIN numlease.providers p ON p.id = o.provider_id
JOIN numlease.provider_services s ON s.provider_id = o.provider_id
    AND s.service = o.service
JOIN numlease.provider_countries c ON c.provider_id = o.provider_id
    AND c.country = o.country
LEFT JOIN LATERAL numlease.priced(o.cost, o.service, o.country,
    o.provider_id) x ON true
ORDER BY o.service, o.country, o.id;

-- name: catalogue_version
-- Changes whenever offers or prices may have changed.
-- read
SELECT coalesce(max(seen_at), 'epoch') AS offers_at,
    (SELECT coalesce(sum(version), 0)::bigint FROM numlease.providers)
        AS providers
FROM numlease.offers;

-- name: setting_by_key
-- One of the settings that are changed while the programs run.
-- read
SELECT value
FROM numlease.settings
WHERE key = $1;
