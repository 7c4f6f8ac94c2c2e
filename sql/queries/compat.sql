-- What the handler_api protocol calls services, countries and numbers.

-- name: compat_place
-- Our codes of a service $1 and a country $2 of the protocol; NULL none.
-- read
SELECT s.code AS service, c.code AS country
FROM (VALUES (1)) one (n)
LEFT JOIN numlease.services s ON s.handler_api = $1
LEFT JOIN numlease.countries c ON c.handler_api = $2::integer;

-- name: compat_prices
-- The cheapest price and the whole stock of each country and service that
-- has a code in the protocol. $1 a service and $3 an operator or '', $2 a
-- country or -1, narrow it. What is cheaper is never dearer by the same rule, so
-- a provider's cheapest stands for all that it has in a country.
-- read
SELECT d.country, d.service, min(x.price) AS price, sum(d.stock) AS stock
FROM (SELECT o.service AS ours, o.country AS place, o.provider_id,
        s.handler_api AS service, c.handler_api AS country,
        min(o.cost) AS cost, sum(o.stock) AS stock
    FROM numlease.services s
    JOIN numlease.offers o ON o.service = s.code
    JOIN numlease.countries c ON c.code = o.country
        AND c.enabled AND c.handler_api IS NOT NULL
    JOIN numlease.providers p ON p.id = o.provider_id AND p.enabled
    WHERE s.enabled AND s.policy = 'allow' AND s.handler_api IS NOT NULL
      AND o.stock > 0 AND o.cost > 0
      AND o.seen_at > now() - interval '15 minutes'
      AND ($1::text = '' OR s.handler_api = $1)
      AND ($2::integer = -1 OR c.handler_api = $2)
      AND ($3::text = '' OR o.operator = $3)
    GROUP BY o.service, o.country, o.provider_id, s.handler_api,
        c.handler_api) d
CROSS JOIN LATERAL numlease.price_rule_for(d.ours, d.place, d.provider_id) r
CROSS JOIN LATERAL numlease.price_by(d.cost, r.percent_bp, r.fixed,
    r.minimum, r.round_to, r.ending) x
GROUP BY d.country, d.service
ORDER BY d.country, d.service;

-- name: compat_active
-- The numbers of user $1 that wait for SMS, newest first, with the newest
-- SMS of each; $2 are left out, $3 follow.
-- read
SELECT a.number, coalesce(s.handler_api, a.service) AS service,
    coalesce(c.handler_api, -1) AS country, coalesce(c.name, '') AS country_name,
    a.phone, a.price, a.event = 'resend' AS awaits_more, a.created_at,
    m.body AS text, m.code
FROM numlease.activations a
LEFT JOIN numlease.services s ON s.code = a.service
LEFT JOIN numlease.countries c ON c.code = a.country
LEFT JOIN LATERAL (SELECT body, code FROM numlease.messages
    WHERE activation_id = a.id ORDER BY id DESC LIMIT 1) m ON true
WHERE a.user_id = $1 AND a.closed_at IS NULL AND a.state = 'ACTIVE'
ORDER BY a.id DESC
OFFSET $2 LIMIT $3;
