-- The life of an activation as its user and the sweep see it.
SELECT numlease.act_as_owner();

-- Take one step of the state table for each of `ids` (distinct, locked by
-- the caller, wallets too when the step moves money). The trigger on
-- activations does what the row says. Internal: no role may execute it.
CREATE OR REPLACE FUNCTION numlease.activation_step(ids uuid[], events text[],
    by_actor text, causes text[]) RETURNS void
LANGUAGE plpgsql SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
	over uuid[];
	n bigint;
BEGIN
	IF cardinality(ids) = 0 THEN
		RETURN;
	END IF;
	WITH u AS (
		SELECT * FROM unnest(ids, events, causes) u (id, event, cause)
	), done AS (
		UPDATE activations a
		   SET state = s.to_state,
		       event = s.event,
		       seq = a.seq + 1,
		       actor = by_actor,
		       cause = coalesce(u.cause, ''),
		       charged = CASE s.money WHEN 'capture' THEN a.price
		           ELSE a.charged END,
		       first_sms_at = CASE s.event WHEN 'sms' THEN now()
		           ELSE a.first_sms_at END,
		       closing = CASE WHEN s.event IN ('cancel', 'abandon', 'report')
		           THEN 'cancelled'
		           WHEN s.event = 'expire' THEN 'expired' ELSE a.closing END,
		       closed_at = CASE WHEN s.to_state IN ('COMPLETED', 'CANCELLED',
		           'EXPIRED', 'FAILED') THEN coalesce(a.closed_at, now()) END,
		       due_at = CASE
		           WHEN s.to_state IN ('COMPLETED', 'CANCELLED', 'EXPIRED',
		               'FAILED') THEN NULL
		           WHEN s.to_state = 'CANCELLING' THEN greatest(now(),
		               a.expires_at, a.cancel_after)
		               + setting_int('activation.confirm_s', 600)
		               * interval '1 second'
		           ELSE a.due_at END
		  FROM u
		  JOIN states s ON s.event = u.event
		 WHERE a.id = u.id AND s.from_state = a.state
		RETURNING a.id, a.closed_at
	)
	SELECT count(*), array_agg(id) FILTER (WHERE closed_at IS NOT NULL)
	  INTO n, over FROM done;
	IF n <> cardinality(ids) THEN
		RAISE EXCEPTION '% of % activations have no such step',
		    cardinality(ids) - n, cardinality(ids)
		    USING ERRCODE = 'restrict_violation',
		    CONSTRAINT = 'activation_state_table';
	END IF;
	IF over IS NOT NULL THEN
		DELETE FROM polls WHERE activation_id = ANY (over);
		DELETE FROM outbox
		 WHERE topic IN ('lease', 'cancel', 'resend', 'report') AND key = ANY (over);
	END IF;
END
$$;

-- Reserve: check, hold the dearest admitted price, write the activation, its
-- idempotency row and the order to the worker; one round trip.
--   hold_amounts   what is set aside; what is charged later is never more
--   max_prices     the user's own limit, 0 for none
--   idem_keys      '' or NULL: none. fingerprints: hash of the request body
--   reply_lists    where the worker tells the outcome ('' nowhere)
--   most_active    numbers of one user at once, unless the user has a limit
-- status also 'replay': the key made `id` before; answer_status and answer
-- are there when that request had its definitive answer.
CREATE OR REPLACE FUNCTION numlease.activation_reserve(ids uuid[],
    user_ids bigint[], services text[], countries text[], operators text[],
    hold_amounts bigint[], max_prices bigint[], doors text[],
    idem_keys text[], fingerprints text[], reply_lists text[],
    most_active bigint)
