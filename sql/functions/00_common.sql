-- Helpers of the functions in this folder.
--
-- How these files are kept: `numleasectl migrate up` applies them after the
-- migrations, all of them in one transaction and in order of name, whenever
-- the text of any has changed. So a body is corrected in place; a new
-- signature or a new result gets a new name, and the old one stays for one
-- release, because old and new programs run at once during a reload.
--
-- Conventions. Hot functions take arrays and give one row per element, `ord`
-- counting from 1, `status` being 'ok' or a word of src/base/err.def (a few
-- have words of their own, said in their header). A refusal leaves nothing
-- behind. An SQL error fails the whole call: repeat the elements singly.
-- They go by keys whatever the statistics say (enable_seqscan = off): a plan
-- made while a table was small stays in its session while the table grows.
-- That setting gives a table without a fitting index a cost that sets off the
-- JIT compiler (0.5 s a call), so jit = off goes with it.
-- Rows are locked in one global order: activations by id, then wallets by
-- user_id. Times from outside are microseconds since the epoch, 0 for none.
-- Money is wallet micros.
-- A function in SQL that the planner cannot put in place of its call (it has
-- settings, or a subquery) is parsed and planned anew by every statement that
-- calls it: hot ones are in PL/pgSQL, whose plans stay in the session.
SELECT numlease.act_as_owner();

-- Money survives a crash of the server whatever the session was set to.
-- (A SET clause of the function would be undone before the commit.)
CREATE OR REPLACE FUNCTION numlease.durable() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF current_setting('synchronous_commit')
	    IN ('off', 'local', 'remote_write') THEN
		PERFORM set_config('synchronous_commit', 'on', true);
	END IF;
END
$$;

CREATE OR REPLACE FUNCTION numlease.setting_int(name text, fallback bigint)
RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce((SELECT value::bigint FROM numlease.settings
	    WHERE key = name), fallback);
END
$$;

-- Not IMMUTABLE, as its operators are not: else it would be no part of plans.
CREATE OR REPLACE FUNCTION numlease.time_of(us bigint) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN us > 0 THEN timestamptz 'epoch'
	    + us * interval '1 microsecond' END
$$;

CREATE OR REPLACE FUNCTION numlease.ms(n bigint) RETURNS interval
LANGUAGE sql IMMUTABLE AS $$
	SELECT n * interval '1 millisecond'
$$;

CREATE OR REPLACE FUNCTION numlease.wallets_lock(users bigint[])
RETURNS void LANGUAGE plpgsql SET search_path = numlease, pg_temp AS $$
BEGIN
	PERFORM FROM wallets WHERE user_id = ANY (users)
	ORDER BY user_id FOR NO KEY UPDATE;
END
$$;

CREATE OR REPLACE FUNCTION numlease.activations_lock(ids uuid[])
RETURNS void LANGUAGE plpgsql SET search_path = numlease, pg_temp AS $$
BEGIN
	PERFORM FROM activations WHERE id = ANY (ids)
	ORDER BY id FOR NO KEY UPDATE;
END
$$;
