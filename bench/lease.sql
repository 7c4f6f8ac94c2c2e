-- A whole lease by the calls that the API and the worker make for it, one
-- number at a time and with nothing in between: no provider, no HTTP.
--
--   activation_reserve   by the API: the hold, the activation, the row of the
--                        Idempotency-Key, the order; money is durable from here
--   lease_claim          by the worker: without its token the next is refused
--   attempt_start        by the worker: the intent, before the provider's call
--   activation_activate  by the worker: the number, its cost, ACTIVE
--   idempotency_finish   by the API: the answer that the key has from now on
--
-- Each is a transaction of its own, as it must be: between them stand the
-- queue, the provider's call and the answer. Left out is what a lease reads
-- besides (offers, when it is priced and when it is routed; the number, when
-- it is answered), and what is written about it but not for it: the record of
-- the call, the statistics of the offer. So a lease does more than this.
\set user random(1, :users)
SELECT gen_random_uuid() AS id, gen_random_uuid() AS attempt, id AS owner
FROM bench.users WHERE n = :user
\gset
SELECT status FROM numlease.activation_reserve(ARRAY[:id]::uuid[],
    ARRAY[:owner]::bigint[], ARRAY['telegram'], ARRAY['gb'], ARRAY['any'],
    ARRAY[:price]::bigint[], ARRAY[0]::bigint[], ARRAY['web'], ARRAY[:id]::text[],
    ARRAY['print'], ARRAY[''], 1000000000::bigint)
\gset
SELECT token AS claim FROM numlease.lease_claim('bench', 1, 60000,
    ARRAY[:id]::uuid[])
\gset
SELECT token FROM numlease.attempt_start(ARRAY[:attempt]::uuid[],
    ARRAY[:id]::uuid[], ARRAY[:claim]::uuid[], ARRAY[:provider]::bigint[],
    ARRAY['telegram'], ARRAY['england'], ARRAY['any'],
    ARRAY[:price]::bigint[], 15000::bigint,
    ARRAY[0]::bigint[], ARRAY[0]::bigint[], ARRAY['[]'])
\gset
SELECT status AS activated FROM numlease.activation_activate(
    ARRAY[:attempt]::uuid[], ARRAY[:token]::uuid[], ARRAY[:id]::text[],
    ARRAY['+447700900123'], ARRAY[1000]::bigint[], ARRAY[0]::bigint[],
    ARRAY[0]::bigint[])
\gset
SELECT numlease.idempotency_finish(:owner::bigint, :id::text, 'print', :id::uuid, 201, repeat('.', 400));
