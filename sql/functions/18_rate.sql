-- The delivery rate of each route: service, country and provider.
SELECT numlease.act_as_owner();

-- What is left at `upto` of one that was counted at `since`.
CREATE OR REPLACE FUNCTION numlease.fade(since timestamptz, upto timestamptz,
    half_ms bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT power(0.5::float8, least(60, greatest(0,
	    extract(epoch FROM upto - since)::float8 * 1000 / half_ms)))
$$;

-- Count the numbers that ended since the last time, but not those of the last
-- lag_ms: who closes one may not have committed yet. At most an hour of them,
-- so that no call is long; `more` says that there is another. A number is
-- counted once and for good when it ends: with a code that came in its time,
-- or without. One that its user gave up within patience_ms says nothing of
-- the provider, whoever that user is, and counts as neither; one that was
-- waited for longer, ran out, was ended by the provider or was reported as
-- bad counts as not delivered.
CREATE OR REPLACE FUNCTION numlease.rates_count(with_half_ms bigint,
    patience_ms bigint, lag_ms bigint)
RETURNS TABLE (counted bigint, more boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
	from_at timestamptz;
	due_at timestamptz := now() - ms(lag_ms);
	to_at timestamptz;
	n bigint;
BEGIN
	-- One at a time: the second waits here and finds the end moved.
	SELECT s.until INTO from_at FROM route_rates_state s FOR UPDATE;
	to_at := least(due_at, from_at + interval '1 hour');
	IF to_at <= from_at THEN
		RETURN QUERY SELECT 0::bigint, false;
		RETURN;
	END IF;
	WITH over AS (
		SELECT a.service, a.country, a.provider_id, count(*) AS ended,
		       count(a.first_sms_at) AS delivered
		  FROM activations a
		 WHERE a.closed_at > from_at AND a.closed_at <= to_at
		   AND a.provider_id IS NOT NULL
		   AND NOT (a.first_sms_at IS NULL AND a.closing = 'cancelled'
		       AND EXISTS (SELECT FROM activation_events e
		           WHERE e.activation_id = a.id
		             AND e.event IN ('cancel', 'abandon')
		             AND e.at < a.activated_at + ms(patience_ms)))
		 GROUP BY a.service, a.country, a.provider_id
	), put AS (
		INSERT INTO route_rates AS r
		SELECT o.service, o.country, o.provider_id, o.ended, o.delivered, to_at
		  FROM over o ORDER BY o.service, o.country, o.provider_id
		ON CONFLICT (service, country, provider_id) DO UPDATE
		   SET ended = r.ended * fade(r.at, excluded.at, with_half_ms)
		           + excluded.ended,
		       delivered = r.delivered * fade(r.at, excluded.at, with_half_ms)
		           + excluded.delivered,
		       at = excluded.at
	)
	SELECT coalesce(sum(o.ended), 0) INTO n FROM over o;
	UPDATE route_rates_state SET until = to_at, half_ms = with_half_ms;
	RETURN QUERY SELECT n, to_at < due_at;
END
$$;
