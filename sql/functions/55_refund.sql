-- What providers owe: opened when a number went back and nobody said that
-- the money did, closed by evidence alone.
SELECT numlease.act_as_owner();

-- An amount came back for the number that the provider calls of_upstream:
-- all of what is open, or a part. The same key again is 'replay'. status
-- 'ok', 'not_found', 'conflict' (nothing is open), 'bad_input' (no reason or
-- actor, or more than is open), 'idempotency_key_reused'; is_open: what the
-- provider still owes for it.
CREATE OR REPLACE FUNCTION numlease.receivable_refund(of_provider text,
    of_upstream text, sum_micros bigint, by_actor text, why text, once_key text)
RETURNS TABLE (status text, is_open bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
#variable_conflict use_column
DECLARE
	t attempts;
	known transfers;
	left_open bigint;
	key text;
BEGIN
	PERFORM durable();
	t := receivable_lock(of_provider, of_upstream);
	key := 'owed_paid:' || t.id || ':' || once_key;
	left_open := CASE t.cost_state WHEN 'receivable' THEN t.cost - t.refunded
	    ELSE 0 END;
	SELECT * INTO known FROM transfers WHERE idem_key = key;
	IF t.id IS NULL THEN
		RETURN QUERY SELECT 'not_found', 0::bigint;
	ELSIF known.id IS NOT NULL THEN
		RETURN QUERY SELECT CASE WHEN known.amount = sum_micros THEN 'replay'
		    ELSE 'idempotency_key_reused' END, left_open;
	ELSIF left_open = 0 THEN
		RETURN QUERY SELECT 'conflict', 0::bigint;
	ELSIF by_actor = '' OR why = '' OR sum_micros NOT BETWEEN 1 AND left_open THEN
		RETURN QUERY SELECT 'bad_input', left_open;
	ELSE
		left_open := left_open - sum_micros;
		UPDATE attempts x
		   SET refunded = CASE WHEN left_open = 0 THEN 0
		           ELSE x.refunded + sum_micros END,
		       cost_state = CASE WHEN left_open = 0 THEN 'refunded'
		           ELSE x.cost_state END
		 WHERE x.id = t.id;
		INSERT INTO transfers (kind, debit, credit, amount, activation_id,
		    attempt_id, idem_key, actor, reason)
		SELECT 'owed_paid', p.payable, p.receivable, sum_micros,
		       t.activation_id, t.id, key, by_actor, why
		  FROM provider_accounts p WHERE p.provider_id = t.provider_id;
		RETURN QUERY SELECT 'ok', left_open;
	END IF;
END
$$;

-- It will not come: what is open becomes our loss. An operator decides that,
-- with a reason; nothing is ever written off by itself. status 'ok',
-- 'not_found', 'conflict' (nothing is open), 'bad_input'; lost: how much.
CREATE OR REPLACE FUNCTION numlease.receivable_write_off(of_provider text,
    of_upstream text, by_actor text, why text)
RETURNS TABLE (status text, lost bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
#variable_conflict use_column
DECLARE
	t attempts;
BEGIN
	PERFORM durable();
	t := receivable_lock(of_provider, of_upstream);
	IF t.id IS NULL THEN
		RETURN QUERY SELECT 'not_found', 0::bigint;
	ELSIF t.cost_state <> 'receivable' THEN
		RETURN QUERY SELECT 'conflict', 0::bigint;
	ELSIF by_actor = '' OR why = '' THEN
		RETURN QUERY SELECT 'bad_input', 0::bigint;
	ELSE
		UPDATE attempts x SET cost_state = 'lost' WHERE x.id = t.id;
		INSERT INTO transfers (kind, debit, credit, amount, activation_id,
		    attempt_id, idem_key, actor, reason)
		SELECT 'loss', p.cost, p.receivable, t.cost - t.refunded,
		       t.activation_id, t.id, 'loss:' || t.id, by_actor, why
		  FROM provider_accounts p WHERE p.provider_id = t.provider_id;
		RETURN QUERY SELECT 'ok', t.cost - t.refunded;
	END IF;
END
$$;

-- The attempt of a provider's number, its activation locked before it as
-- everywhere. Internal.
CREATE OR REPLACE FUNCTION numlease.receivable_lock(of_provider text,
    of_upstream text) RETURNS numlease.attempts
LANGUAGE plpgsql SET search_path = numlease, pg_temp AS $$
DECLARE
	t attempts;
BEGIN
	PERFORM activations_lock(ARRAY(
	    SELECT x.activation_id FROM attempts x JOIN providers p
	        ON p.id = x.provider_id
	     WHERE x.upstream_id = of_upstream AND p.name = of_provider));
	SELECT x.* INTO t FROM attempts x JOIN providers p ON p.id = x.provider_id
	 WHERE x.upstream_id = of_upstream AND p.name = of_provider
	   FOR NO KEY UPDATE OF x;
	RETURN t;
END
$$;
