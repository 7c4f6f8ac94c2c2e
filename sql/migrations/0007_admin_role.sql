-- 0007 admin role: numlease_admin, and who may act as the roles.
--
--   numlease_admin   the pool that serves administrators: what numlease_api
--                    may, and the functions that make money or set rates
--
-- A program logs in as the user of its conninfo and acts as its own role
-- from the first statement on; so that user has to be a member of it. The
-- one that migrates becomes a member here, where it may.
DO $$
DECLARE
	may boolean;
	r text;
BEGIN
	SELECT rolsuper OR rolcreaterole INTO may
	  FROM pg_roles WHERE rolname = current_user;
	IF may AND NOT EXISTS (
	    SELECT FROM pg_roles WHERE rolname = 'numlease_admin') THEN
		BEGIN
			CREATE ROLE numlease_admin LOGIN;
			ALTER ROLE numlease_admin SET lock_timeout = '5s';
			ALTER ROLE numlease_admin SET statement_timeout = '30s';
			ALTER ROLE numlease_admin SET jit = off;
			ALTER ROLE numlease_admin
			    SET idle_in_transaction_session_timeout = '15s';
		EXCEPTION WHEN duplicate_object OR unique_violation THEN
			NULL; -- another database of this cluster was quicker
		END;
	END IF;
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'numlease_admin') THEN
		RETURN;
	END IF;
	BEGIN
		IF NOT pg_has_role('numlease_admin', 'numlease_api', 'MEMBER') THEN
			GRANT numlease_api TO numlease_admin;
		END IF;
		FOREACH r IN ARRAY ARRAY['numlease_api', 'numlease_admin',
		    'numlease_worker', 'numlease_ro'] LOOP
			IF NOT pg_has_role(current_user, r, 'MEMBER') THEN
				EXECUTE format('GRANT %I TO %I', r, current_user);
			END IF;
		END LOOP;
	EXCEPTION
	WHEN insufficient_privilege THEN
		RAISE WARNING '% may not grant the roles of the programs: grant '
		    'numlease_api to numlease_admin, and all of them to it',
		    current_user;
	WHEN unique_violation OR invalid_grant_operation THEN
		NULL; -- the other database again: what it grants is the same
	END;
END
$$;
