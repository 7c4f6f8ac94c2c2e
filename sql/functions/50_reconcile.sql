-- Undecided purchases, numbers that belong to nobody, lost orders.
SELECT numlease.act_as_owner();

-- Take attempts whose outcome must be found out: UNKNOWN past their settle
-- time, STARTED ones whose worker never came back, and NUMBER_PENDING ones
-- to ask again. The token is new, so whoever held it before is fenced from
-- here on. may_give_up: the provider's longest lifetime has passed.
CREATE OR REPLACE FUNCTION numlease.unknown_due(batch integer, lease_ms bigint)
RETURNS TABLE (attempt_id uuid, token uuid, state text, activation_id uuid,
    activation_state text, user_id bigint, provider_id bigint, service text,
    country text, operator text, native_service text, native_country text,
    native_operator text, max_cost bigint, upstream_id text,
    started_at timestamptz, settle_at timestamptz, cause text,
    may_give_up boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
	mine uuid[];
BEGIN
	PERFORM durable();
	WITH due AS MATERIALIZED (
		SELECT t.id FROM attempts t
		 WHERE t.unsettled_at <= now()
		 ORDER BY t.unsettled_at
		 LIMIT batch
		   FOR NO KEY UPDATE SKIP LOCKED
	), taken AS (
		UPDATE attempts t
		   SET token = gen_random_uuid(),
		       state = CASE t.state WHEN 'STARTED' THEN 'UNKNOWN' ELSE t.state END,
		       cause = CASE t.state WHEN 'STARTED' THEN 'worker lost'
		           ELSE t.cause END,
		       unsettled_at = now() + ms(lease_ms)
		  FROM due WHERE t.id = due.id
		RETURNING t.id
	)
	SELECT array_agg(id) INTO mine FROM taken;
	RETURN QUERY
	SELECT t.id, t.token, t.state, a.id, a.state, a.user_id, t.provider_id,
	       a.service, a.country, a.operator, t.native_service,
	       t.native_country, t.native_operator, t.max_cost, t.upstream_id,
	       t.started_at, t.settle_at, t.cause, t.give_up_at <= now()
	  FROM attempts t JOIN activations a ON a.id = t.activation_id
	 WHERE t.id = ANY (mine)
	 ORDER BY t.started_at;
END
$$;

-- Not decided now: look again after delay_ms. Gives how many were ours.
CREATE OR REPLACE FUNCTION numlease.attempt_postpone(attempt_ids uuid[],
    tokens uuid[], delay_ms bigint)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
	n bigint;
BEGIN
	UPDATE attempts t SET unsettled_at = now() + ms(delay_ms)
	  FROM unnest(attempt_ids, tokens) u (id, token)
	 WHERE t.id = u.id AND t.token = u.token AND t.unsettled_at IS NOT NULL;
	GET DIAGNOSTICS n = ROW_COUNT;
	RETURN n;
END
$$;

-- It will never be known (may_give_up): the user is released, and what the
-- provider may have taken (the cost we admitted) is booked as a loss.
CREATE OR REPLACE FUNCTION numlease.attempt_give_up(attempt_ids uuid[],
    tokens uuid[])
RETURNS TABLE (ord bigint, status text, activation_id uuid, state text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
	gone uuid[];
	mine uuid[];
	todo uuid[];
	events text[];
	who bigint[];
BEGIN
	PERFORM durable();
	PERFORM attempts_lock(attempt_ids);
	WITH done AS (
		UPDATE attempts t
		   SET state = 'ABSENT', cause = 'undecidable', unsettled_at = NULL,
		       closed_at = clock_timestamp(), cost = t.max_cost,
		       cost_state = CASE WHEN t.max_cost > 0 THEN 'lost' ELSE 'none' END
		  FROM unnest(attempt_ids, tokens) u (id, token)
		 WHERE t.id = u.id AND t.token = u.token
		   AND t.state IN ('UNKNOWN', 'NUMBER_PENDING')
		   AND t.give_up_at <= now()
		RETURNING t.id, t.activation_id, t.provider_id, t.cost
	), booked AS (
		INSERT INTO transfers (kind, debit, credit, amount, activation_id,
		    attempt_id, idem_key, actor, reason)
		SELECT 'loss', p.cost, p.payable, d.cost, d.activation_id, d.id,
		       'loss:' || d.id, 'reconcile', 'undecidable purchase'
		  FROM done d JOIN provider_accounts p USING (provider_id)
		 WHERE d.cost > 0
	)
	SELECT coalesce(array_agg(id), '{}'), coalesce(array_agg(activation_id), '{}')
	  INTO gone, mine FROM done;
	SELECT coalesce(array_agg(a.id), '{}'), coalesce(array_agg(a.user_id), '{}'),
	       coalesce(array_agg(coalesce(a.closing, 'fail')), '{}')
	  INTO todo, who, events
	  FROM activations a
	 WHERE a.id = ANY (mine) AND a.state IN ('RESERVED', 'CANCELLING');
	PERFORM wallets_lock(who);
	PERFORM activation_step(todo, events, 'reconcile',
	    array_fill('undecidable purchase'::text, ARRAY[cardinality(todo)]));
	RETURN QUERY
	SELECT * FROM attempt_answers(attempt_ids, gone);
END
$$;

-- Orders that should be queued and are not (nothing can lose them; this is
-- the net under that sentence). Gives how many were written again.
CREATE OR REPLACE FUNCTION numlease.lease_requeue(batch integer)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
	n bigint;
BEGIN
	PERFORM durable();
	INSERT INTO outbox (topic, key, due_at)
	SELECT 'lease', a.id, now()
	  FROM (SELECT x.id FROM activations x
	         WHERE x.closed_at IS NULL AND x.state = 'RESERVED'
	           AND x.created_at < now() - interval '5 seconds'
	           AND NOT EXISTS (SELECT FROM outbox o
	               WHERE o.topic = 'lease' AND o.key = x.id)
	           AND NOT EXISTS (SELECT FROM attempts t
	               WHERE t.activation_id = x.id AND t.closed_at IS NULL)
	         ORDER BY x.id LIMIT batch
	           FOR NO KEY UPDATE SKIP LOCKED) a
	ON CONFLICT DO NOTHING;
	GET DIAGNOSTICS n = ROW_COUNT;
	RETURN n;
END
$$;

-- A provider's list of running numbers: write down those that nobody here
-- knows. One in whose bucket a purchase is undecided may be that purchase,
-- and is left alone ('' for a code the list does not tell: any bucket). A
-- listed one becomes due when it was seen again after orphan.age_s, which is
-- longer than a purchase needs to settle.
CREATE OR REPLACE FUNCTION numlease.orphan_add(of_provider bigint,
    upstream_ids text[], native_services text[], native_countries text[],
    costs bigint[])
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
	n bigint;
BEGIN
	PERFORM durable();
	INSERT INTO orphans AS o (provider_id, upstream_id, reason, cost, due_at)
	SELECT DISTINCT ON (u.id) of_provider, u.id, 'listed', u.cost,
	       'infinity'::timestamptz
	  FROM unnest(upstream_ids, native_services, native_countries, costs)
	       u (id, service, country, cost)
	 WHERE NOT EXISTS (SELECT FROM attempts t
	           WHERE t.provider_id = of_provider AND t.upstream_id = u.id)
	   AND NOT EXISTS (SELECT FROM attempts t
	           WHERE t.unsettled_at IS NOT NULL AND t.provider_id = of_provider
	             AND u.service IN ('', t.native_service)
	             AND u.country IN ('', t.native_country))
	ON CONFLICT (provider_id, upstream_id) DO UPDATE
	   SET seen = o.seen + 1,
	       due_at = CASE WHEN o.state = 'seen'
	           AND o.first_at < now() - setting_int('orphan.age_s', 300)
	               * interval '1 second'
	           THEN least(o.due_at, now()) ELSE o.due_at END;
	GET DIAGNOSTICS n = ROW_COUNT;
	RETURN n;
END
$$;

-- Take orphans to cancel upstream.
CREATE OR REPLACE FUNCTION numlease.orphan_due(batch integer, lease_ms bigint)
RETURNS TABLE (provider_id bigint, upstream_id text, token uuid,
    attempt_id uuid, reason text, cost bigint, first_at timestamptz)
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
	WITH due AS MATERIALIZED (
		SELECT o.provider_id, o.upstream_id FROM orphans o
		 WHERE o.due_at <= now()
		 ORDER BY o.due_at LIMIT batch
		   FOR UPDATE SKIP LOCKED
	)
	UPDATE orphans o
	   SET due_at = now() + ms(lease_ms), token = gen_random_uuid()
	  FROM due d
	 WHERE o.provider_id = d.provider_id AND o.upstream_id = d.upstream_id
	RETURNING o.provider_id, o.upstream_id, o.token, o.attempt_id, o.reason,
	    o.cost, o.first_at
$$;

-- What became of one: 'cancelled' (the provider gave it back), 'kept' (it
-- did not), 'unknown' (it is over, and nobody says whether it was paid back),
-- 'retry' after delay_ms. A number whose cost is in the books (wrong country)
-- is settled with it, an unknown one as a receivable; the cost of one that was
-- never in the books is booked as a loss unless it came back. 'ok' or 'fenced'.
CREATE OR REPLACE FUNCTION numlease.orphan_done(of_provider bigint,
    of_upstream text, by_token uuid, outcome text, delay_ms bigint, error text)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
	o orphans;
BEGIN
	PERFORM durable();
	UPDATE orphans
	   SET state = CASE outcome WHEN 'retry' THEN state
	           WHEN 'unknown' THEN 'kept' ELSE outcome END,
	       due_at = CASE outcome WHEN 'retry' THEN now() + ms(delay_ms) END,
	       last_error = nullif(error, ''), token = NULL
	 WHERE provider_id = of_provider AND upstream_id = of_upstream
	   AND token = by_token AND state = 'seen'
	RETURNING * INTO o;
	IF o.provider_id IS NULL THEN
		RETURN 'fenced';
	END IF;
	IF outcome = 'retry' THEN
		RETURN 'ok';
	END IF;
	IF EXISTS (SELECT FROM attempts WHERE id = o.attempt_id
	    AND upstream_id = of_upstream AND cost_state = 'owed') THEN
		PERFORM cost_settle(ARRAY[o.attempt_id],
		    ARRAY[CASE outcome WHEN 'cancelled' THEN 'yes'
		        WHEN 'unknown' THEN 'unknown' ELSE 'no' END]);
	ELSIF outcome IN ('kept', 'unknown') AND o.cost > 0 THEN
		INSERT INTO transfers (kind, debit, credit, amount, attempt_id, idem_key,
		    actor, reason)
		SELECT 'loss', p.cost, p.payable, o.cost, o.attempt_id,
		       'loss:orphan:' || of_provider || ':' || of_upstream, 'reconcile',
		       'a number that belongs to nobody'
		  FROM provider_accounts p WHERE p.provider_id = of_provider;
		UPDATE orphans SET booked = o.cost
		 WHERE provider_id = of_provider AND upstream_id = of_upstream;
	END IF;
	RETURN 'ok';
END
$$;
