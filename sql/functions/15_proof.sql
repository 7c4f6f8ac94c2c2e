-- The proof of the ledger, and the switch that it throws.
SELECT numlease.act_as_owner();

CREATE OR REPLACE FUNCTION numlease.money_is_stopped() RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = numlease, pg_temp AS $$
BEGIN
	RETURN coalesce((SELECT stopped FROM money_switches
	    ORDER BY id DESC LIMIT 1), false);
END
$$;

-- Stop money or let it move again. 'ok' (also when it was so before),
-- 'bad_input' without actor or reason, 'conflict': there are differences,
-- and money does not move before they are gone.
CREATE OR REPLACE FUNCTION numlease.money_switch(stop boolean, by_actor text,
    why text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
BEGIN
	PERFORM durable();
	IF by_actor = '' OR why = '' THEN
		RETURN 'bad_input';
	END IF;
	LOCK TABLE money_switches IN SHARE ROW EXCLUSIVE MODE;
	IF stop = money_is_stopped() THEN
		RETURN 'ok';
	END IF;
	IF NOT stop AND EXISTS (SELECT FROM ledger_verify()) THEN
		RETURN 'conflict';
	END IF;
	INSERT INTO money_switches (stopped, actor, reason)
	VALUES (stop, by_actor, why);
	RETURN 'ok';
END
$$;

-- Prove the ledger unless that was done in the last every_ms, or is being
-- done; a difference stops money and heals nothing. No row: it was not due.
CREATE OR REPLACE FUNCTION numlease.ledger_prove(every_ms bigint)
RETURNS TABLE (id bigint, differences bigint, took_ms bigint, rows jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
#variable_conflict use_column
DECLARE
	p proofs;
	start timestamptz := clock_timestamp();
BEGIN
	PERFORM durable();
	IF NOT pg_try_advisory_xact_lock(hashtext('numlease.ledger_prove'))
	    OR (SELECT proved_at FROM proofs ORDER BY id DESC LIMIT 1)
	        > now() - ms(every_ms) THEN
		RETURN;
	END IF;
	SELECT count(*), coalesce(jsonb_agg(to_jsonb(d) - 'n')
	           FILTER (WHERE d.n <= 100), '[]')
	  INTO p.differences, p.rows
	  FROM (SELECT v.*, row_number() OVER () AS n FROM ledger_verify() v) d;
	INSERT INTO proofs (took_ms, differences, rows)
	VALUES (extract(epoch FROM clock_timestamp() - start) * 1000,
	    p.differences, p.rows)
	RETURNING * INTO p;
	IF p.differences > 0 THEN
		PERFORM money_switch(true, 'proof',
		    format('proof %s: %s differences', p.id, p.differences));
	END IF;
	RETURN QUERY SELECT p.id, p.differences, p.took_ms, p.rows;
END
$$;
