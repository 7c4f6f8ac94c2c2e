-- SMS: stored once, the first one captures the hold.
SELECT numlease.act_as_owner();

-- Store SMS. upstream_ids: the provider's id of the message, or what else
-- names it, NULL when nothing does; then (time, sender, text) is what makes a
-- message the same, time being 0 when the provider says none. A message of
-- which only the code was known gets its text when that comes.
--   ACTIVE, first     captures the price, the rest of the hold is released
--   CANCELLING        it wins: captured, COMPLETED
--   COMPLETED, later  stored
--   CANCELLED, EXPIRED  delivered free; what it costs us is booked as loss
-- status 'ok', 'duplicate', 'not_found', 'conflict' (there is no number).
CREATE OR REPLACE FUNCTION numlease.messages_store(activation_ids uuid[],
    upstream_ids text[], senders text[], bodies text[], codes text[],
    times bigint[])
RETURNS TABLE (ord bigint, status text, message_id bigint, activation_id uuid,
    user_id bigint, number integer, state text, charged bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
	prints bytea[];
	todo uuid[];
	events text[];
	who bigint[];
	lost uuid[];
	stored bigint[];
BEGIN
	PERFORM durable();
	PERFORM activations_lock(activation_ids);
	SELECT array_agg(sha256(convert_to(CASE
	           WHEN q.upstream_id <> '' THEN 'id ' || q.upstream_id
	           ELSE concat_ws(E'\x1f', 'sms', q.at, q.sender, q.body) END, 'UTF8'))
	           ORDER BY q.ord)
	  INTO prints
	  FROM unnest(upstream_ids, senders, bodies, times) WITH ORDINALITY
	       q (upstream_id, sender, body, at, ord);
	PERFORM wallets_lock(ARRAY(
	    SELECT a.user_id FROM activations a
	     WHERE a.id = ANY (activation_ids) AND a.first_sms_at IS NULL));
	WITH added AS (
		INSERT INTO messages AS m (activation_id, user_id, dedupe, upstream_id,
		    sender, body, code, is_free, received_at)
		SELECT a.id, a.user_id, prints[q.ord], nullif(q.upstream_id, ''),
		       coalesce(q.sender, ''), coalesce(q.body, ''), nullif(q.code, ''),
		       a.state IN ('CANCELLED', 'EXPIRED'),
		       coalesce(time_of(q.at), now())
		  FROM unnest(activation_ids, upstream_ids, senders, bodies, codes, times)
		       WITH ORDINALITY q (id, upstream_id, sender, body, code, at, ord)
		  JOIN activations a ON a.id = q.id
		 WHERE a.state NOT IN ('RESERVED', 'FAILED') AND a.attempt_id IS NOT NULL
		 ORDER BY q.ord
		ON CONFLICT (activation_id, dedupe) DO NOTHING
		RETURNING m.id, m.activation_id
	), news AS (
		SELECT activation_id, array_agg(id) AS ids FROM added GROUP BY 1
	)
	SELECT coalesce(array_agg(a.id), '{}'),
	       coalesce(array_agg(a.user_id), '{}'),
	       coalesce(array_agg(CASE
	           WHEN a.state IN ('CANCELLED', 'EXPIRED') THEN 'late_sms'
	           WHEN a.first_sms_at IS NULL THEN 'sms'
	           ELSE 'sms_more' END), '{}'),
	       array_agg(a.attempt_id) FILTER (
	           WHERE a.state IN ('CANCELLED', 'EXPIRED')),
	       (SELECT array_agg(id) FROM added)
	  INTO todo, who, events, lost, stored
	  FROM news n JOIN activations a ON a.id = n.activation_id;
	UPDATE messages m
	   SET body = q.body, sender = coalesce(nullif(q.sender, ''), m.sender)
	  FROM unnest(activation_ids, senders, bodies) WITH ORDINALITY
	       q (id, sender, body, ord)
	 WHERE m.activation_id = q.id AND m.dedupe = prints[q.ord]
	   AND m.body = m.code AND q.body <> m.body
	   AND strpos(q.body, m.code) > 0;
	PERFORM activation_step(todo, events, 'provider',
	    array_fill(''::text, ARRAY[cardinality(todo)]));
	IF lost IS NOT NULL THEN
		PERFORM cost_lose(lost);
	END IF;
	RETURN QUERY
	SELECT q.ord, CASE
	       WHEN a.id IS NULL THEN 'not_found'
	       WHEN m.id IS NULL THEN 'conflict'
	       WHEN m.id = ANY (stored) AND row_number() OVER (
	           PARTITION BY m.id ORDER BY q.ord) = 1 THEN 'ok'
	       ELSE 'duplicate' END,
	       m.id, a.id, a.user_id, a.number, a.state, a.charged
	  FROM unnest(activation_ids) WITH ORDINALITY q (id, ord)
	  LEFT JOIN activations a ON a.id = q.id
	  LEFT JOIN messages m ON m.activation_id = a.id AND m.dedupe = prints[q.ord]
	 ORDER BY q.ord;
END
$$;

-- An SMS came for numbers that were given back: the provider charges for
-- them after all. Internal.
CREATE OR REPLACE FUNCTION numlease.cost_lose(bought uuid[]) RETURNS void
LANGUAGE sql SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
	WITH was AS MATERIALIZED (
		SELECT id, cost_state FROM attempts
		 WHERE id = ANY (bought) AND cost_state <> 'lost' FOR NO KEY UPDATE
	), changed AS (
		UPDATE attempts t SET cost_state = 'lost'
		  FROM was WHERE t.id = was.id
		RETURNING t.id, t.activation_id, t.provider_id, t.cost - t.refunded AS cost,
		    was.cost_state AS was
	)
	INSERT INTO transfers (kind, debit, credit, amount, activation_id,
	    attempt_id, idem_key, actor, reason)
	SELECT 'loss', p.cost,
	       CASE c.was WHEN 'refunded' THEN p.payable ELSE p.receivable END,
	       c.cost, c.activation_id, c.id, 'loss:' || c.id, 'provider',
	       'SMS after the release'
	  FROM changed c
	  JOIN provider_accounts p USING (provider_id)
	 WHERE c.was IN ('refunded', 'receivable') AND c.cost > 0
$$;
