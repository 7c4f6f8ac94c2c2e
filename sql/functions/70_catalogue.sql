-- Providers' codes and offers.
SELECT numlease.act_as_owner();

-- Give a provider the codes of its dialect for everything in the catalogue
-- that has one; what is mapped already stays. Dialects: 'sms-activate' (and
-- its relatives) by the handler_api codes, '5sim' by its words.
CREATE OR REPLACE FUNCTION numlease.provider_map_defaults(of_provider bigint,
    of_dialect text)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
DECLARE
	a bigint;
	b bigint;
BEGIN
	INSERT INTO provider_services (provider_id, service, native)
	SELECT of_provider, code, native
	  FROM (SELECT code, CASE of_dialect WHEN '5sim' THEN fivesim
	            ELSE handler_api END AS native FROM services) s
	 WHERE native IS NOT NULL
	ON CONFLICT DO NOTHING;
	GET DIAGNOSTICS a = ROW_COUNT;
	INSERT INTO provider_countries (provider_id, country, native)
	SELECT of_provider, code, native
	  FROM (SELECT code, CASE of_dialect WHEN '5sim' THEN fivesim
	            ELSE handler_api::text END AS native FROM countries) s
	 WHERE native IS NOT NULL
	ON CONFLICT DO NOTHING;
	GET DIAGNOSTICS b = ROW_COUNT;
	RETURN a + b;
END
$$;

-- Add a provider or change the one of that name, map its codes, give its id.
-- with_fx_rate 0: the rate of its currency that is in force; without one it is
-- one to one for the wallets' own currency, and of another nothing is bought.
CREATE OR REPLACE FUNCTION numlease.provider_put(with_name text,
    of_dialect text, with_settings text, with_secret bytea,
    with_currency text, with_fx_rate bigint, with_priority bigint,
    is_enabled boolean)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
DECLARE
	p bigint;
BEGIN
	INSERT INTO providers AS x (name, dialect, settings, secret, currency,
	    fx_rate, priority, enabled)
	VALUES (with_name, of_dialect, with_settings::jsonb, with_secret,
	    with_currency, coalesce(nullif(with_fx_rate, 0), (SELECT r.rate
	        FROM fx_rates r WHERE r.currency = with_currency
	        ORDER BY r.id DESC LIMIT 1), 1000000), with_priority, is_enabled)
	ON CONFLICT (name) DO UPDATE
	   SET dialect = excluded.dialect, settings = excluded.settings,
	       secret = coalesce(excluded.secret, x.secret),
	       currency = excluded.currency, fx_rate = excluded.fx_rate,
	       priority = excluded.priority, enabled = excluded.enabled
	RETURNING id INTO p;
	PERFORM fx_put(with_currency, x.fx_rate, 'provider ' || with_name,
	    'provider added or changed') FROM providers x
	 WHERE x.id = p AND (with_fx_rate > 0 OR EXISTS (
	     SELECT FROM fx_rates r WHERE r.currency = with_currency));
	PERFORM provider_map_defaults(p, of_dialect);
	RETURN p;
END
$$;

-- A provider's price list, in its own codes and currency. Rows whose service
-- or country is not mapped are left out. rates: parts per million of its
-- orders that bring a code, as it says; 0 it does not. whole: what the list
-- does not hold is out of stock. Gives the number of offers written.
CREATE OR REPLACE FUNCTION numlease.offers_take(of_provider bigint,
    native_services text[], native_countries text[], operators text[],
    native_costs bigint[], stocks bigint[], rates bigint[], whole boolean)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
DECLARE
	n bigint;
	started timestamptz := clock_timestamp();
BEGIN
	INSERT INTO offers AS o (provider_id, service, country, operator,
	    native_cost, cost, stock, published_rate, seen_at)
	SELECT DISTINCT ON (s.service, c.country, 4)
	       of_provider, s.service, c.country,
	       coalesce(nullif(q.operator, ''), 'any'), q.cost,
	       ceil(q.cost::numeric * p.fx_rate / 1000000)::bigint,
	       least(greatest(q.stock, 0), 2147483647)::integer,
	       nullif(least(greatest(q.rate, 0), 1000000), 0)::integer, started
	  FROM unnest(native_services, native_countries, operators, native_costs,
	           stocks, rates) q (service, country, operator, cost, stock, rate)
	  JOIN providers p ON p.id = of_provider
	  JOIN provider_services s ON s.provider_id = p.id AND s.native = q.service
	  JOIN provider_countries c ON c.provider_id = p.id AND c.native = q.country
	 WHERE q.cost >= 0
	 ORDER BY s.service, c.country, 4, q.cost
	ON CONFLICT (provider_id, service, country, operator) DO UPDATE
	   SET native_cost = excluded.native_cost, cost = excluded.cost,
	       stock = excluded.stock, published_rate = excluded.published_rate,
	       seen_at = excluded.seen_at;
	GET DIAGNOSTICS n = ROW_COUNT;
	IF whole THEN
		UPDATE offers SET stock = 0
		 WHERE provider_id = of_provider AND seen_at < started AND stock > 0;
	END IF;
	RETURN n;
END
$$;

-- As the programs of the release before call it.
CREATE OR REPLACE FUNCTION numlease.offers_put(of_provider bigint,
    native_services text[], native_countries text[], operators text[],
    native_costs bigint[], stocks bigint[], whole boolean)
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
	SELECT offers_take(of_provider, native_services, native_countries,
	    operators, native_costs, stocks, '{}', whole)
$$;