RETURNS TABLE (ord bigint, status text, id uuid, number integer, state text,
    created_at timestamptz, answer_status integer, answer text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
	r record;
	statuses text[] := '{}';
	final uuid[] := '{}';   -- activation of each element, new or replayed
	accepted bigint[] := '{}';
	at_user bigint;
	funds bigint;
	room bigint;
	closed boolean := money_is_stopped() OR EXISTS (SELECT FROM settings
	    WHERE key = 'maintenance' AND value <> 'off');
	ttl interval := setting_int('activation.reserve_s', 300)
	    * interval '1 second';
BEGIN
	PERFORM durable();
	PERFORM wallets_lock(user_ids);
	FOR r IN
		SELECT q.ord, q.id, q.user_id, q.hold_amount, q.max_price,
		       q.fingerprint, first_value(q.ord) OVER same AS first_ord,
		       first_value(q.fingerprint) OVER same AS first_print,
		       w.available + w.bonus AS available, w.open_holds, u.status AS user_status,
		       u.max_active, k.fingerprint AS known_print,
		       k.activation_id AS known_id,
		       s.enabled AND s.policy = 'allow' AS service_ok,
		       s.policy, c.enabled AS country_ok
		  FROM unnest(ids, user_ids, services, countries, hold_amounts,
		           max_prices, nullif(idem_keys, '{}'), fingerprints)
		       WITH ORDINALITY q (id, user_id, service, country, hold_amount,
		           max_price, idem_key, fingerprint, ord)
		  LEFT JOIN wallets w ON w.user_id = q.user_id
		  LEFT JOIN users u ON u.id = q.user_id
		  LEFT JOIN services s ON s.code = q.service
		  LEFT JOIN countries c ON c.code = q.country
		  LEFT JOIN idempotency_keys k
		    ON k.user_id = q.user_id AND k.key = q.idem_key
		WINDOW same AS (PARTITION BY q.user_id,
		       coalesce(nullif(q.idem_key, ''), 'ord ' || q.ord) ORDER BY q.ord)
		 ORDER BY q.user_id, q.ord
	LOOP
		IF at_user IS DISTINCT FROM r.user_id THEN
			at_user := r.user_id;
			funds := r.available;
			room := coalesce(r.max_active, most_active) - r.open_holds;
		END IF;
		statuses[r.ord] := CASE
		    WHEN r.available IS NULL THEN 'not_found'
		    WHEN r.known_print <> r.fingerprint THEN 'idempotency_key_reused'
		    WHEN r.known_print IS NOT NULL THEN 'replay'
		    WHEN r.first_print <> r.fingerprint THEN 'idempotency_key_reused'
		    WHEN r.first_ord <> r.ord THEN 'twice'
		    WHEN closed THEN 'maintenance'
		    WHEN r.user_status <> 'active' THEN 'forbidden'
		    WHEN r.policy = 'deny' THEN 'not_allowed_by_policy'
		    WHEN r.service_ok IS NOT TRUE THEN 'unknown_service'
		    WHEN r.country_ok IS NOT TRUE THEN 'unknown_country'
		    WHEN r.hold_amount <= 0 OR (r.max_price > 0
		        AND r.hold_amount > r.max_price) THEN 'no_offer_at_price'
		    WHEN room < 1 THEN 'too_many_active'
		    WHEN funds < r.hold_amount THEN 'no_funds'
		    ELSE 'ok' END;
		final[r.ord] := CASE statuses[r.ord] WHEN 'ok' THEN r.id
		    WHEN 'replay' THEN r.known_id END;
		IF statuses[r.ord] = 'ok' THEN
			funds := funds - r.hold_amount;
			room := room - 1;
			accepted := accepted || r.ord;
		ELSIF statuses[r.ord] = 'twice' THEN
			-- The same key twice in one call: as if one had come later.
			final[r.ord] := final[r.first_ord];
			statuses[r.ord] := CASE WHEN final[r.first_ord] IS NULL
			    THEN statuses[r.first_ord] ELSE 'replay' END;
		END IF;
	END LOOP;
	INSERT INTO activations (id, user_id, service, country, operator, door,
	    state, event, actor, price, max_price, due_at)
	SELECT ids[o], user_ids[o], services[o], countries[o],
	       coalesce(nullif(operators[o], ''), 'any'), doors[o],
	       'RESERVED', 'reserve', 'user', hold_amounts[o],
	       coalesce(max_prices[o], 0), now() + ttl
	  FROM unnest(accepted) o;
	INSERT INTO idempotency_keys (user_id, key, fingerprint, activation_id)
	SELECT user_ids[o], idem_keys[o], fingerprints[o], ids[o]
	  FROM unnest(accepted) o WHERE idem_keys[o] <> '';
	INSERT INTO outbox (topic, key, due_at, payload)
	SELECT 'lease', ids[o], now(),
	       CASE WHEN reply_lists[o] <> ''
	           THEN jsonb_build_object('reply', reply_lists[o]) ELSE '{}' END
	  FROM unnest(accepted) o;
	RETURN QUERY
	SELECT o, statuses[o], a.id, a.number, a.state, a.created_at,
	       k.status, k.response
	  FROM unnest(ids) WITH ORDINALITY q (q_id, o)
	  LEFT JOIN activations a ON a.id = final[o]
	  LEFT JOIN idempotency_keys k ON statuses[o] = 'replay'
	   AND k.user_id = user_ids[o] AND k.key = idem_keys[o]
	 ORDER BY o;
END
$$;

-- Store the definitive answer of a key, the first one for good. A key that
-- made no activation (refused before) may be stored too. Gives 'ok',
-- 'replay' (one was there) or 'idempotency_key_reused'.
CREATE OR REPLACE FUNCTION numlease.idempotency_finish(who bigint,
    with_key text, print text, for_activation uuid, http_status integer,
    body text)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
	k idempotency_keys;
BEGIN
	INSERT INTO idempotency_keys AS i
	VALUES (who, with_key, print, for_activation, http_status, body)
	ON CONFLICT (user_id, key) DO UPDATE
	   SET status = excluded.status, response = excluded.response
	 WHERE i.status IS NULL AND i.fingerprint = excluded.fingerprint
	RETURNING * INTO k;
	IF k.user_id IS NOT NULL THEN
		RETURN 'ok';
	END IF;
	RETURN (SELECT CASE WHEN fingerprint = print THEN 'replay'
	    ELSE 'idempotency_key_reused' END
	    FROM idempotency_keys WHERE user_id = who AND key = with_key);
END
$$;

-- Cancel for the user (user_ids[i] 0: for the system). Nothing under way:
-- CANCELLED at once. A purchase under way, or a number without SMS:
-- CANCELLING until the provider agrees; the call upstream is queued for
-- cancel_after at the earliest. early 'refuse': before cancel_after answer
-- 'cancel_too_early' instead. Asking again is 'ok'. Also 'not_found',
-- 'has_code', 'conflict'.
CREATE OR REPLACE FUNCTION numlease.activation_cancel_request(ids uuid[],
    user_ids bigint[], early text, by_actor text)
RETURNS TABLE (ord bigint, status text, id uuid, state text,
    cancel_after timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
	r record;
	statuses text[] := '{}';
	todo uuid[] := '{}';
	events text[] := '{}';
	upstream uuid[] := '{}';
BEGIN
	PERFORM durable();
	PERFORM activations_lock(ids);
	FOR r IN
		SELECT q.ord, a.id, a.state, a.first_sms_at, a.cancel_after,
		       EXISTS (SELECT FROM attempts t WHERE t.activation_id = a.id
		           AND t.closed_at IS NULL) AS is_open,
		       row_number() OVER (PARTITION BY q.id ORDER BY q.ord) > 1 AS again
		  FROM unnest(ids, user_ids) WITH ORDINALITY q (id, user_id, ord)
		  LEFT JOIN activations a
		    ON a.id = q.id AND (a.user_id = q.user_id OR q.user_id = 0)
		 ORDER BY q.ord
	LOOP
		statuses[r.ord] := CASE
		    WHEN r.id IS NULL THEN 'not_found'
		    WHEN r.state IN ('CANCELLING', 'CANCELLED') THEN 'ok'
		    WHEN r.state = 'COMPLETED' OR r.first_sms_at IS NOT NULL
		        THEN 'has_code'
		    WHEN r.state IN ('EXPIRED', 'FAILED') THEN 'conflict'
		    WHEN early = 'refuse' AND r.cancel_after > now()
		        THEN 'cancel_too_early'
		    ELSE 'ok' END;
		IF statuses[r.ord] = 'ok' AND NOT r.again
		    AND r.state IN ('RESERVED', 'ACTIVE') THEN
			todo := todo || r.id;
			events := events || CASE
			    WHEN r.state = 'RESERVED' AND r.is_open THEN 'abandon'
			    ELSE 'cancel' END;
			IF r.state = 'ACTIVE' THEN
				upstream := upstream || r.id;
			END IF;
		END IF;
	END LOOP;
	PERFORM wallets_lock(ARRAY(
	    SELECT a.user_id FROM activations a WHERE a.id = ANY (todo)));
	PERFORM activation_step(todo, events, by_actor,
	    array_fill('asked for'::text, ARRAY[cardinality(todo)]));
	PERFORM cancel_queue(upstream);
	RETURN QUERY
	SELECT q.ord, statuses[q.ord], a.id, a.state, a.cancel_after
	  FROM unnest(ids) WITH ORDINALITY q (id, ord)
	  LEFT JOIN activations a ON a.id = q.id AND statuses[q.ord] <> 'not_found'
	 ORDER BY q.ord;
END
$$;

-- The upstream cancel of each, not before the provider allows it. Internal.
CREATE OR REPLACE FUNCTION numlease.cancel_queue(ids uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
	IF ids = '{}' THEN
		RETURN;
	END IF;
	INSERT INTO outbox (topic, key, due_at)
	SELECT 'cancel', id, greatest(now(), cancel_after)
	  FROM activations WHERE id = ANY (ids)
	ON CONFLICT (topic, key) DO UPDATE SET due_at = excluded.due_at;
END
$$;

-- For doors without "pending": at their deadline, what is it? ACTIVE or
-- later stays and is told; RESERVED is given up here and now. status 'ok'
-- or 'not_found'; state is the one after.
CREATE OR REPLACE FUNCTION numlease.activation_abandon(ids uuid[],
    user_ids bigint[])
RETURNS TABLE (ord bigint, status text, id uuid, state text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
	todo uuid[];
	events text[];
	who bigint[];
BEGIN
	PERFORM durable();
	PERFORM activations_lock(ids);
	SELECT coalesce(array_agg(a.id), '{}'), coalesce(array_agg(a.user_id), '{}'),
	       coalesce(array_agg(CASE WHEN EXISTS (
	           SELECT FROM attempts t WHERE t.activation_id = a.id
	           AND t.closed_at IS NULL) THEN 'abandon' ELSE 'cancel' END), '{}')
	  INTO todo, who, events
	  FROM (SELECT DISTINCT q.id, q.user_id
	          FROM unnest(ids, user_ids) q (id, user_id)) q
	  JOIN activations a ON a.id = q.id AND a.user_id = q.user_id
	 WHERE a.state = 'RESERVED';
	PERFORM wallets_lock(who);
	PERFORM activation_step(todo, events, 'user',
	    array_fill('did not wait longer'::text, ARRAY[cardinality(todo)]));
	RETURN QUERY
	SELECT q.ord, CASE WHEN a.id IS NULL THEN 'not_found' ELSE 'ok' END,
	       a.id, a.state
	  FROM unnest(ids, user_ids) WITH ORDINALITY q (id, user_id, ord)
	  LEFT JOIN activations a ON a.id = q.id AND a.user_id = q.user_id
	 ORDER BY q.ord;
END
$$;

-- A step that needs an SMS, then a call upstream of the same name.
-- Internal: see the two below.
CREATE OR REPLACE FUNCTION numlease.activation_ask(ids uuid[],
    user_ids bigint[], what text, by_actor text)
RETURNS TABLE (ord bigint, status text, id uuid, state text)
LANGUAGE plpgsql SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
	r record;
	statuses text[] := '{}';
	todo uuid[] := '{}';
BEGIN
	PERFORM durable();
	PERFORM activations_lock(ids);
	FOR r IN
		SELECT q.ord, a.id, a.state, a.first_sms_at,
		       row_number() OVER (PARTITION BY q.id ORDER BY q.ord) > 1 AS again
		  FROM unnest(ids, user_ids) WITH ORDINALITY q (id, user_id, ord)
		  LEFT JOIN activations a
		    ON a.id = q.id AND (a.user_id = q.user_id OR q.user_id = 0)
	LOOP
		statuses[r.ord] := CASE
		    WHEN r.id IS NULL THEN 'not_found'
		    WHEN r.state = 'COMPLETED' AND what = 'finish' THEN 'ok'
		    WHEN r.state <> 'ACTIVE' THEN 'conflict'
		    WHEN r.first_sms_at IS NULL THEN 'no_code'
		    ELSE 'ok' END;
		IF statuses[r.ord] = 'ok' AND NOT r.again AND r.state = 'ACTIVE' THEN
			todo := todo || r.id;
		END IF;
	END LOOP;
	PERFORM activation_step(todo,
	    array_fill(what, ARRAY[cardinality(todo)]), by_actor, NULL);
	INSERT INTO outbox (topic, key, due_at)
	SELECT what, i, now() FROM unnest(todo) i
	ON CONFLICT (topic, key) DO UPDATE SET due_at = now();
	IF what = 'resend' THEN
		UPDATE polls SET poll_at = now() WHERE activation_id = ANY (todo);
	END IF;
	RETURN QUERY
	SELECT q.ord, statuses[q.ord], a.id, a.state
	  FROM unnest(ids) WITH ORDINALITY q (id, ord)
	  LEFT JOIN activations a ON a.id = q.id AND statuses[q.ord] <> 'not_found'
	 ORDER BY q.ord;
END
$$;

-- The user is done with it: COMPLETED, and the provider is told. 'ok' (also
-- when it was before), 'no_code', 'not_found', 'conflict'.
CREATE OR REPLACE FUNCTION numlease.activation_finish(ids uuid[],
    user_ids bigint[], by_actor text)
RETURNS TABLE (ord bigint, status text, id uuid, state text)
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
	SELECT * FROM activation_ask(ids, user_ids, 'finish', by_actor)
$$;

-- The user wants a further SMS. Same answers.
CREATE OR REPLACE FUNCTION numlease.activation_resend(ids uuid[],
    user_ids bigint[], by_actor text)
RETURNS TABLE (ord bigint, status text, id uuid, state text)
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
	SELECT * FROM activation_ask(ids, user_ids, 'resend', by_actor)
$$;

-- What the provider said about the end of a number: its cancel was
-- confirmed, or it reported the number over. refunded: 'yes', 'no' or
-- 'unknown' (then a receivable opens). Evidence is taken in every state:
--   CANCELLING          -> CANCELLED or EXPIRED, hold released
--   ACTIVE without SMS  -> EXPIRED, hold released
--   ACTIVE with SMS     -> COMPLETED
--   over before         -> only the provider's side of the money
-- status 'ok', 'not_found', 'conflict' (no number was ever linked, and the
-- purchase is still undecided).
CREATE OR REPLACE FUNCTION numlease.activation_end(ids uuid[],
    refunded text[], causes text[])
RETURNS TABLE (ord bigint, status text, id uuid, user_id bigint, state text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
	r record;
	statuses text[] := '{}';
	todo uuid[] := '{}';
	events text[] := '{}';
	whys text[] := '{}';
	who bigint[] := '{}';
	bought uuid[] := '{}';
	back text[] := '{}';
BEGIN
	PERFORM durable();
	PERFORM activations_lock(ids);
	FOR r IN
		SELECT q.ord, q.refunded, q.cause, a.id, a.user_id, a.state,
		       a.first_sms_at, a.closing, a.attempt_id,
		       row_number() OVER (PARTITION BY q.id ORDER BY q.ord) > 1 AS again
		  FROM unnest(ids, refunded, causes) WITH ORDINALITY
		       q (id, refunded, cause, ord)
		  LEFT JOIN activations a ON a.id = q.id
	LOOP
		statuses[r.ord] := CASE WHEN r.id IS NULL THEN 'not_found'
		    WHEN r.attempt_id IS NULL THEN 'conflict' ELSE 'ok' END;
		CONTINUE WHEN statuses[r.ord] <> 'ok' OR r.again;
		-- An SMS was paid for: nothing comes back.
		IF r.first_sms_at IS NULL THEN
			bought := bought || r.attempt_id;
			back := back || r.refunded;
		END IF;
		IF r.state IN ('ACTIVE', 'CANCELLING') THEN
			todo := todo || r.id;
			who := who || r.user_id;
			whys := whys || coalesce(r.cause, '');
			events := events || CASE
			    WHEN r.state = 'CANCELLING' THEN r.closing
			    WHEN r.first_sms_at IS NOT NULL THEN 'window_end'
			    ELSE 'ended' END;
		END IF;
	END LOOP;
	PERFORM wallets_lock(who);
	PERFORM activation_step(todo, events, 'provider', whys);
	PERFORM cost_settle(bought, back);
	RETURN QUERY
	SELECT q.ord, statuses[q.ord], a.id, a.user_id, a.state
	  FROM unnest(ids) WITH ORDINALITY q (id, ord)
	  LEFT JOIN activations a ON a.id = q.id
	 ORDER BY q.ord;
END
$$;

-- Providers said that they do not know these numbers. One such answer may be
-- a slip of theirs, and a number that is ended loses its SMS: it takes three
-- in a row, 'activation.missing_gap_s' apart at least, and the number must be
-- 'activation.missing_age_s' old. Then it is activation_end() with 'unknown';
-- gives a row of each that ended.
CREATE OR REPLACE FUNCTION numlease.activation_missing(ids uuid[])
RETURNS TABLE (ord bigint, status text, id uuid, user_id bigint, state text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
	gap interval := setting_int('activation.missing_gap_s', 10)
	    * interval '1 second';
	age interval := setting_int('activation.missing_age_s', 60)
	    * interval '1 second';
	gone uuid[];
BEGIN
	PERFORM activations_lock(ids);
	UPDATE polls p SET missing = p.missing + 1, missing_at = now()
	 WHERE p.activation_id = ANY (ids)
	   AND (p.missing_at IS NULL OR p.missing_at <= now() - gap);
	SELECT coalesce(array_agg(a.id ORDER BY a.id), '{}') INTO gone
	  FROM polls p JOIN activations a ON a.id = p.activation_id
	 WHERE p.activation_id = ANY (ids) AND p.missing >= 3
	   AND a.activated_at <= now() - age;
	IF gone <> '{}' THEN
		RETURN QUERY
		SELECT * FROM activation_end(gone,
		    array_fill('unknown'::text, ARRAY[cardinality(gone)]),
		    array_fill('not_found'::text, ARRAY[cardinality(gone)]));
	END IF;
END
$$;

-- What comes back for bought numbers ('yes', 'no', 'unknown'; never 'yes'
-- twice). owed: bought -> refunded | lost | receivable; receivable ->
-- refunded | lost, in what is left of it. Gives the number that changed. Internal.
CREATE OR REPLACE FUNCTION numlease.cost_settle(bought uuid[], back text[])
RETURNS bigint LANGUAGE plpgsql SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
	n bigint;
BEGIN
	WITH q AS MATERIALIZED (
		SELECT t.id, t.cost_state AS was, t.refunded, CASE u.back WHEN 'yes' THEN 'refunded'
		       WHEN 'no' THEN 'lost' ELSE 'receivable' END AS becomes
		  FROM unnest(bought, back) u (id, back)
		 CROSS JOIN LATERAL (SELECT * FROM attempts x WHERE x.id = u.id
		       FOR NO KEY UPDATE) t
		 WHERE t.cost_state IN ('owed', 'receivable')
	), changed AS (
		UPDATE attempts t
		   SET cost_state = q.becomes,
		       refunded = CASE q.becomes WHEN 'refunded' THEN 0
		           ELSE t.refunded END
		  FROM q
		 WHERE t.id = q.id AND q.becomes <> q.was
		RETURNING t.id, t.activation_id, t.provider_id,
		    t.cost - q.refunded AS cost, q.was, q.becomes
	), posted AS (
		INSERT INTO transfers (kind, debit, credit, amount, activation_id,
		    attempt_id, idem_key, actor)
		SELECT x.kind, x.debit, x.credit, c.cost, c.activation_id, c.id,
		       x.kind || ':' || c.id, 'provider'
		  FROM changed c
		  JOIN provider_accounts p USING (provider_id)
		  JOIN LATERAL (VALUES
		       ('owed', 'refunded', 'cost_back', p.payable, p.cost),
		       ('owed', 'receivable', 'owed', p.receivable, p.cost),
		       ('receivable', 'refunded', 'owed_paid', p.payable, p.receivable),
		       ('receivable', 'lost', 'loss', p.cost, p.receivable))
		       x (was, becomes, kind, debit, credit)
		    ON x.was = c.was AND x.becomes = c.becomes
		 WHERE c.cost > 0
	)
	SELECT count(*) INTO n FROM changed;
	RETURN n;
END
$$;

-- The sweep: up to `batch` activations whose time came.
--   RESERVED, nothing under way    -> FAILED, released
--   RESERVED, purchase undecided   looked at again later; reconcile decides
--   ACTIVE with SMS                -> COMPLETED
--   ACTIVE without SMS             -> CANCELLING; the upstream cancel is
--       queued, and an SMS that is found until it is confirmed still wins
--   CANCELLING, never confirmed    -> CANCELLED or EXPIRED, released; what
--       the provider should give back becomes a receivable, and the upstream
--       cancel stays queued
--   CANCELLING, purchase undecided looked at again later
CREATE OR REPLACE FUNCTION numlease.activation_expire(batch integer)
RETURNS TABLE (id uuid, user_id bigint, event text, state text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
	r record;
	todo uuid[] := '{}';
	events text[] := '{}';
	who bigint[] := '{}';
	later uuid[] := '{}';
	bought uuid[] := '{}';
BEGIN
	PERFORM durable();
	FOR r IN
		SELECT a.id, a.user_id, a.state, a.first_sms_at, a.closing, a.attempt_id
		  FROM activations a
		 WHERE a.due_at <= now()
		 ORDER BY a.due_at
		 LIMIT batch
		   FOR NO KEY UPDATE SKIP LOCKED
	LOOP
		IF r.attempt_id IS NULL AND EXISTS (
		    SELECT FROM attempts t
		     WHERE t.activation_id = r.id AND t.closed_at IS NULL) THEN
			later := later || r.id;
			CONTINUE;
		END IF;
		todo := todo || r.id;
		who := who || r.user_id;
		events := events || CASE
		    WHEN r.state = 'RESERVED' THEN 'fail'
		    WHEN r.state = 'CANCELLING' THEN r.closing
		    WHEN r.first_sms_at IS NOT NULL THEN 'window_end'
		    ELSE 'expire' END;
		IF r.state = 'CANCELLING' AND r.attempt_id IS NOT NULL THEN
			bought := bought || r.attempt_id;
		END IF;
	END LOOP;
	UPDATE activations a SET due_at = now() + interval '60 seconds'
	 WHERE a.id = ANY (later);
	PERFORM wallets_lock(who);
	PERFORM activation_step(todo, events, 'sweep',
	    array_fill('time ran out'::text, ARRAY[cardinality(todo)]));
	PERFORM cost_settle(bought,
	    array_fill('unknown'::text, ARRAY[cardinality(bought)]));
	-- The provider is asked on when the user waits no longer: its answer
	-- settles what it owes.
	PERFORM cancel_queue(ARRAY(SELECT u.id FROM unnest(todo, events) u (id, event)
	    JOIN activations a USING (id)
	    WHERE u.event = 'expire' OR a.state IN ('CANCELLED', 'EXPIRED')
	      AND a.attempt_id IS NOT NULL));
	RETURN QUERY
	SELECT a.id, a.user_id, a.event, a.state
	  FROM unnest(todo) u (id) JOIN activations a ON a.id = u.id;
END
$$;
