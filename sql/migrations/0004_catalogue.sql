-- 0004 catalogue: what can be leased, from whom, at what price.
SELECT numlease.act_as_owner();

CREATE TABLE numlease.services (
	code        text PRIMARY KEY CHECK (code ~ '^[a-z0-9][a-z0-9_-]{0,31}$'),
	name        text NOT NULL,
	category    text NOT NULL,
	policy      text NOT NULL DEFAULT 'allow' CHECK (policy IN ('allow', 'deny')),
	enabled     boolean NOT NULL DEFAULT true,
	handler_api text UNIQUE, -- two-letter code of the handler_api protocol
	fivesim     text UNIQUE  -- product of the 5sim protocol
);

CREATE TABLE numlease.countries (
	code        text PRIMARY KEY CHECK (code ~ '^[a-z]{2}$'), -- ISO 3166-1
	name        text NOT NULL,
	dial        text NOT NULL CHECK (dial ~ '^[1-9][0-9]{0,6}$'),
	enabled     boolean NOT NULL DEFAULT true,
	handler_api integer UNIQUE CHECK (handler_api >= 0),
	fivesim     text UNIQUE
);

-- secret is sealed by crypto/; the database never sees it in clear.
-- fx_rate: wallet micros for one whole unit of the provider's currency.
CREATE TABLE numlease.providers (
	id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name         text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9_-]{0,31}$'),
	dialect      text NOT NULL, -- the descriptor that speaks for it
	settings     jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object'),
	secret       bytea,
	currency     text NOT NULL DEFAULT 'USD' CHECK (currency ~ '^[A-Z]{3}$'),
	fx_rate      bigint NOT NULL DEFAULT 1000000 CHECK (fx_rate > 0),
	priority     integer NOT NULL DEFAULT 100 CHECK (priority >= 0),
	admin_weight integer NOT NULL DEFAULT 0 CHECK (admin_weight >= 0),
	enabled      boolean NOT NULL DEFAULT false,
	state        text NOT NULL DEFAULT 'unknown'
	             CHECK (state IN ('unknown', 'up', 'degraded', 'down')),
	balance      bigint, -- provider currency, as it last said; NULL unknown
	last_ok_at   timestamptz,
	last_error   text,
	version      bigint NOT NULL DEFAULT 1,
	created_at   timestamptz NOT NULL DEFAULT now(),
	updated_at   timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE numlease.accounts ADD FOREIGN KEY (provider_id)
	REFERENCES numlease.providers;

-- A provider's three accounts exist from the first moment.
CREATE TABLE numlease.provider_accounts (
	provider_id bigint PRIMARY KEY REFERENCES numlease.providers,
	cost        bigint NOT NULL REFERENCES numlease.accounts,
	payable     bigint NOT NULL REFERENCES numlease.accounts,
	receivable  bigint NOT NULL REFERENCES numlease.accounts
);
CREATE FUNCTION numlease.providers_accounts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
DECLARE
	c bigint;
	p bigint;
	r bigint;
BEGIN
	INSERT INTO accounts (kind, provider_id) VALUES ('provider_cost', NEW.id)
	RETURNING id INTO c;
	INSERT INTO accounts (kind, provider_id) VALUES ('provider_payable', NEW.id)
	RETURNING id INTO p;
	INSERT INTO accounts (kind, provider_id) VALUES ('provider_receivable', NEW.id)
	RETURNING id INTO r;
	INSERT INTO provider_accounts VALUES (NEW.id, c, p, r);
	RETURN NULL;
END
$$;
CREATE TRIGGER providers_accounts AFTER INSERT ON numlease.providers
	FOR EACH ROW EXECUTE FUNCTION numlease.providers_accounts();

-- Every change of a configuration gets a new version, by which processes
-- and caches notice it. Health columns are not configuration.
CREATE FUNCTION numlease.providers_version() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	IF (NEW.name, NEW.dialect, NEW.settings, NEW.secret, NEW.currency,
	    NEW.fx_rate, NEW.priority, NEW.admin_weight, NEW.enabled)
	    IS DISTINCT FROM
	   (OLD.name, OLD.dialect, OLD.settings, OLD.secret, OLD.currency,
	    OLD.fx_rate, OLD.priority, OLD.admin_weight, OLD.enabled) THEN
		NEW.version := OLD.version + 1;
		NEW.updated_at := now();
	END IF;
	RETURN NEW;
END
$$;
CREATE TRIGGER providers_version BEFORE UPDATE ON numlease.providers
	FOR EACH ROW EXECUTE FUNCTION numlease.providers_version();

