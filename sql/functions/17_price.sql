-- Prices: one function from what a number costs to what it is sold for.
SELECT numlease.act_as_owner();

-- What the user pays for something that costs us `cost`:
--   mark-up   the most specific rule's percentage, but at least its fixed
--             amount; the price is at least the rule's minimum,
--   floor     and never under cost plus the least profit (settings
--             price.floor_bp and price.floor_amount, whichever is more);
--   rounding  up to the next amount that is `ending` above a multiple of
--             round_to.
-- Both halves are sets, so that the planner puts their text into a query
-- over many offers. Nothing in them calls a function that it cannot put in
-- too: one call for each row is most of what a row costs.

-- The rule for a service in a country from a provider: a service before a
-- country before a provider, then priority. The one index holds all that
-- are in force; at most eight places of it are looked at. A query over many
-- offers asks once for each of the three, not for each offer.
CREATE OR REPLACE FUNCTION numlease.price_rule_for(of_service text,
    of_country text, of_provider bigint)
RETURNS TABLE (rule_id bigint, percent_bp integer, fixed bigint,
    minimum bigint, round_to bigint, ending bigint)
LANGUAGE sql STABLE ROWS 1 AS $$
	SELECT x.id, x.percent_bp, x.fixed, x.minimum, x.round_to, x.ending
	  FROM numlease.price_rules x
	 WHERE coalesce(x.service, '') = ANY (ARRAY[of_service, ''])
	   AND coalesce(x.country, '') = ANY (ARRAY[of_country, ''])
	   AND coalesce(x.provider_id, 0) = ANY (ARRAY[of_provider, 0])
	   AND x.ended_at IS NULL
	 ORDER BY x.service IS NULL, x.country IS NULL,
	       x.provider_id IS NULL, x.priority DESC
	 LIMIT 1
$$;

-- The price by a rule, and the least it may be, before rounding. No row when
-- the price would be over a billion: a cost above that counts as a micro
-- more, so nothing here can overflow. Percentages are taken of the whole
-- 10000s and of the rest, which is exact and stays in 64 bits.
CREATE OR REPLACE FUNCTION numlease.price_by(cost bigint, percent_bp integer,
    fixed bigint, minimum bigint, round_to bigint, ending bigint)
RETURNS TABLE (price bigint, floor bigint)
LANGUAGE sql STABLE ROWS 1 AS $$
	SELECT p.price, f.floor
	  FROM (SELECT least(cost, 1000000000000001) AS cost,
	               coalesce((SELECT s.value::bigint FROM numlease.settings s
	                   WHERE s.key = 'price.floor_bp'), 500) AS bp,
	               coalesce((SELECT s.value::bigint FROM numlease.settings s
	                   WHERE s.key = 'price.floor_amount'), 0) AS amount) c
	 CROSS JOIN LATERAL (SELECT c.cost + greatest(c.cost / 10000 * c.bp
	           + (c.cost % 10000 * c.bp + 9999) / 10000, c.amount) AS floor) f
	 CROSS JOIN LATERAL (SELECT greatest(f.floor,
	           c.cost + c.cost / 10000 * percent_bp
	               + (c.cost % 10000 * percent_bp + 9999) / 10000,
	           c.cost + fixed, minimum, 1) AS price) m
	 CROSS JOIN LATERAL (SELECT (m.price - ending + round_to - 1) / round_to
	           * round_to + ending AS price) p
	 WHERE p.price <= 1000000000000000
$$;

-- Both. No row when no rule applies, or the price would be over a billion.
CREATE OR REPLACE FUNCTION numlease.priced(cost bigint, of_service text,
    of_country text, of_provider bigint)
RETURNS TABLE (price bigint, floor bigint, rule_id bigint)
LANGUAGE sql STABLE ROWS 1 AS $$
	SELECT p.price, p.floor, r.rule_id
	  FROM numlease.price_rule_for(of_service, of_country, of_provider) r
	 CROSS JOIN LATERAL numlease.price_by(cost, r.percent_bp, r.fixed,
	           r.minimum, r.round_to, r.ending) p
$$;

