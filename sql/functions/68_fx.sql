-- Exchange rates of the providers' currencies.
SELECT numlease.act_as_owner();

-- Providers and offers follow a rate. Internal.
CREATE OR REPLACE FUNCTION numlease.fx_apply(of_currency text,
    with_rate bigint) RETURNS void
LANGUAGE sql SET search_path = numlease, pg_temp AS $$
	UPDATE providers SET fx_rate = with_rate, fx_at = now()
	 WHERE currency = of_currency;
	UPDATE offers o
	   SET cost = ceil(o.native_cost::numeric * with_rate / 1000000)::bigint
	  FROM providers p
	 WHERE p.id = o.provider_id AND p.currency = of_currency
	   AND o.cost <> ceil(o.native_cost::numeric * with_rate / 1000000)::bigint;
$$;

-- The rate of a currency from now on; one that stays is written down too, as
-- one that was looked at, since its age is counted. What was booked stays as
-- it was. 'ok', 'bad_input'.
CREATE OR REPLACE FUNCTION numlease.fx_set(of_currency text, with_rate bigint,
    by_actor text, why text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
BEGIN
	PERFORM durable();
	IF of_currency !~ '^[A-Z]{3}$' OR with_rate <= 0 OR by_actor = ''
	    OR why = '' THEN
		RETURN 'bad_input';
	END IF;
	PERFORM pg_advisory_xact_lock(hashtext('numlease.fx ' || of_currency));
	INSERT INTO fx_rates (currency, rate, actor, reason)
	VALUES (of_currency, with_rate, by_actor, why);
	PERFORM fx_apply(of_currency, with_rate);
	RETURN 'ok';
END
$$;

-- The same, but one that is in force is not written again.
CREATE OR REPLACE FUNCTION numlease.fx_put(of_currency text, with_rate bigint,
    by_actor text, why text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
BEGIN
	PERFORM pg_advisory_xact_lock(hashtext('numlease.fx ' || of_currency));
	IF (SELECT rate FROM fx_rates WHERE currency = of_currency
	    ORDER BY id DESC LIMIT 1) IS DISTINCT FROM with_rate THEN
		RETURN fx_set(of_currency, with_rate, by_actor, why);
	END IF;
	PERFORM fx_apply(of_currency, with_rate);
	RETURN 'ok';
END
$$;
