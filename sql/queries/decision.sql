-- Why a number was bought where it was, and not elsewhere.

-- name: decision_number
-- The number with the id $1, or with the short number $2 when $1 is null;
-- the rule that made its price, as it stands for good, and its quote.
-- read
SELECT a.id, a.number, a.service, a.country, a.operator, a.state, a.cause,
    p.name AS provider, a.created_at, h.amount AS hold, a.max_price, a.price,
    a.charged, a.cost, r.id AS rule_id, r.service AS rule_service,
    r.country AS rule_country, rp.name AS rule_provider,
    coalesce(r.priority, 0) AS rule_priority,
    coalesce(r.percent_bp, 0) * 10000::bigint AS rule_percent,
    coalesce(r.fixed, 0) AS rule_fixed, coalesce(r.minimum, 0) AS rule_minimum,
    coalesce(r.round_to, 0) AS rule_round_to,
    coalesce(r.ending, 0) AS rule_ending, q.quote_id,
    coalesce(q.price, 0) AS quote_price, coalesce(q.max_cost, 0) AS quote_max_cost,
    q.used_at AS quote_used_at
FROM numlease.activations a
LEFT JOIN numlease.holds h ON h.activation_id = a.id
LEFT JOIN numlease.providers p ON p.id = a.provider_id
LEFT JOIN numlease.price_rules r ON r.id = a.price_rule_id
LEFT JOIN numlease.providers rp ON rp.id = r.provider_id
LEFT JOIN numlease.quote_uses q ON q.activation_id = a.id
WHERE a.id = coalesce($1::uuid,
    (SELECT n.id FROM numlease.activations n WHERE n.number = $2::bigint));

-- name: decision_list
-- The decisions for the number $1 in order, and the attempts they led to.
-- read
SELECT d.no, d.created_at, d.candidates::text AS candidates,
    p.name AS provider, t.state, t.cause, coalesce(t.cost, 0) AS cost,
    coalesce(t.max_cost, 0) AS max_cost, t.native_operator AS operator
FROM numlease.decisions d
LEFT JOIN numlease.attempts t ON t.activation_id = d.activation_id
    AND t.no = d.no
LEFT JOIN numlease.providers p ON p.id = t.provider_id
WHERE d.activation_id = $1
ORDER BY d.no;

-- name: decision_keep
-- What was weighed for orders that nobody is left for.
SELECT numlease.decisions_keep($1::uuid[], $2::uuid[], $3::bigint[],
    $4::text[]);
