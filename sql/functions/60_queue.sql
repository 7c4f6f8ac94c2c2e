-- The other queues: calls upstream, polls, deliveries. A claim moves due_at
-- (next_at, poll_at) to the end of the lease; when the holder dies the row
-- is simply due again. FOR UPDATE SKIP LOCKED keeps two holders apart.
SELECT numlease.act_as_owner();

-- Take calls to make (topics: cancel, finish, resend).
CREATE OR REPLACE FUNCTION numlease.outbox_claim(of_topics text[],
    by_holder text, batch integer, lease_ms bigint)
RETURNS TABLE (topic text, key uuid, token uuid, tries integer,
    user_id bigint, number integer, service text, country text, state text,
    provider_id bigint, upstream_id text, phone text, has_sms boolean,
    expires_at timestamptz)
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
	WITH due AS MATERIALIZED (
		SELECT o.topic, o.key FROM outbox o
		 WHERE o.topic = ANY (of_topics) AND o.due_at <= now()
		 ORDER BY o.due_at LIMIT batch
		   FOR UPDATE SKIP LOCKED
	), taken AS (
		UPDATE outbox o
		   SET due_at = now() + ms(lease_ms), tries = o.tries + 1,
		       holder = by_holder, token = gen_random_uuid()
		  FROM due d
		 WHERE o.topic = d.topic AND o.key = d.key
		RETURNING o.topic, o.key, o.token, o.tries
	)
	SELECT t.topic, t.key, t.token, t.tries, a.user_id, a.number, a.service,
	       a.country, a.state, a.provider_id, a.upstream_id, a.phone,
	       a.first_sms_at IS NOT NULL, a.expires_at
	  FROM taken t JOIN activations a ON a.id = t.key
$$;

-- Done: forget them. Gives how many were still ours.
CREATE OR REPLACE FUNCTION numlease.outbox_done(topics text[], keys uuid[],
    tokens uuid[])
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
	WITH d AS (
		DELETE FROM outbox o USING unnest(topics, keys, tokens) u (topic, key, token)
		 WHERE o.topic = u.topic AND o.key = u.key AND o.token = u.token
		RETURNING 1)
	SELECT count(*) FROM d
$$;

-- Again after delay_ms[i], or never (below 0): dead, an operator's matter.
CREATE OR REPLACE FUNCTION numlease.outbox_retry(topics text[], keys uuid[],
    tokens uuid[], delay_ms bigint[], errors text[])
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
	WITH u AS (
		UPDATE outbox o
		   SET due_at = CASE WHEN u.delay >= 0 THEN now() + ms(u.delay) END,
		       last_error = u.error, token = NULL
		  FROM unnest(topics, keys, tokens, delay_ms, errors)
		       u (topic, key, token, delay, error)
		 WHERE o.topic = u.topic AND o.key = u.key AND o.token = u.token
		RETURNING 1)
	SELECT count(*) FROM u
$$;

-- Numbers are polled by the times in Redis as long as that answers; holder
-- is NULL then and poll_at says nothing. Without Redis the times stand here,
-- and these rows have a holder. A row changes sides once per loss of Redis,
-- not once per poll. Adopted rows become due evenly between one and two
-- intervals from now.
CREATE OR REPLACE FUNCTION numlease.poll_adopt(by_holder text,
    interval_ms bigint)
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
	WITH old AS MATERIALIZED (
		SELECT p.activation_id FROM polls p
		 WHERE p.holder IS NULL AND p.poll_at <= now()
		   FOR UPDATE SKIP LOCKED
	), u AS (
		UPDATE polls p
		   SET holder = by_holder,
		       poll_at = now() + ms(interval_ms) * (1 + random())
		  FROM old WHERE p.activation_id = old.activation_id
		RETURNING 1)
	SELECT count(*) FROM u
$$;

-- Back to Redis, unless one was taken here meanwhile.
CREATE OR REPLACE FUNCTION numlease.poll_release(ids uuid[])
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
	WITH mine AS MATERIALIZED (
		SELECT p.activation_id FROM polls p
		 WHERE p.activation_id = ANY (ids) AND p.holder IS NOT NULL
		   AND p.poll_at <= now()
		   FOR UPDATE SKIP LOCKED
	), u AS (
		UPDATE polls p SET holder = NULL, poll_at = 'epoch'
		  FROM mine WHERE p.activation_id = mine.activation_id
		RETURNING 1)
	SELECT count(*) FROM u
$$;

-- Take numbers to poll by the times that stand here.
CREATE OR REPLACE FUNCTION numlease.poll_due(by_holder text, batch integer,
    lease_ms bigint)
