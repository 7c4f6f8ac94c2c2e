-- Exchange rates of the providers' currencies.
SELECT numlease.act_as_owner();

-- A new rate of a currency, from now on: providers and offers follow. What
-- was booked stays as it was. 'ok' (also when it is in force), 'bad_input'.
CREATE OR REPLACE FUNCTION numlease.fx_put(of_currency text, with_rate bigint,
    by_actor text, why text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
BEGIN
	PERFORM durable();
	IF of_currency !~ '^[A-Z]{3}$' OR with_rate <= 0 OR by_actor = ''
	    OR why = '' THEN
		RETURN 'bad_input';
	END IF;
	PERFORM pg_advisory_xact_lock(hashtext('numlease.fx ' || of_currency));
	IF (SELECT rate FROM fx_rates WHERE currency = of_currency
	    ORDER BY id DESC LIMIT 1) IS DISTINCT FROM with_rate THEN
		INSERT INTO fx_rates (currency, rate, actor, reason)
		VALUES (of_currency, with_rate, by_actor, why);
	END IF;
	UPDATE providers SET fx_rate = with_rate
	 WHERE currency = of_currency AND fx_rate <> with_rate;
	UPDATE offers o
	   SET cost = ceil(o.native_cost::numeric * with_rate / 1000000)::bigint
	  FROM providers p
	 WHERE p.id = o.provider_id AND p.currency = of_currency
	   AND o.cost <> ceil(o.native_cost::numeric * with_rate / 1000000)::bigint;
	RETURN 'ok';
END
$$;
