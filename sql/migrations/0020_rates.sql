-- 0020 rates: how many of the numbers of a route brought a code, counted when
-- they end, fading with time; and what providers say of that themselves.
SELECT numlease.act_as_owner();

-- Both sums as they were at `at`; later they count as numlease.fade() says.
-- Small, read by key in every purchase, and written by one task only: the
-- purchases themselves touch nothing here, so none waits for another.
CREATE TABLE numlease.route_rates (
	service     text NOT NULL,
	country     text NOT NULL,
	provider_id bigint NOT NULL REFERENCES numlease.providers ON DELETE CASCADE,
	ended       double precision NOT NULL CHECK (ended >= 0),
	delivered   double precision NOT NULL CHECK (delivered >= 0),
	at          timestamptz NOT NULL,
	PRIMARY KEY (service, country, provider_id),
	CHECK (delivered <= ended)
) WITH (fillfactor = 70);

-- Up to when those that ended are counted, and the time in which a count
-- becomes half. One row.
CREATE TABLE numlease.route_rates_state (
	one     boolean PRIMARY KEY DEFAULT true CHECK (one),
	until   timestamptz NOT NULL,
	half_ms bigint NOT NULL CHECK (half_ms > 0)
);
INSERT INTO numlease.route_rates_state (until, half_ms)
SELECT now() - interval '14 days', 604800000;

-- Those that ended in a span of time. No number, nothing to count. (With the
-- provider in the predicate no other statement is tempted by it.)
CREATE INDEX activations_ended ON numlease.activations (closed_at)
	WHERE closed_at IS NOT NULL AND provider_id IS NOT NULL;

-- Parts per million of the orders of all its users, as the provider says.
ALTER TABLE numlease.offers ADD COLUMN published_rate integer
	CHECK (published_rate BETWEEN 1 AND 1000000);

SELECT numlease.grant_to('SELECT ON numlease.route_rates, '
    'numlease.route_rates_state',
    'numlease_api', 'numlease_worker', 'numlease_ro');