RETURNS TABLE (activation_id uuid, provider_id bigint, upstream_id text,
    user_id bigint, number integer, service text, country text, state text,
    has_sms boolean, activated_at timestamptz, expires_at timestamptz)
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
	WITH due AS MATERIALIZED (
		SELECT p.activation_id FROM polls p
		 WHERE p.poll_at <= now() AND p.holder IS NOT NULL
		 ORDER BY p.poll_at LIMIT batch
		   FOR UPDATE SKIP LOCKED
	), taken AS (
		UPDATE polls p SET poll_at = now() + ms(lease_ms), holder = by_holder
		  FROM due d WHERE p.activation_id = d.activation_id
		RETURNING p.activation_id
	)
	SELECT a.id, a.provider_id, a.upstream_id, a.user_id, a.number, a.service,
	       a.country, a.state, a.first_sms_at IS NOT NULL, a.activated_at,
	       a.expires_at
	  FROM taken t JOIN activations a ON a.id = t.activation_id
$$;

-- When to ask next; numbers that are over have no row any more.
CREATE OR REPLACE FUNCTION numlease.poll_next(ids uuid[], delay_ms bigint[])
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
	WITH u AS (
		UPDATE polls p SET poll_at = now() + ms(u.delay)
		  FROM unnest(ids, delay_ms) u (id, delay)
		 WHERE p.activation_id = u.id
		RETURNING 1)
	SELECT count(*) FROM u
$$;

-- The providers know these numbers after all. Most were never missing, and
-- are not written.
CREATE OR REPLACE FUNCTION numlease.poll_known(ids uuid[])
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
	WITH u AS (
		UPDATE polls p SET missing = 0, missing_at = NULL
		 WHERE p.activation_id = ANY (ids) AND p.missing > 0
		RETURNING 1)
	SELECT count(*) FROM u
$$;

-- Take notices to send, with all that is needed to write them.
CREATE OR REPLACE FUNCTION numlease.deliveries_claim(batch integer,
    lease_ms bigint)
RETURNS TABLE (id uuid, token uuid, tries integer, kind text,
    created_at timestamptz, endpoint_id uuid, url text, secret bytea,
    user_id bigint, activation_id uuid, number integer, service text,
    country text, operator text, phone text, state text, price bigint,
    charged bigint, message_id bigint, sender text, body text, code text,
    received_at timestamptz)
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
	WITH due AS MATERIALIZED (
		SELECT d.id FROM deliveries d
		 WHERE d.next_at <= now()
		 ORDER BY d.next_at LIMIT batch
		   FOR UPDATE SKIP LOCKED
	), taken AS (
		UPDATE deliveries d
		   SET next_at = now() + ms(lease_ms), tries = d.tries + 1,
		       token = gen_random_uuid()
		  FROM due WHERE d.id = due.id
		RETURNING d.*
	)
	SELECT t.id, t.token, t.tries, t.kind, t.created_at, e.id, e.url, e.secret,
	       t.user_id, a.id, a.number, a.service, a.country, a.operator, a.phone,
	       a.state, a.price, a.charged, m.id, m.sender, m.body, m.code,
	       m.received_at
	  FROM taken t
	  JOIN endpoints e ON e.id = t.endpoint_id
	  JOIN activations a ON a.id = t.activation_id
	  LEFT JOIN messages m ON m.id = t.message_id
$$;

-- What became of a try. http_statuses 0: no answer. next_ms: 0 done, above 0
-- again after that, below 0 dead. Gives how many were still ours.
CREATE OR REPLACE FUNCTION numlease.deliveries_settle(ids uuid[],
    tokens uuid[], http_statuses bigint[], errors text[], took_ms bigint[],
    next_ms bigint[])
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
	WITH u AS (
		UPDATE deliveries d
		   SET state = CASE WHEN u.next = 0 THEN 'done'
		           WHEN u.next < 0 THEN 'dead' ELSE 'pending' END,
		       next_at = CASE WHEN u.next > 0 THEN now() + ms(u.next) END,
		       done_at = CASE WHEN u.next <= 0 THEN now() END,
		       last_status = nullif(u.status, 0), last_error = nullif(u.error, ''),
		       token = NULL
		  FROM unnest(ids, tokens, http_statuses, errors, next_ms)
		       u (id, token, status, error, next)
		 WHERE d.id = u.id AND d.token = u.token
		RETURNING d.id, d.tries, d.last_status, d.last_error
	), logged AS (
		INSERT INTO delivery_tries (delivery_id, try, status, error, ms)
		SELECT u.id, u.tries, u.last_status, u.last_error, coalesce(q.took, 0)
		  FROM u JOIN unnest(ids, took_ms) q (id, took) ON q.id = u.id
		ON CONFLICT DO NOTHING
	)
	SELECT count(*) FROM u
$$;
