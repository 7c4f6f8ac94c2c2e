-- Price rules and what they make of the offers.

-- name: price_rule_list
-- The rules in force, the most specific first; with $1 those that ended too,
-- newest first.
-- read
SELECT r.id, r.service, r.country, p.name AS provider, r.priority,
    r.percent_bp, r.fixed, r.minimum, r.round_to, r.ending, r.created_at,
    r.created_by, r.reason, r.ended_at, r.ended_by
FROM numlease.price_rules r
LEFT JOIN numlease.providers p ON p.id = r.provider_id
WHERE $1::boolean OR r.ended_at IS NULL
ORDER BY CASE WHEN $1 THEN r.id END DESC, r.service IS NULL,
    r.country IS NULL, r.provider_id IS NULL, r.service, r.country, p.name,
    r.priority DESC;

-- name: price_rule_by_id
-- One rule, also one that ended.
-- read
SELECT r.id, r.service, r.country, p.name AS provider, r.priority,
    r.percent_bp, r.fixed, r.minimum, r.round_to, r.ending, r.created_at,
    r.created_by, r.reason, r.ended_at, r.ended_by
FROM numlease.price_rules r
LEFT JOIN numlease.providers p ON p.id = r.provider_id
WHERE r.id = $1;

-- name: price_rule_add
-- Adds a rule and ends the one it takes the place of.
SELECT status, coalesce(id, 0) AS id
FROM numlease.price_rule_add($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: price_rule_end
-- Ends a rule.
SELECT numlease.price_rule_end($1, $2) AS status;

-- name: price_floor
-- The least profit: hundredths of a percent of the cost, and an amount.
-- read
SELECT numlease.setting_int('price.floor_bp', 500) AS percent_bp,
    numlease.setting_int('price.floor_amount', 0) AS amount;

-- name: price_floor_set
-- Sets the least profit.
SELECT numlease.price_floor_set($1, $2, $3) AS status;

-- name: price_explain
-- Every offer of service $1 in country $2, the cheapest first, with the rule
-- that prices it; a price of 0: no rule does.
-- read
SELECT p.name AS provider, o.operator, o.cost, coalesce(x.price, 0) AS price,
    coalesce(x.floor, 0) AS floor, coalesce(x.rule_id, 0) AS rule_id,
    CASE WHEN p.enabled AND o.seen_at > now() - interval '15 minutes'
        THEN o.stock ELSE 0 END AS stock,
    coalesce(round(d.ended * numlease.fade(d.at, now(), z.half_ms)), 0)::bigint
        AS ended,
    coalesce(round(d.delivered * numlease.fade(d.at, now(), z.half_ms)),
        0)::bigint AS delivered,
    coalesce(o.published_rate, 0) AS published_rate
FROM numlease.offers o
JOIN numlease.providers p ON p.id = o.provider_id
CROSS JOIN numlease.route_rates_state z
LEFT JOIN numlease.route_rates d ON d.service = o.service
    AND d.country = o.country AND d.provider_id = o.provider_id
LEFT JOIN LATERAL numlease.priced(o.cost, o.service, o.country,
    o.provider_id) x ON true
WHERE o.service = $1 AND o.country = $2
ORDER BY x.price NULLS LAST, p.name, o.operator;