-- The most that something sold for `price` may cost without its going under
-- the floor; 0 when it is too cheap for that.
CREATE OR REPLACE FUNCTION numlease.cost_cap(price bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$
	SELECT greatest(0, least(
	    div(price::numeric * 10000,
	        10000 + numlease.setting_int('price.floor_bp', 500)),
	    price - numlease.setting_int('price.floor_amount', 0)))::bigint
$$;

-- As the programs of the release before call it.
CREATE OR REPLACE FUNCTION numlease.prices_of(cost bigint, of_service text,
    of_country text, of_provider bigint)
RETURNS TABLE (price bigint)
LANGUAGE sql STABLE ROWS 1 AS $$
	SELECT price FROM numlease.priced(cost, of_service, of_country, of_provider)
$$;
CREATE OR REPLACE FUNCTION numlease.price_of(cost bigint, of_service text,
    of_country text, of_provider bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$
	SELECT price FROM numlease.priced(cost, of_service, of_country, of_provider)
$$;

-- Add a rule; '' or NULL is any service, country or provider (by its name).
-- The one that is in force for the same three and priority ends with it.
-- status 'ok', 'bad_input', 'unknown_service', 'unknown_country',
-- 'not_found' (the provider).
CREATE OR REPLACE FUNCTION numlease.price_rule_add(for_service text,
    for_country text, for_provider text, with_priority bigint,
    with_percent_bp bigint, with_fixed bigint, with_minimum bigint,
    with_round_to bigint, with_ending bigint, by_actor text, why text)
RETURNS TABLE (status text, id bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
#variable_conflict use_column
DECLARE
	s text := nullif(for_service, '');
	c text := nullif(for_country, '');
	p bigint := (SELECT x.id FROM providers x WHERE x.name = for_provider);
	at timestamptz := clock_timestamp();
	made bigint;
BEGIN
	PERFORM durable();
	IF by_actor = '' OR with_priority NOT BETWEEN -1000000 AND 1000000
	    OR with_percent_bp NOT BETWEEN 0 AND 1000000
	    OR least(with_fixed, with_minimum, with_ending) < 0
	    OR greatest(with_fixed, with_minimum, with_round_to) > 1000000000000000
	    OR with_round_to < 1 OR with_ending >= with_round_to THEN
		RETURN QUERY SELECT 'bad_input', NULL::bigint;
	ELSIF s IS NOT NULL AND NOT EXISTS (
	    SELECT FROM services x WHERE x.code = s) THEN
		RETURN QUERY SELECT 'unknown_service', NULL::bigint;
	ELSIF c IS NOT NULL AND NOT EXISTS (
	    SELECT FROM countries x WHERE x.code = c) THEN
		RETURN QUERY SELECT 'unknown_country', NULL::bigint;
	ELSIF for_provider <> '' AND p IS NULL THEN
		RETURN QUERY SELECT 'not_found', NULL::bigint;
	ELSE
		-- Two at once would both find the same one to end.
		LOCK TABLE price_rules IN SHARE ROW EXCLUSIVE MODE;
		UPDATE price_rules r SET ended_at = at, ended_by = by_actor
		 WHERE r.ended_at IS NULL AND r.priority = with_priority
		   AND (r.service, r.country, r.provider_id)
		       IS NOT DISTINCT FROM (s, c, p);
		INSERT INTO price_rules AS r (service, country, provider_id, priority,
		    percent_bp, fixed, minimum, round_to, ending, created_by, reason,
		    created_at)
		VALUES (s, c, p, with_priority, with_percent_bp, with_fixed,
		    with_minimum, with_round_to, with_ending, by_actor, why, at)
		RETURNING r.id INTO made;
		RETURN QUERY SELECT 'ok', made;
	END IF;
END
$$;

-- End a rule. 'ok' (also when it had ended before), 'not_found'.
CREATE OR REPLACE FUNCTION numlease.price_rule_end(rule bigint, by_actor text)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
BEGIN
	PERFORM durable();
	UPDATE price_rules SET ended_at = clock_timestamp(), ended_by = by_actor
	 WHERE id = rule AND ended_at IS NULL;
	RETURN CASE WHEN FOUND OR EXISTS (
	    SELECT FROM price_rules WHERE id = rule) THEN 'ok' ELSE 'not_found' END;
END
$$;

-- Set the least profit. 'ok' or 'bad_input'.
CREATE OR REPLACE FUNCTION numlease.price_floor_set(percent_bp bigint,
    amount bigint, by_actor text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
BEGIN
	PERFORM durable();
	IF percent_bp NOT BETWEEN 0 AND 1000000
	    OR amount NOT BETWEEN 0 AND 1000000000 OR by_actor = '' THEN
		RETURN 'bad_input';
	END IF;
	INSERT INTO settings AS s (key, value, updated_by)
	VALUES ('price.floor_bp', percent_bp, by_actor),
	       ('price.floor_amount', amount, by_actor)
	ON CONFLICT (key) DO UPDATE SET value = excluded.value,
	    updated_at = now(), updated_by = excluded.updated_by;
	RETURN 'ok';
END
$$;

-- Take up a quote for a key of its user; for_activation is the id that the
-- activation shall have. The same key again gets the first one's id, so that
-- whichever of two requests reserves, it is the same activation. 'ok',
-- 'quote_used' (by another key), 'quote_expired' (unless its activation is
-- there: then its answer is repeated).
CREATE OR REPLACE FUNCTION numlease.quote_use(quote uuid, who bigint,
    by_key text, for_activation uuid, at_price bigint, most_cost bigint,
    until bigint)
RETURNS TABLE (status text, activation_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
	q quote_uses;
BEGIN
	PERFORM durable();
	INSERT INTO quote_uses (quote_id, user_id, key, activation_id, price,
	    max_cost, expires_at)
	SELECT quote, who, by_key, for_activation, at_price, most_cost,
	       time_of(until)
	 WHERE time_of(until) > now()
	ON CONFLICT (quote_id) DO NOTHING;
	SELECT * INTO q FROM quote_uses u WHERE u.quote_id = quote;
	RETURN QUERY SELECT CASE
	    WHEN q.quote_id IS NULL THEN 'quote_expired'
	    WHEN (q.user_id, q.key) <> (who, by_key) THEN 'quote_used'
	    WHEN q.expires_at <= now() AND NOT EXISTS (
	        SELECT FROM activations a WHERE a.id = q.activation_id)
	        THEN 'quote_expired'
	    ELSE 'ok' END, q.activation_id;
END
$$;
