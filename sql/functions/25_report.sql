-- A bad number goes back.
SELECT numlease.act_as_owner();

-- The user reports numbers without SMS as bad: CANCELLING, the provider is
-- told at once where it has a word for that, and cancelled like any other
-- when it did not take it back by then. Again is 'ok'. Also 'not_found',
-- 'has_code', 'conflict'.
CREATE OR REPLACE FUNCTION numlease.activation_report(ids uuid[],
    user_ids bigint[], whys text[])
RETURNS TABLE (ord bigint, status text, id uuid, state text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
	r record;
	statuses text[] := '{}';
	todo uuid[] := '{}';
	causes text[] := '{}';
BEGIN
	PERFORM durable();
	PERFORM activations_lock(ids);
	FOR r IN
		SELECT q.ord, q.why, a.id, a.state, a.event, a.first_sms_at,
		       row_number() OVER (PARTITION BY q.id ORDER BY q.ord) > 1 AS again
		  FROM unnest(ids, user_ids, whys) WITH ORDINALITY
		       q (id, user_id, why, ord)
		  LEFT JOIN activations a
		    ON a.id = q.id AND (a.user_id = q.user_id OR q.user_id = 0)
		 ORDER BY q.ord
	LOOP
		statuses[r.ord] := CASE
		    WHEN r.id IS NULL THEN 'not_found'
		    WHEN r.event = 'report' THEN 'ok'
		    WHEN r.first_sms_at IS NOT NULL THEN 'has_code'
		    WHEN r.state <> 'ACTIVE' THEN 'conflict'
		    ELSE 'ok' END;
		IF statuses[r.ord] = 'ok' AND NOT r.again AND r.state = 'ACTIVE' THEN
			todo := todo || r.id;
			causes := causes || r.why;
		END IF;
	END LOOP;
	PERFORM activation_step(todo,
	    array_fill('report'::text, ARRAY[cardinality(todo)]), 'user', causes);
	INSERT INTO outbox (topic, key, due_at)
	SELECT 'report', i, now() FROM unnest(todo) i
	ON CONFLICT (topic, key) DO NOTHING;
	INSERT INTO outbox (topic, key, due_at)
	SELECT 'cancel', a.id, greatest(now() + interval '10 seconds', a.cancel_after)
	  FROM activations a WHERE a.id = ANY (todo)
	ON CONFLICT (topic, key) DO NOTHING;
	RETURN QUERY
	SELECT q.ord, statuses[q.ord], a.id, a.state
	  FROM unnest(ids) WITH ORDINALITY q (id, ord)
	  LEFT JOIN activations a ON a.id = q.id AND statuses[q.ord] <> 'not_found'
	 ORDER BY q.ord;
END
$$;
