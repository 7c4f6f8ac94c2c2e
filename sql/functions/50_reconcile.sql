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

-- It will never be known: the user is released, and what the provider took or
-- may have taken (amounts; 0 is what was admitted) is booked as a loss and
-- written down as a doubt, which an operator closes. upstream_ids: the number
-- it was, '' when even that is not known.
CREATE OR REPLACE FUNCTION numlease.attempt_doubt(attempt_ids uuid[],
    tokens uuid[], amounts bigint[], upstream_ids text[], causes text[])
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
	WITH q AS MATERIALIZED (
		SELECT t.id, u.cause,
		       CASE u.amount WHEN 0 THEN t.max_cost ELSE u.amount END AS amount,
		       CASE WHEN u.upstream = '' OR EXISTS (SELECT FROM attempts x
		           WHERE x.provider_id = t.provider_id
		             AND x.upstream_id = u.upstream) THEN t.upstream_id
		       ELSE u.upstream END AS upstream
		  FROM unnest(attempt_ids, tokens, amounts, upstream_ids, causes)
		       u (id, token, amount, upstream, cause)
		  JOIN attempts t ON t.id = u.id AND t.token = u.token
		   AND t.state IN ('UNKNOWN', 'NUMBER_PENDING')
	), done AS (
		UPDATE attempts t
		   SET state = 'ABSENT', cause = q.cause, unsettled_at = NULL,
		       upstream_id = q.upstream,
		       closed_at = clock_timestamp(), cost = q.amount,
		       cost_state = CASE WHEN q.amount > 0 THEN 'lost' ELSE 'none' END
		  FROM q WHERE t.id = q.id
		RETURNING t.id, t.activation_id, t.provider_id, t.cost, t.cause
	), booked AS (
		INSERT INTO transfers (kind, debit, credit, amount, activation_id,
		    attempt_id, idem_key, actor, reason)
		SELECT 'loss', p.cost, p.payable, d.cost, d.activation_id, d.id,
		       'loss:' || d.id, 'reconcile', d.cause
		  FROM done d JOIN provider_accounts p USING (provider_id)
		 WHERE d.cost > 0
	), known AS (
		DELETE FROM orphans o USING q, attempts t
		 WHERE t.id = q.id AND o.provider_id = t.provider_id
		   AND o.upstream_id = q.upstream
	), doubted AS (
		INSERT INTO doubts (attempt_id, activation_id, provider_id, amount, cause)
		SELECT d.id, d.activation_id, d.provider_id, d.cost, d.cause
		  FROM done d WHERE d.cost > 0
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

-- The same of those that nobody could be asked about until their time for
-- that was over (may_give_up); the others are 'fenced'.
CREATE OR REPLACE FUNCTION numlease.attempt_give_up(attempt_ids uuid[],
    tokens uuid[])
RETURNS TABLE (ord bigint, status text, activation_id uuid, state text)
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
	SELECT * FROM attempt_doubt(attempt_ids, ARRAY(
	    SELECT CASE WHEN t.give_up_at <= now() THEN u.token END
	      FROM unnest(attempt_ids, tokens) WITH ORDINALITY u (id, token, ord)
	      LEFT JOIN attempts t ON t.id = u.id
	     ORDER BY u.ord),
	    array_fill(0::bigint, ARRAY[cardinality(attempt_ids)]),
	    array_fill(''::text, ARRAY[cardinality(attempt_ids)]),
	    array_fill('undecidable'::text, ARRAY[cardinality(attempt_ids)]))
$$;

-- The provider has answered, or its books were read: `back` of what was
-- booked came back or was never taken, the rest stays lost. status 'ok',
-- 'not_found', 'conflict' (closed before), 'bad_input'.
CREATE OR REPLACE FUNCTION numlease.doubt_close(of_attempt uuid, back bigint,
    by_actor text, why text)
RETURNS TABLE (status text, lost bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
#variable_conflict use_column
DECLARE
	d doubts;
BEGIN
	PERFORM durable();
	PERFORM attempts_lock(ARRAY[of_attempt]);
	SELECT * INTO d FROM doubts WHERE attempt_id = of_attempt FOR UPDATE;
	IF d.attempt_id IS NULL THEN
		RETURN QUERY SELECT 'not_found', 0::bigint;
	ELSIF d.closed_at IS NOT NULL THEN
		RETURN QUERY SELECT 'conflict', d.amount - d.returned;
	ELSIF by_actor = '' OR why = '' OR back NOT BETWEEN 0 AND d.amount THEN
		RETURN QUERY SELECT 'bad_input', d.amount;
	ELSE
		UPDATE doubts
		   SET closed_at = clock_timestamp(), returned = back,
		       actor = by_actor, reason = why
		 WHERE attempt_id = of_attempt;
		UPDATE attempts t
		   SET cost_state = CASE back WHEN t.cost THEN 'refunded'
		           ELSE t.cost_state END,
		       refunded = CASE back WHEN t.cost THEN 0 ELSE back END
		 WHERE t.id = of_attempt;
		INSERT INTO transfers (kind, debit, credit, amount, activation_id,
		    attempt_id, idem_key, actor, reason)
		SELECT 'cost_back', p.payable, p.cost, back, d.activation_id,
		       of_attempt, 'cost_back:' || of_attempt, by_actor, why
		  FROM provider_accounts p
		 WHERE p.provider_id = d.provider_id AND back > 0;
		RETURN QUERY SELECT 'ok', d.amount - back;
	END IF;
END
$$;

-- From here no other purchase is made at the provider until this one is
-- decided: 'ok'; 'conflict': another one is open; 'fenced'.
CREATE OR REPLACE FUNCTION numlease.attempt_alone(of_attempt uuid, by_token uuid)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
BEGIN
	PERFORM durable();
	UPDATE attempts SET serial = true
	 WHERE id = of_attempt AND token = by_token AND state = 'STARTED';
	RETURN CASE WHEN FOUND THEN 'ok' ELSE 'fenced' END;
EXCEPTION WHEN unique_violation THEN
	RETURN 'conflict';
END
$$;

-- What the account had before the call. 'ok' or 'fenced'.
CREATE OR REPLACE FUNCTION numlease.attempt_balance(of_attempt uuid,
    by_token uuid, before bigint)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
BEGIN
	PERFORM durable();
	UPDATE attempts
	   SET balance_before = before, balance_at = clock_timestamp(),
	       balance_txid = pg_snapshot_xmin(pg_current_snapshot())::text::bigint
	 WHERE id = of_attempt AND token = by_token AND state = 'STARTED';
	RETURN CASE WHEN FOUND THEN 'ok' ELSE 'fenced' END;
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
-- knows. A number may be the fruit of a purchase that is still undecided; it
-- is written down nevertheless, and reconsidered by orphan_due.
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
	INSERT INTO orphans AS o (provider_id, upstream_id, reason, cost, due_at,
	    native_service, native_country)
	SELECT DISTINCT ON (u.id) of_provider, u.id, 'listed', u.cost,
	       'infinity'::timestamptz, u.service, u.country
	  FROM unnest(upstream_ids, native_services, native_countries, costs)
	       u (id, service, country, cost)
	 WHERE NOT EXISTS (SELECT FROM attempts t
	           WHERE t.provider_id = of_provider AND t.upstream_id = u.id)
	ON CONFLICT (provider_id, upstream_id) DO UPDATE
	   SET seen = o.seen + 1, last_at = now();
	GET DIAGNOSTICS n = ROW_COUNT;
	RETURN n;
END
$$;

-- Take orphans to cancel upstream. A listed one is ours for sure, and due,
-- when it has been known for orphan.age_s, was listed again or is not listed
-- any more, and no purchase that is undecided and older can have bought it
-- ('' for a code the list does not tell: any bucket). Purchases come to an
-- end, so every orphan does.
CREATE OR REPLACE FUNCTION numlease.orphan_due(batch integer, lease_ms bigint)
RETURNS TABLE (provider_id bigint, upstream_id text, token uuid,
    attempt_id uuid, reason text, cost bigint, first_at timestamptz)
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
	-- Linked while its list was read: it was written down before that was
	-- committed, and belongs to somebody.
	WITH linked AS MATERIALIZED (
		SELECT o.provider_id, o.upstream_id FROM orphans o
		  JOIN attempts t ON t.upstream_id = o.upstream_id
		   AND t.provider_id = o.provider_id
		 WHERE o.due_at = 'infinity' AND t.state IN ('LINKED', 'NUMBER_PENDING')
		   FOR UPDATE OF o SKIP LOCKED
	)
	DELETE FROM orphans o USING linked l
	 WHERE o.provider_id = l.provider_id AND o.upstream_id = l.upstream_id;
	UPDATE orphans o SET due_at = now()
	 WHERE o.due_at = 'infinity'
	   AND NOT EXISTS (SELECT FROM attempts t
	       WHERE t.upstream_id = o.upstream_id
	         AND t.provider_id = o.provider_id
	         AND t.state IN ('LINKED', 'NUMBER_PENDING'))
	   AND o.first_at < now() - setting_int('orphan.age_s', 300)
	       * interval '1 second'
	   AND (o.seen > 1 OR o.last_at < now()
	       - setting_int('orphan.age_s', 300) * interval '1 second')
	   AND NOT EXISTS (SELECT FROM attempts t
	       WHERE t.unsettled_at IS NOT NULL AND t.provider_id = o.provider_id
	         AND t.started_at <= o.first_at
	         AND o.native_service IN ('', t.native_service)
	         AND o.native_country IN ('', t.native_country));
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

-- Those that are older than orphan.alert_s and not decided, each told once.
CREATE OR REPLACE FUNCTION numlease.orphan_tell(batch integer)
RETURNS TABLE (provider_id bigint, upstream_id text, reason text, cost bigint,
    first_at timestamptz, last_error text)
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
	UPDATE orphans o SET told_at = now()
	  FROM (SELECT x.provider_id, x.upstream_id FROM orphans x
	         WHERE x.due_at IS NOT NULL AND x.told_at IS NULL
	           AND x.first_at < now() - setting_int('orphan.alert_s', 3600)
	               * interval '1 second'
	         LIMIT batch FOR UPDATE SKIP LOCKED) d
	 WHERE o.provider_id = d.provider_id AND o.upstream_id = d.upstream_id
	RETURNING o.provider_id, o.upstream_id, o.reason, o.cost, o.first_at,
	    o.last_error
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
