-- What the router weighed when it found nobody to ask.
SELECT numlease.act_as_owner();

-- Keep decisions that led to no attempt (those that did are kept by
-- attempt_start), as the one after the last attempt. Only the order's holder
-- may say so, and the first word stands.
CREATE OR REPLACE FUNCTION numlease.decisions_keep(ids uuid[],
    order_tokens uuid[], seeds bigint[], candidates text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off AS $$
	INSERT INTO decisions (activation_id, no, seed, candidates)
	SELECT q.id, coalesce((SELECT max(t.no) FROM attempts t
	           WHERE t.activation_id = q.id), 0) + 1, q.seed, q.text::jsonb
	  FROM unnest(ids, order_tokens, seeds, candidates)
	       q (id, token, seed, text)
	  JOIN outbox o ON o.topic = 'lease' AND o.key = q.id
	   AND o.token = q.token
	ON CONFLICT DO NOTHING
$$;
