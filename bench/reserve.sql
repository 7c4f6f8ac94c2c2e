-- The reservation alone, of one number: what a lease request waits for.
\set user random(1, :users)
SELECT r.status
FROM bench.users u
CROSS JOIN LATERAL (SELECT gen_random_uuid() AS id) x
CROSS JOIN LATERAL numlease.activation_reserve(ARRAY[x.id], ARRAY[u.id],
    ARRAY['telegram'], ARRAY['gb'], ARRAY['any'], ARRAY[:price]::bigint[], ARRAY[0]::bigint[],
    ARRAY['web'], ARRAY[x.id::text], ARRAY['print'], ARRAY[''],
    1000000000::bigint) r
WHERE u.n = :user;
