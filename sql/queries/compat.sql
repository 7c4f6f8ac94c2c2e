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
-- country or -1, narrow it.
-- read
SELECT c.handler_api AS country, s.handler_api AS service,
    min(x.price) AS price, sum(o.stock) AS stock
FROM numlease.offers o
JOIN numlease.providers p ON p.id = o.provider_id AND p.enabled
JOIN numlease.services s ON s.code = o.service
    AND s.enabled AND s.policy = 'allow' AND s.handler_api IS NOT NULL
JOIN numlease.countries c ON c.code = o.country
    AND c.enabled AND c.handler_api IS NOT NULL
CROSS JOIN LATERAL numlease.priced(o.cost, o.service, o.country,
    o.provider_id) x
WHERE o.stock > 0 AND o.cost > 0
  AND o.seen_at > now() - interval '15 minutes'
  AND ($1::text = '' OR s.handler_api = $1)
  AND ($2::integer = -1 OR c.handler_api = $2)
  AND ($3::text = '' OR o.operator = $3)
GROUP BY c.handler_api, s.handler_api
ORDER BY c.handler_api, s.handler_api;

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
