-- What is forgotten after a time. Each function takes at most `batch` rows
-- and gives how many it took: called until it took fewer.
-- Rows that somebody works on are passed over until the next time. What the
-- ledger needs (activations, attempts, transfers) is never forgotten.
SELECT numlease.act_as_owner();

-- Sessions that ended long ago; until then a stolen token is recognised.
CREATE OR REPLACE FUNCTION numlease.cleanup_sessions(keep_ms bigint,
    batch integer)
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
	WITH old AS MATERIALIZED (
		SELECT s.id FROM sessions s
		 WHERE least(s.expires_at, s.revoked_at) < now() - ms(keep_ms)
		 LIMIT batch
		   FOR UPDATE SKIP LOCKED
	), d AS (
		DELETE FROM sessions s USING old WHERE s.id = old.id
		RETURNING 1)
	SELECT count(*) FROM d
$$;

-- Keys of requests that can no longer be repeated. One whose activation has
-- no answer yet is kept.
CREATE OR REPLACE FUNCTION numlease.cleanup_idempotency(keep_ms bigint,
    batch integer)
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
	WITH old AS MATERIALIZED (
		SELECT k.user_id, k.key FROM idempotency_keys k
		 WHERE k.created_at < now() - ms(keep_ms)
		   AND NOT EXISTS (
		       SELECT FROM activations a
		        WHERE a.id = k.activation_id AND a.closed_at IS NULL)
		 LIMIT batch
		   FOR UPDATE OF k SKIP LOCKED
	), d AS (
		DELETE FROM idempotency_keys k USING old
		 WHERE k.user_id = old.user_id AND k.key = old.key
		RETURNING 1)
	SELECT count(*) FROM d
$$;

-- The words of SMS, some time after their number was closed: the row stays
-- (it says that there was one, and is not stored twice), the text goes. So it
-- does from the first answer to a request whose key is repeated.
CREATE OR REPLACE FUNCTION numlease.cleanup_messages(keep_ms bigint,
    batch integer)
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
	WITH old AS MATERIALIZED (
		SELECT m.id, m.activation_id, m.user_id FROM messages m
		  JOIN activations a ON a.id = m.activation_id
		 WHERE a.closed_at < now() - ms(keep_ms)
		   AND m.stored_at < now() - ms(keep_ms)
		   AND (m.body <> '' OR m.sender <> '' OR m.code IS NOT NULL)
		 ORDER BY m.stored_at LIMIT batch
		   FOR UPDATE OF m SKIP LOCKED
	), u AS (
		UPDATE messages m SET body = '', sender = '', code = NULL
		  FROM old WHERE m.id = old.id
		RETURNING 1
	), k AS (
		UPDATE idempotency_keys k
		   SET response = (k.response::jsonb
		       || '{"code": null, "messages": []}')::text
		  FROM (SELECT DISTINCT activation_id, user_id FROM old) o
		 WHERE k.user_id = o.user_id AND k.activation_id = o.activation_id
		   AND k.response LIKE '%"messages":[{%')
	SELECT count(*) FROM u
$$;

-- Deliveries that are over, with their tries.
CREATE OR REPLACE FUNCTION numlease.cleanup_deliveries(keep_ms bigint,
    batch integer)
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
	WITH old AS MATERIALIZED (
		SELECT d.id FROM deliveries d
		 WHERE d.next_at IS NULL AND d.done_at < now() - ms(keep_ms)
		 ORDER BY d.done_at LIMIT batch
		   FOR UPDATE SKIP LOCKED
	), d AS (
		DELETE FROM deliveries d USING old WHERE d.id = old.id
		RETURNING 1)
	SELECT count(*) FROM d
$$;

-- What was said in purchases long ago.
CREATE OR REPLACE FUNCTION numlease.cleanup_exchanges(keep_ms bigint,
    batch integer)
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
	WITH old AS MATERIALIZED (
		SELECT e.attempt_id FROM exchanges e
		 WHERE e.created_at < now() - ms(keep_ms)
		 LIMIT batch
		   FOR UPDATE SKIP LOCKED
	), d AS (
		DELETE FROM exchanges e USING old WHERE e.attempt_id = old.attempt_id
		RETURNING 1)
	SELECT count(*) FROM d
$$;
