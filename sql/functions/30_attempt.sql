-- Buying: claim orders, write intents, write outcomes. Every write of a
-- worker is fenced by the token it was given; 'fenced' means that somebody
-- else decides now and nothing was changed.
SELECT numlease.act_as_owner();

-- Lock the activations of attempts. Internal.
CREATE OR REPLACE FUNCTION numlease.attempts_lock(ids uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = numlease, pg_temp AS $$
BEGIN
	PERFORM activations_lock(ARRAY(
	    SELECT t.activation_id FROM attempts t WHERE t.id = ANY (ids)));
END
$$;

-- What is said of each attempt: 'ok' of those that were `changed`, 'fenced'
-- of the others; state is the activation's. Internal; STABLE and without
-- settings, so the planner puts its text in place of the call.
CREATE OR REPLACE FUNCTION numlease.attempt_answers(ids uuid[], changed uuid[])
RETURNS TABLE (ord bigint, status text, activation_id uuid, state text)
LANGUAGE sql STABLE AS $$
	SELECT q.ord, CASE WHEN t.id IS NULL THEN 'not_found'
	       WHEN t.id = ANY (changed) THEN 'ok' ELSE 'fenced' END,
	       t.activation_id, a.state
	  FROM unnest(ids) WITH ORDINALITY q (id, ord)
	  LEFT JOIN numlease.attempts t ON t.id = q.id
	  LEFT JOIN numlease.activations a ON a.id = t.activation_id
	 ORDER BY q.ord
$$;

-- Take orders to lease numbers: those of `only_ids`, or whatever is due when
-- that is NULL. The claim ends after lease_ms by itself. An order whose
-- purchase is undecided is not given: a call that outlived its lease becomes
-- UNKNOWN, and reconcile writes the order again if nothing was sold.
-- tried: providers that were asked before, failed: why, in that order.
CREATE OR REPLACE FUNCTION numlease.lease_claim(by_holder text, batch integer,
    lease_ms bigint, only_ids uuid[] DEFAULT NULL)
RETURNS TABLE (activation_id uuid, token uuid, tries integer, reply text,
    number integer, user_id bigint, service text, country text, operator text,
    hold_amount bigint, max_price bigint, created_at timestamptz,
    tried bigint[], failed text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
	mine uuid[];
	undecided uuid[];
BEGIN
	PERFORM durable();
	-- One order is claimed by one holder: the row lock, and due_at after it.
	IF only_ids IS NULL THEN
		mine := ARRAY(SELECT o.key FROM outbox o
		     WHERE o.topic = 'lease' AND o.due_at <= now()
		     ORDER BY o.due_at
		     LIMIT batch
		       FOR UPDATE SKIP LOCKED);
	ELSE
		mine := ARRAY(SELECT o.key FROM unnest(only_ids) u (id)
		     CROSS JOIN LATERAL (SELECT x.key FROM outbox x
		         WHERE x.topic = 'lease' AND x.key = u.id AND x.due_at <= now()
		         LIMIT 1 FOR UPDATE SKIP LOCKED) o);
	END IF;
	UPDATE outbox o
	   SET due_at = now() + ms(lease_ms), tries = o.tries + 1,
	       holder = by_holder, token = gen_random_uuid()
	 WHERE o.topic = 'lease' AND o.key = ANY (mine);
	IF cardinality(mine) = 0 THEN
		RETURN;
	END IF;
	-- Left open by a holder that is gone: it may have bought. One that is
	-- locked is being decided now; waiting for it could be a deadlock.
	WITH gone AS MATERIALIZED (
		SELECT t.id FROM attempts t
		 WHERE t.activation_id = ANY (mine) AND t.closed_at IS NULL
		   AND t.state = 'STARTED' AND t.lease_until <= now()
		   FOR NO KEY UPDATE SKIP LOCKED
	), lost AS (
		UPDATE attempts t
		   SET state = 'UNKNOWN', cause = 'worker lost', unsettled_at = t.settle_at
		  FROM gone WHERE t.id = gone.id
		RETURNING t.activation_id
	)
	SELECT array_agg(activation_id) INTO undecided FROM lost;
	SELECT coalesce(undecided, '{}') || coalesce(array_agg(t.activation_id), '{}')
	  INTO undecided
	  FROM attempts t
	 WHERE t.activation_id = ANY (mine) AND t.closed_at IS NULL
	   AND NOT (t.state = 'STARTED' AND t.lease_until > now());
	DELETE FROM outbox o
	 WHERE o.topic = 'lease' AND o.key = ANY (mine)
	   AND (o.key = ANY (undecided) OR EXISTS (
	       SELECT FROM activations a WHERE a.id = o.key AND a.state <> 'RESERVED'));
	RETURN QUERY
	SELECT a.id, o.token, o.tries, o.payload ->> 'reply', a.number, a.user_id,
	       a.service, a.country, a.operator, a.price, a.max_price, a.created_at,
	       t.tried, t.failed
	  FROM outbox o
	  JOIN activations a ON a.id = o.key
	  LEFT JOIN LATERAL (
	       SELECT array_agg(x.provider_id ORDER BY x.no) AS tried,
	              array_agg(x.cause ORDER BY x.no) AS failed,
	              bool_or(x.closed_at IS NULL) AS is_open
	         FROM attempts x WHERE x.activation_id = a.id) t ON true
	 WHERE o.topic = 'lease' AND o.key = ANY (mine)
	   AND t.is_open IS NOT TRUE -- else its holder is still calling
	 ORDER BY a.created_at;
END
$$;

-- Write the intents to buy, before the calls. order_tokens are those of
-- lease_claim. call_ms: the call is over by then, whatever happens;
-- late_ms[i]: after that, how long until "not there" may be believed of the
-- provider. seeds and candidates (JSON text) are the router's decisions.
-- Gives the attempt's token. status 'fenced', or 'conflict': the activation
-- is no longer RESERVED or has a purchase under way.
CREATE OR REPLACE FUNCTION numlease.attempt_start(attempt_ids uuid[],
    activation_ids uuid[], order_tokens uuid[], provider_ids bigint[],
    native_services text[], native_countries text[], native_operators text[],
    max_costs bigint[], call_ms bigint, late_ms bigint[],
    seeds bigint[], candidates text[])
RETURNS TABLE (ord bigint, status text, attempt_id uuid, token uuid, no integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
	r record;
	statuses text[] := '{}';
	nos integer[] := '{}';
	start bigint[] := '{}';
	until timestamptz := clock_timestamp() + ms(call_ms);
	give_up interval := setting_int('attempt.give_up_s', 1800)
	    * interval '1 second';
BEGIN
	PERFORM durable();
	PERFORM activations_lock(activation_ids);
	FOR r IN
		SELECT q.ord, a.state, o.token = q.token AS is_holder,
		       coalesce(t.last, 0) AS last, coalesce(t.is_open, false) AS is_open,
		       EXISTS (SELECT FROM provider_accounts p
		           WHERE p.provider_id = q.provider_id) AS known,
		       row_number() OVER (PARTITION BY q.id ORDER BY q.ord) > 1 AS again
		  FROM unnest(activation_ids, order_tokens, provider_ids)
		       WITH ORDINALITY q (id, token, provider_id, ord)
		  LEFT JOIN activations a ON a.id = q.id
		  LEFT JOIN outbox o ON o.topic = 'lease' AND o.key = q.id
		  LEFT JOIN LATERAL (
		       SELECT max(x.no) AS last, bool_or(x.closed_at IS NULL) AS is_open
		         FROM attempts x WHERE x.activation_id = q.id) t ON true
	LOOP
		statuses[r.ord] := CASE
		    WHEN r.state IS NULL OR NOT r.known THEN 'not_found'
		    WHEN r.state <> 'RESERVED' OR r.is_open OR r.again THEN 'conflict'
		    WHEN r.is_holder IS NOT TRUE THEN 'fenced'
		    ELSE 'ok' END;
		nos[r.ord] := r.last + 1;
		IF statuses[r.ord] = 'ok' THEN
			start := start || r.ord;
		END IF;
	END LOOP;
	INSERT INTO attempts (id, activation_id, no, provider_id, token,
	    lease_until, settle_at, unsettled_at, give_up_at, native_service,
	    native_country, native_operator, max_cost, fx_rate)
	SELECT attempt_ids[o], activation_ids[o], nos[o], provider_ids[o],
	       gen_random_uuid(), until, until + ms(late_ms[o]),
	       until + ms(late_ms[o]), until + ms(late_ms[o]) + give_up,
	       native_services[o], native_countries[o], native_operators[o],
	       max_costs[o], (SELECT p.fx_rate FROM providers p
	           WHERE p.id = provider_ids[o])
	  FROM unnest(start) o;
	INSERT INTO decisions (activation_id, no, seed, candidates)
	SELECT activation_ids[o], nos[o], seeds[o], candidates[o]::jsonb
	  FROM unnest(start) o;
	-- The order stays with its holder a little longer than the call.
	UPDATE outbox x SET due_at = until + interval '5 seconds'
	 WHERE x.topic = 'lease'
	   AND x.key = ANY (ARRAY(SELECT activation_ids[o] FROM unnest(start) o));
	RETURN QUERY
	SELECT o, statuses[o], t.id, t.token, t.no
	  FROM unnest(attempt_ids) WITH ORDINALITY q (q_id, o)
	  LEFT JOIN attempts t ON t.id = attempt_ids[o] AND statuses[o] = 'ok'
	 ORDER BY o;
END
$$;

-- The rate by which the cost of an attempt is converted: what was in force
-- when it was written. VOLATILE, so that it sees what attempt_start() wrote
-- in the same statement.
CREATE OR REPLACE FUNCTION numlease.attempt_rate(attempt uuid) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
	SELECT coalesce(t.fx_rate, p.fx_rate)
	  FROM attempts t JOIN providers p ON p.id = t.provider_id
	 WHERE t.id = attempt
$$;

-- Definitely not sold (causes: why, a word of the engine). When the user
-- gave up meanwhile the activation ends here, released. state is the
-- activation's: RESERVED means try the next provider.
CREATE OR REPLACE FUNCTION numlease.attempt_fail(attempt_ids uuid[],
    tokens uuid[], causes text[])
RETURNS TABLE (ord bigint, status text, activation_id uuid, state text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
	PERFORM durable();
	RETURN QUERY SELECT * FROM attempt_close(attempt_ids, tokens, causes,
	    ARRAY['STARTED', 'NUMBER_PENDING'], 'FAILED');
END
$$;

-- Reconcile found that nothing was sold: RESERVED activations are ordered
-- again, CANCELLING ones end. Same answers.
CREATE OR REPLACE FUNCTION numlease.attempt_resolve_absent(attempt_ids uuid[],
    tokens uuid[], causes text[])
RETURNS TABLE (ord bigint, status text, activation_id uuid, state text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
	PERFORM durable();
	RETURN QUERY SELECT * FROM attempt_close(attempt_ids, tokens, causes,
	    ARRAY['UNKNOWN', 'NUMBER_PENDING'], 'ABSENT');
END
$$;

-- The common part of closing attempts without a number. Internal.
CREATE OR REPLACE FUNCTION numlease.attempt_close(attempt_ids uuid[],
    tokens uuid[], causes text[], from_states text[], to_state text)
RETURNS TABLE (ord bigint, status text, activation_id uuid, state text)
LANGUAGE plpgsql SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
	closed uuid[];  -- attempts
	mine uuid[];    -- their activations
	over uuid[];
	who bigint[];
BEGIN
	PERFORM attempts_lock(attempt_ids);
	WITH done AS (
		UPDATE attempts t
		   SET state = to_state, cause = u.cause, closed_at = clock_timestamp(),
		       unsettled_at = NULL
		  FROM unnest(attempt_ids, tokens, causes) u (id, token, cause)
		 WHERE t.id = u.id AND t.token = u.token AND t.state = ANY (from_states)
		RETURNING t.id, t.activation_id
	)
	SELECT coalesce(array_agg(id), '{}'),
	       coalesce(array_agg(activation_id), '{}')
	  INTO closed, mine FROM done;
	SELECT coalesce(array_agg(a.id), '{}'), coalesce(array_agg(a.user_id), '{}')
	  INTO over, who
	  FROM activations a WHERE a.id = ANY (mine) AND a.state = 'CANCELLING';
	PERFORM wallets_lock(who);
	PERFORM activation_step(over,
	    ARRAY(SELECT a.closing FROM unnest(over) u (id)
	        JOIN activations a USING (id)),
	    'worker', array_fill('nothing was bought'::text, ARRAY[cardinality(over)]));
	IF to_state = 'ABSENT' THEN
		INSERT INTO outbox (topic, key, due_at)
		SELECT 'lease', a.id, now() FROM activations a
		 WHERE a.id = ANY (mine) AND a.state = 'RESERVED'
		ON CONFLICT DO NOTHING;
	END IF;
	RETURN QUERY
	SELECT * FROM attempt_answers(attempt_ids, closed);
END
$$;

-- It may have been sold. The order is taken out of the queue: never another
-- provider, never a repeat, until reconcile decides after settle_at.
CREATE OR REPLACE FUNCTION numlease.attempt_unknown(attempt_ids uuid[],
    tokens uuid[], causes text[])
RETURNS TABLE (ord bigint, status text, activation_id uuid, state text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
	done uuid[];
	mine uuid[];
BEGIN
	PERFORM durable();
	PERFORM attempts_lock(attempt_ids);
	WITH u AS (
		UPDATE attempts t
		   SET state = 'UNKNOWN', cause = u.cause, unsettled_at = t.settle_at
		  FROM unnest(attempt_ids, tokens, causes) u (id, token, cause)
		 WHERE t.id = u.id AND t.token = u.token AND t.state = 'STARTED'
		RETURNING t.id, t.activation_id
	)
	SELECT coalesce(array_agg(id), '{}'), coalesce(array_agg(activation_id), '{}')
	  INTO done, mine FROM u;
	DELETE FROM outbox o WHERE o.topic = 'lease' AND o.key = ANY (mine);
	RETURN QUERY
	SELECT * FROM attempt_answers(attempt_ids, done);
END
$$;

-- Sold, the phone comes later: the id is ours from now on. The order leaves
-- the queue; unknown_due gives the attempt back after again_ms to ask.
CREATE OR REPLACE FUNCTION numlease.attempt_pending(attempt_ids uuid[],
    tokens uuid[], upstream_ids text[], costs bigint[], again_ms bigint)
RETURNS TABLE (ord bigint, status text, activation_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
	done uuid[];
	mine uuid[];
	taken uuid[];
BEGIN
	PERFORM durable();
	PERFORM attempts_lock(attempt_ids);
	SELECT coalesce(array_agg(q.id) FILTER (WHERE q.is_taken OR q.again), '{}')
	  INTO taken
	  FROM (SELECT t.id,
	               EXISTS (SELECT FROM attempts x
	                   WHERE x.upstream_id = u.upstream_id
	                     AND x.provider_id = t.provider_id AND x.id <> t.id)
	               OR EXISTS (SELECT FROM orphans x
	                   WHERE x.provider_id = t.provider_id
	                     AND x.upstream_id = u.upstream_id
	                     AND (x.state <> 'seen' OR x.token IS NOT NULL
	                         OR x.first_at < t.started_at)) AS is_taken,
	               row_number() OVER (PARTITION BY t.provider_id, u.upstream_id
	                   ORDER BY u.ord) > 1 AS again
	          FROM unnest(attempt_ids, tokens, upstream_ids) WITH ORDINALITY
	               u (id, token, upstream_id, ord)
	          JOIN attempts t ON t.id = u.id AND t.token = u.token
	           AND t.state IN ('STARTED', 'UNKNOWN')) q;
	WITH u AS (
		UPDATE attempts t
		   SET state = 'NUMBER_PENDING', upstream_id = u.upstream_id,
		       cost = u.cost, unsettled_at = now() + ms(again_ms)
		  FROM unnest(attempt_ids, tokens, upstream_ids, costs)
		       u (id, token, upstream_id, cost)
		 WHERE t.id = u.id AND t.token = u.token
		   AND t.state IN ('STARTED', 'UNKNOWN') AND t.id <> ALL (taken)
		RETURNING t.id, t.activation_id
	)
	SELECT coalesce(array_agg(id), '{}'), coalesce(array_agg(activation_id), '{}')
	  INTO done, mine FROM u;
	UPDATE attempts t
	   SET state = 'UNKNOWN', cause = 'duplicate', unsettled_at = t.settle_at
	 WHERE t.id = ANY (taken);
	DELETE FROM outbox o WHERE o.topic = 'lease' AND o.key = ANY (mine);
	RETURN QUERY
	SELECT s.ord, CASE WHEN t.id IS NOT NULL THEN 'duplicate'
	       ELSE s.status END, s.activation_id
	  FROM attempt_answers(attempt_ids, done) s
	  LEFT JOIN unnest(taken) t (id) ON t.id = attempt_ids[s.ord]
	 ORDER BY s.ord;
END
$$;

-- A provider sold: link the number, book its cost, ACTIVE. Used by the buyer
-- and by reconcile (which found it in a list). costs are wallet micros;
-- until/cancel_from are microseconds since the epoch (0: the default window
-- of the settings; cancel at once). The price becomes what the rule makes of
-- the real cost, never more than was held.
--   ok             ACTIVE
--   cancelling     linked, but the user gave up: it is being cancelled
--   wrong_country  the phone is not of the country: the number goes back as
--                  an orphan, the activation stays RESERVED (next provider)
--   duplicate      the provider gave this id before, or listed it before
--                  the call, or it is being given back as an orphan: nothing
--                  sold, UNKNOWN
--   fenced         not the holder's any more: written down as an orphan
--   not_found      no such attempt
CREATE OR REPLACE FUNCTION numlease.activation_activate(attempt_ids uuid[],
    tokens uuid[], upstream_ids text[], phones text[], costs bigint[],
    until bigint[], cancel_from bigint[])
RETURNS TABLE (ord bigint, status text, activation_id uuid, user_id bigint,
    number integer, state text, reply text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
	r record;
	statuses text[] := '{}';
	good bigint[] := '{}';      -- linked
	returned bigint[] := '{}';  -- wrong country
	unsold bigint[] := '{}';    -- duplicate id
	strange bigint[] := '{}';   -- fenced
	replies text[] := '{}';
	whose uuid[] := '{}';
	w interval := setting_int('activation.window_s', 1200) * interval '1 second';
BEGIN
	PERFORM durable();
	PERFORM attempts_lock(attempt_ids);
	-- Nobody begins to give back what is linked here.
	PERFORM FROM unnest(attempt_ids, upstream_ids) q (id, upstream_id)
	   JOIN attempts t ON t.id = q.id
	   JOIN orphans o ON o.provider_id = t.provider_id
	    AND o.upstream_id = q.upstream_id
	    FOR UPDATE OF o;
	FOR r IN
		SELECT q.ord, q.id, t.activation_id, a.state,
		       t.token = q.token AND t.state IN
		           ('STARTED', 'UNKNOWN', 'NUMBER_PENDING') AS is_holder,
		       q.phone ~ '^\+[1-9][0-9]{5,14}$'
		           AND starts_with(q.phone, '+' || c.dial) AS phone_ok,
		       other.id IS NOT NULL AND other.id <> t.id AS is_taken,
		       EXISTS (SELECT FROM orphans x
		           WHERE x.provider_id = t.provider_id
		             AND x.upstream_id = q.upstream_id
		             AND (x.state <> 'seen' OR x.token IS NOT NULL
		                 OR x.first_at < t.started_at)) AS is_given_back,
		       row_number() OVER (PARTITION BY t.provider_id, q.upstream_id
		           ORDER BY q.ord) > 1 AS again,
		       row_number() OVER (PARTITION BY q.id ORDER BY q.ord) > 1 AS twice,
		       o.payload ->> 'reply' AS reply
		  FROM unnest(attempt_ids, tokens, upstream_ids, phones)
		       WITH ORDINALITY q (id, token, upstream_id, phone, ord)
		  LEFT JOIN attempts t ON t.id = q.id
		  LEFT JOIN activations a ON a.id = t.activation_id
		  LEFT JOIN countries c ON c.code = a.country
		  LEFT JOIN LATERAL (SELECT x.id FROM attempts x
		       WHERE x.upstream_id = q.upstream_id
		         AND x.provider_id = t.provider_id LIMIT 1) other ON true
		  LEFT JOIN outbox o ON o.topic = 'lease' AND o.key = t.activation_id
		 ORDER BY q.ord
	LOOP
		whose[r.ord] := r.activation_id;
		replies[r.ord] := r.reply;
		statuses[r.ord] := CASE
		    WHEN r.activation_id IS NULL THEN 'not_found'
		    WHEN r.is_holder IS NOT TRUE OR r.twice
		        OR r.state NOT IN ('RESERVED', 'CANCELLING') THEN 'fenced'
		    WHEN r.is_taken OR r.is_given_back OR r.again THEN 'duplicate'
		    WHEN r.phone_ok IS NOT TRUE THEN 'wrong_country'
		    WHEN r.state = 'CANCELLING' THEN 'cancelling'
		    ELSE 'ok' END;
		CASE statuses[r.ord]
		WHEN 'ok', 'cancelling' THEN good := good || r.ord;
		WHEN 'wrong_country' THEN returned := returned || r.ord;
		WHEN 'duplicate' THEN unsold := unsold || r.ord;
		WHEN 'fenced' THEN strange := strange || r.ord;
		ELSE NULL;
		END CASE;
	END LOOP;
	UPDATE attempts t
	   SET state = CASE WHEN statuses[o] = 'wrong_country' THEN 'FAILED'
	           ELSE 'LINKED' END,
	       cause = CASE WHEN statuses[o] = 'wrong_country' THEN 'wrong_country'
	           ELSE '' END,
	       closed_at = CASE WHEN statuses[o] = 'wrong_country'
	           THEN clock_timestamp() END,
	       unsettled_at = NULL, upstream_id = upstream_ids[o],
	       phone = phones[o], cost = costs[o], cost_state = 'owed'
	  FROM unnest(good || returned) o
	 WHERE t.id = attempt_ids[o];
	INSERT INTO transfers (kind, debit, credit, amount, activation_id,
	    attempt_id, idem_key, actor)
	SELECT 'cost', p.cost, p.payable, costs[o], t.activation_id, t.id,
	       'cost:' || t.id, 'worker'
	  FROM unnest(good || returned) o
	  JOIN attempts t ON t.id = attempt_ids[o]
	  JOIN provider_accounts p ON p.provider_id = t.provider_id
	 WHERE costs[o] > 0;
	UPDATE activations a
	   SET state = CASE a.state WHEN 'RESERVED' THEN 'ACTIVE' ELSE a.state END,
	       event = 'activate', seq = a.seq + 1, actor = 'worker', cause = '',
	       (price, price_rule_id) = (
	           SELECT least(a.price, max(p.price)), max(p.rule_id)
	             FROM priced(costs[o], a.service, a.country, t.provider_id) p),
	       provider_id = t.provider_id, attempt_id = t.id,
	       upstream_id = t.upstream_id, phone = t.phone, cost = t.cost,
	       activated_at = now(),
	       expires_at = coalesce(time_of(until[o]), now() + w),
	       cancel_after = time_of(cancel_from[o]),
	       due_at = coalesce(time_of(until[o]), now() + w) + CASE a.state
	           WHEN 'RESERVED' THEN interval '0' ELSE
	           setting_int('activation.confirm_s', 600) * interval '1 second' END
	  FROM unnest(good) o
	  JOIN attempts t ON t.id = attempt_ids[o]
	 WHERE a.id = t.activation_id;
	-- Seen in a list before it was linked: it belongs to somebody now.
	DELETE FROM orphans x
	 USING unnest(good) o, attempts t
	 WHERE t.id = attempt_ids[o] AND x.provider_id = t.provider_id
	   AND x.upstream_id = t.upstream_id;
	INSERT INTO polls (activation_id, provider_id, poll_at)
	SELECT t.activation_id, t.provider_id, now()
	  FROM unnest(good) o JOIN attempts t ON t.id = attempt_ids[o];
	PERFORM cancel_queue(ARRAY(
	    SELECT whose[o] FROM unnest(good) o WHERE statuses[o] = 'cancelling'));
	DELETE FROM outbox x WHERE x.topic = 'lease'
	   AND x.key = ANY (ARRAY(SELECT whose[o] FROM unnest(good || unsold) o));
	UPDATE attempts t
	   SET state = 'UNKNOWN', cause = 'duplicate', unsettled_at = t.settle_at
	  FROM unnest(unsold) o
	 WHERE t.id = attempt_ids[o] AND t.state IN ('STARTED', 'UNKNOWN');
	INSERT INTO orphans AS x (provider_id, upstream_id, attempt_id, reason, cost, due_at)
	SELECT t.provider_id, upstream_ids[o], t.id, statuses[o], costs[o], now()
	  FROM unnest(returned || strange) o
	  JOIN attempts t ON t.id = attempt_ids[o]
	 WHERE statuses[o] = 'wrong_country' OR NOT EXISTS (
	       SELECT FROM attempts x WHERE x.provider_id = t.provider_id
	          AND x.upstream_id = upstream_ids[o])
	ON CONFLICT (provider_id, upstream_id) DO UPDATE
	   SET attempt_id = excluded.attempt_id, reason = excluded.reason,
	       cost = excluded.cost, due_at = excluded.due_at
	 WHERE x.attempt_id IS NULL AND x.state = 'seen' AND x.token IS NULL;
	-- An activation given up meanwhile ends when its number goes back.
	PERFORM abandoned_end(ARRAY(SELECT whose[o] FROM unnest(returned) o));
	RETURN QUERY
	SELECT o, statuses[o], a.id, a.user_id, a.number, a.state, replies[o]
	  FROM unnest(attempt_ids) WITH ORDINALITY q (q_id, o)
	  LEFT JOIN activations a ON a.id = whose[o]
	 ORDER BY o;
END
$$;

-- End those of `ids` that are CANCELLING and have no number. Internal.
CREATE OR REPLACE FUNCTION numlease.abandoned_end(ids uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
	over uuid[];
	who bigint[];
	events text[];
BEGIN
	IF ids = '{}' THEN
		RETURN;
	END IF;
	SELECT coalesce(array_agg(a.id), '{}'), coalesce(array_agg(a.user_id), '{}'),
	       coalesce(array_agg(a.closing), '{}')
	  INTO over, who, events
	  FROM activations a
	 WHERE a.id = ANY (ids) AND a.state = 'CANCELLING' AND a.attempt_id IS NULL
	   AND NOT EXISTS (SELECT FROM attempts t
	       WHERE t.activation_id = a.id AND t.closed_at IS NULL);
	PERFORM wallets_lock(who);
	PERFORM activation_step(over, events, 'worker',
	    array_fill('nothing was bought'::text, ARRAY[cardinality(over)]));
END
$$;

-- No provider could: FAILED, released. Only the order's holder may say so,
-- and only while no purchase is open ('conflict').
CREATE OR REPLACE FUNCTION numlease.activation_fail(ids uuid[],
    order_tokens uuid[], causes text[])
RETURNS TABLE (ord bigint, status text, id uuid, user_id bigint, state text,
    reply text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
	r record;
	statuses text[] := '{}';
	replies text[] := '{}';
	todo uuid[] := '{}';
	whys text[] := '{}';
	who bigint[] := '{}';
BEGIN
	PERFORM durable();
	PERFORM activations_lock(ids);
	FOR r IN
		SELECT q.ord, q.cause, a.id, a.user_id, a.state,
		       o.token = q.token AS is_holder, o.payload ->> 'reply' AS reply,
		       EXISTS (SELECT FROM attempts t WHERE t.activation_id = a.id
		           AND t.closed_at IS NULL) AS is_open,
		       row_number() OVER (PARTITION BY q.id ORDER BY q.ord) > 1 AS again
		  FROM unnest(ids, order_tokens, causes) WITH ORDINALITY
		       q (id, token, cause, ord)
		  LEFT JOIN activations a ON a.id = q.id
		  LEFT JOIN outbox o ON o.topic = 'lease' AND o.key = q.id
	LOOP
		replies[r.ord] := r.reply;
		statuses[r.ord] := CASE
		    WHEN r.id IS NULL THEN 'not_found'
		    WHEN r.state <> 'RESERVED' OR r.is_open OR r.again THEN 'conflict'
		    WHEN r.is_holder IS NOT TRUE THEN 'fenced'
		    ELSE 'ok' END;
		IF statuses[r.ord] = 'ok' THEN
			todo := todo || r.id;
			who := who || r.user_id;
			whys := whys || coalesce(r.cause, '');
		END IF;
	END LOOP;
	PERFORM wallets_lock(who);
	PERFORM activation_step(todo,
	    array_fill('fail'::text, ARRAY[cardinality(todo)]), 'worker', whys);
	RETURN QUERY
	SELECT q.ord, statuses[q.ord], a.id, a.user_id, a.state, replies[q.ord]
	  FROM unnest(ids) WITH ORDINALITY q (id, ord)
	  LEFT JOIN activations a ON a.id = q.id
	 ORDER BY q.ord;
END
$$;