-- Our code <-> the code the provider uses, both ways unique.
CREATE TABLE numlease.provider_services (
	provider_id bigint NOT NULL REFERENCES numlease.providers ON DELETE CASCADE,
	service     text NOT NULL REFERENCES numlease.services,
	native      text NOT NULL,
	PRIMARY KEY (provider_id, service),
	UNIQUE (provider_id, native)
);
CREATE TABLE numlease.provider_countries (
	provider_id bigint NOT NULL REFERENCES numlease.providers ON DELETE CASCADE,
	country     text NOT NULL REFERENCES numlease.countries,
	native      text NOT NULL,
	PRIMARY KEY (provider_id, country),
	UNIQUE (provider_id, native)
);

-- operator 'any' is the provider's own choice. native_cost is in the
-- provider's currency, cost in the wallet's. The statistics are sums that
-- decay, kept by the worker: bought and delivered numbers, latency in ms.
CREATE TABLE numlease.offers (
	id          bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
	provider_id bigint NOT NULL REFERENCES numlease.providers ON DELETE CASCADE,
	service     text NOT NULL REFERENCES numlease.services,
	country     text NOT NULL REFERENCES numlease.countries,
	operator    text NOT NULL DEFAULT 'any' CHECK (operator <> ''),
	native_cost bigint NOT NULL CHECK (native_cost >= 0),
	cost        bigint NOT NULL CHECK (cost >= 0),
	stock       integer NOT NULL CHECK (stock >= 0),
	seen_at     timestamptz NOT NULL DEFAULT now(),
	admin_weight integer NOT NULL DEFAULT 0 CHECK (admin_weight >= 0),
	bought      double precision NOT NULL DEFAULT 0,
	delivered   double precision NOT NULL DEFAULT 0,
	latency_ms  double precision NOT NULL DEFAULT 0,
	PRIMARY KEY (provider_id, service, country, operator)
) WITH (fillfactor = 70); -- seen_at is set by every sync (HOT)
-- The router's candidates of one route, and the catalogue by service.
CREATE INDEX offers_route ON numlease.offers (service, country);

-- price = cost + percent, at least cost + fixed, at least minimum, rounded
-- up to a multiple of round_to. The most specific rule wins (service before
-- country before provider), then priority.
CREATE TABLE numlease.price_rules (
	id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	service     text REFERENCES numlease.services,
	country     text REFERENCES numlease.countries,
	provider_id bigint REFERENCES numlease.providers,
	priority    integer NOT NULL DEFAULT 0,
	percent_bp  integer NOT NULL CHECK (percent_bp BETWEEN 0 AND 1000000),
	fixed       bigint NOT NULL DEFAULT 0 CHECK (fixed >= 0),
	minimum     bigint NOT NULL DEFAULT 0 CHECK (minimum >= 0),
	round_to    bigint NOT NULL DEFAULT 1 CHECK (round_to > 0),
	enabled     boolean NOT NULL DEFAULT true,
	created_at  timestamptz NOT NULL DEFAULT now(),
	UNIQUE NULLS NOT DISTINCT (service, country, provider_id, priority)
);

-- Settings that an operator changes while the programs run.
CREATE TABLE numlease.settings (
	key        text PRIMARY KEY,
	value      text NOT NULL,
	updated_at timestamptz NOT NULL DEFAULT now(),
	updated_by text NOT NULL DEFAULT 'migration'
);

SELECT numlease.grant_to('SELECT ON numlease.services, numlease.countries, '
    'numlease.provider_accounts, numlease.provider_services, '
    'numlease.provider_countries, numlease.offers, numlease.price_rules, '
    'numlease.settings',
    'numlease_api', 'numlease_worker', 'numlease_ro');
SELECT numlease.grant_to('SELECT ON numlease.providers',
    'numlease_api', 'numlease_worker');
-- The API may switch a provider, and may not read or change more than it shows.
SELECT numlease.grant_to('UPDATE (enabled) ON numlease.providers', 'numlease_api');
SELECT numlease.grant_to('UPDATE (state, balance, last_ok_at, last_error) '
    'ON numlease.providers', 'numlease_worker');
SELECT numlease.grant_to('UPDATE (bought, delivered, latency_ms) ON numlease.offers',
    'numlease_worker');
SELECT numlease.grant_to('SELECT (id, name, dialect, currency, fx_rate, '
    'priority, admin_weight, enabled, state, balance, last_ok_at, last_error, '
    'version) ON numlease.providers', 'numlease_ro');
