-- 0001 roles: who may do what, the schema, and the list of what was applied.
--
--   numlease_owner   owns the tables and functions; nobody logs in as it
--   numlease_api     the FastCGI pool: EXECUTE on functions, SELECT on tables
--   numlease_worker  the worker: the same, with the worker's functions
--   numlease_ro      people and reports: SELECT only
--
-- Roles belong to the whole cluster, so they are made only where missing and
-- only when the migrating role may. Where it may not (a hosted database, a
-- private cluster with one role), that role owns everything itself and the
-- grants to roles that do not exist are left out.
DO $$
DECLARE
	may boolean;
	login text;
BEGIN
	SELECT rolsuper OR rolcreaterole INTO may
	  FROM pg_roles WHERE rolname = current_user;
	IF may AND NOT EXISTS (
	    SELECT FROM pg_roles WHERE rolname = 'numlease_owner') THEN
		BEGIN
			CREATE ROLE numlease_owner NOLOGIN;
		EXCEPTION WHEN duplicate_object OR unique_violation THEN
			NULL; -- another database of this cluster was quicker
		END;
	END IF;
	IF may AND NOT pg_has_role(current_user, 'numlease_owner', 'MEMBER') THEN
		EXECUTE format('GRANT numlease_owner TO %I', current_user);
	END IF;
	FOREACH login IN ARRAY
	    ARRAY['numlease_api', 'numlease_worker', 'numlease_ro'] LOOP
		CONTINUE WHEN NOT may OR EXISTS (
		    SELECT FROM pg_roles WHERE rolname = login);
		BEGIN
			EXECUTE format('CREATE ROLE %I LOGIN', login);
			-- A forgotten transaction must not hold a wallet.
			EXECUTE format('ALTER ROLE %I SET lock_timeout = ''5s''', login);
			EXECUTE format('ALTER ROLE %I SET statement_timeout = ''30s''', login);
			EXECUTE format('ALTER ROLE %I SET jit = off', login);
			EXECUTE format('ALTER ROLE %I SET '
			    'idle_in_transaction_session_timeout = ''15s''', login);
		EXCEPTION WHEN duplicate_object OR unique_violation THEN
			NULL;
		END;
	END LOOP;
	-- Short statements: compiling one costs more than it can save.
	IF (SELECT pg_has_role(current_user, datdba, 'MEMBER') FROM pg_database
	    WHERE datname = current_database()) THEN
		EXECUTE format('ALTER DATABASE %I SET jit = off', current_database());
	END IF;
	IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'numlease_owner')
	    AND pg_has_role(current_user, 'numlease_owner', 'MEMBER') THEN
		CREATE SCHEMA numlease AUTHORIZATION numlease_owner;
	ELSE
		CREATE SCHEMA numlease;
	END IF;
END
$$;

-- The first line of every later file: what it creates belongs to the owner
-- role, whoever runs the migration.
CREATE FUNCTION numlease.act_as_owner() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'numlease_owner')
	    AND pg_has_role(current_user, 'numlease_owner', 'MEMBER') THEN
		PERFORM set_config('role', 'numlease_owner', true);
	END IF;
END
$$;

-- GRANT `what` TO those of `roles` that exist.
CREATE FUNCTION numlease.grant_to(what text, VARIADIC roles text[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	r text;
BEGIN
	FOREACH r IN ARRAY roles LOOP
		IF EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
			EXECUTE format('GRANT %s TO %I', what, r);
		END IF;
	END LOOP;
END
$$;

-- kind: migration (never changes), functions and seed (applied again when
-- their text changes; both are written to be repeatable).
CREATE TABLE numlease.migrations (
	kind       text NOT NULL CHECK (kind IN ('migration', 'functions', 'seed')),
	name       text NOT NULL,
	sha256     text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
	applied_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (kind, name)
);

SELECT numlease.grant_to('USAGE ON SCHEMA numlease',
    'numlease_api', 'numlease_worker', 'numlease_ro');
SELECT numlease.grant_to('SELECT ON numlease.migrations',
    'numlease_api', 'numlease_worker', 'numlease_ro');

-- Everything above was made by the migrating role; hand it over.
DO $$
BEGIN
	IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'numlease_owner')
	    AND pg_has_role(current_user, 'numlease_owner', 'MEMBER') THEN
		ALTER TABLE numlease.migrations OWNER TO numlease_owner;
		ALTER FUNCTION numlease.act_as_owner() OWNER TO numlease_owner;
		ALTER FUNCTION numlease.grant_to(text, text[]) OWNER TO numlease_owner;
	END IF;
END
$$;
