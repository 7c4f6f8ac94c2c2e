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
-- $2 narrow it to a service and a country, '' takes all. The rule is looked
-- for once for each route of a provider.
-- read
SELECT d.service, d.country, o.operator, min(x.price) AS price,
    sum(o.stock) AS stock, max(o.seen_at) AS seen_at
FROM (SELECT o.service, o.country, o.provider_id,
        array_agg(o.operator) AS operators, array_agg(o.cost) AS costs,
        array_agg(o.stock) AS stocks, array_agg(o.seen_at) AS seen
    FROM numlease.services s
    JOIN numlease.offers o ON o.service = s.code
    JOIN numlease.countries c ON c.code = o.country AND c.enabled
    JOIN numlease.providers p ON p.id = o.provider_id AND p.enabled
    WHERE s.enabled AND s.policy = 'allow'
      AND o.stock > 0 AND o.cost > 0
      AND o.seen_at > now() - interval '15 minutes'
      AND ($1::text = '' OR s.code = $1)
      AND ($2::text = '' OR o.country = $2)
    GROUP BY o.service, o.country, o.provider_id) d
CROSS JOIN LATERAL numlease.price_rule_for(d.service, d.country,
    d.provider_id) r
CROSS JOIN LATERAL unnest(d.operators, d.costs, d.stocks, d.seen)
    o (operator, cost, stock, seen_at)
CROSS JOIN LATERAL numlease.price_by(o.cost, r.percent_bp, r.fixed,
    r.minimum, r.round_to, r.ending) x
GROUP BY d.service, d.country, o.operator
ORDER BY d.service, d.country, o.operator;

-- name: catalogue_candidates
-- Every offer of the given pairs of service and country, of switched-on and
-- switched-off providers, with all that the router weighs. Stock that was not
-- seen lately is none.
-- read
WITH routes AS MATERIALIZED (
    SELECT q.service, q.country, p.id, p.name, p.dialect, p.enabled, p.state,
        p.balance, p.currency, p.fx_rate, p.fx_at, p.priority, p.admin_weight,
        s.native AS native_service, c.native AS native_country, r.*,
        round(d.ended * numlease.fade(d.at, now(), z.half_ms))::bigint AS ended,
        round(d.delivered * numlease.fade(d.at, now(), z.half_ms))::bigint
            AS delivered
    FROM unnest($1::text[], $2::text[]) q (service, country)
    CROSS JOIN numlease.providers p
    JOIN numlease.provider_services s ON s.provider_id = p.id
        AND s.service = q.service
    JOIN numlease.provider_countries c ON c.provider_id = p.id
        AND c.country = q.country
    CROSS JOIN numlease.route_rates_state z
    LEFT JOIN LATERAL numlease.price_rule_for(q.service, q.country, p.id) r
        ON true
    LEFT JOIN numlease.route_rates d ON d.service = q.service
        AND d.country = q.country AND d.provider_id = p.id
)
SELECT o.id AS offer_id, o.provider_id, p.name AS provider, p.dialect,
    p.enabled, p.state, coalesce(p.balance, 9223372036854775807) AS balance,
    p.currency, p.fx_rate, p.fx_at, p.priority,
    p.admin_weight + o.admin_weight AS admin_weight,
    o.service, o.country, o.operator, p.native_service, p.native_country,
    o.native_cost, o.cost, x.price, x.floor,
    CASE WHEN x.price IS NOT NULL THEN p.rule_id END AS rule_id,
    CASE WHEN o.seen_at > now() - interval '15 minutes'
        THEN o.stock ELSE 0 END AS stock, o.seen_at,
    coalesce(p.ended, 0) AS ended, coalesce(p.delivered, 0) AS delivered,
    coalesce(o.published_rate, 0) AS published_rate,
    round(o.latency_ms * 1000)::bigint AS latency_us
FROM routes p
JOIN numlease.offers o ON o.provider_id = p.id AND o.service = p.service
    AND o.country = p.country
LEFT JOIN LATERAL numlease.price_by(o.cost, p.percent_bp, p.fixed,
    p.minimum, p.round_to, p.ending) x ON true
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
