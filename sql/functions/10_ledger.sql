-- The ledger from outside: credit, roll-up, proof.
SELECT numlease.act_as_owner();

-- Which part of a price is bonus: 'bonus.spend' is 'last', or 'first'.
CREATE OR REPLACE FUNCTION numlease.bonus_is_last() RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = numlease, pg_temp AS $$
BEGIN
	RETURN coalesce((SELECT value = 'last' FROM settings
	    WHERE key = 'bonus.spend'), false);
END
$$;

-- Put money into a wallet (kind deposit, amount > 0), give or take back bonus
-- (kind bonus), or correct it (kind adjust); what is taken, and what is
-- adjusted, needs a reason. available is with the bonus: what can be spent.
-- Every way in comes here: administrators, vouchers, later a gateway. The
-- same key again gives the first outcome: 'replay'; with another user, kind or amount
-- 'idempotency_key_reused'. Also 'not_found', 'bad_input', 'no_funds',
-- 'maintenance' (money is stopped).
CREATE OR REPLACE FUNCTION numlease.wallet_credit(who bigint, how text,
    sum_micros bigint, by_actor text, why text, once_key text)
RETURNS TABLE (status text, transfer_id bigint, available bigint, held bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
#variable_conflict use_column
DECLARE
	w wallets;
	t transfers;
	key text := 'credit:' || once_key;
	other bigint := system_account(CASE how WHEN 'deposit' THEN 'deposits'
	    WHEN 'bonus' THEN 'bonus' WHEN 'adjust' THEN 'adjustments' END);
	mine bigint;
BEGIN
	PERFORM durable();
	SELECT * INTO w FROM wallets WHERE user_id = who FOR NO KEY UPDATE;
	IF w.user_id IS NULL THEN
		RETURN QUERY SELECT 'not_found', 0::bigint, 0::bigint, 0::bigint;
		RETURN;
	END IF;
	mine := CASE how WHEN 'bonus' THEN w.bonus_account
	    ELSE w.available_account END;
	SELECT * INTO t FROM transfers WHERE idem_key = key;
	IF t.id IS NOT NULL THEN
		RETURN QUERY SELECT CASE WHEN t.user_id = who AND t.kind = how
		    AND t.amount = abs(sum_micros)
		    AND (t.credit = mine) = (sum_micros > 0)
		    THEN 'replay' ELSE 'idempotency_key_reused' END,
		    t.id, w.available + w.bonus, w.held;
		RETURN;
	END IF;
	IF money_is_stopped() THEN
		RETURN QUERY SELECT 'maintenance', 0::bigint, w.available + w.bonus,
		    w.held;
		RETURN;
	END IF;
	IF other IS NULL OR sum_micros = 0 OR (sum_micros < 0 AND how = 'deposit')
	    OR by_actor = '' OR ((how = 'adjust' OR sum_micros < 0) AND why = '') THEN
		RETURN QUERY SELECT 'bad_input', 0::bigint, w.available + w.bonus,
		    w.held;
		RETURN;
	END IF;
	IF sum_micros + (CASE how WHEN 'bonus' THEN w.bonus ELSE w.available END)
	    < 0 THEN
		RETURN QUERY SELECT 'no_funds', 0::bigint, w.available + w.bonus,
		    w.held;
		RETURN;
	END IF;
	INSERT INTO transfers (kind, debit, credit, amount, user_id, idem_key,
	    actor, reason)
	VALUES (how,
	    CASE WHEN sum_micros > 0 THEN other ELSE mine END,
	    CASE WHEN sum_micros > 0 THEN mine ELSE other END,
	    abs(sum_micros), who, key, by_actor, why)
	RETURNING * INTO t;
	RETURN QUERY SELECT 'ok', t.id, x.available + x.bonus, x.held
	    FROM wallets x WHERE x.user_id = who;
END
$$;

-- Sum what was committed since the last time into account_totals; gives the
-- number of transfers. A transaction that is still open keeps everything
-- behind it for the next time, so none is missed and none counted twice.
-- After a restore into another cluster transaction ids begin anew: then, and
-- with rebuild = true, everything is summed again. 0 while another does it.
CREATE OR REPLACE FUNCTION numlease.ledger_rollup(rebuild boolean DEFAULT false)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off AS $$
DECLARE
	cursor_ rollup_cursor;
	high bigint;
	n bigint;
BEGIN
	SELECT * INTO cursor_ FROM rollup_cursor FOR UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		RETURN 0;
	END IF;
	rebuild := rebuild OR cursor_.txid
	    > pg_snapshot_xmax(pg_current_snapshot())::text::bigint;
	IF rebuild THEN
		-- Nobody is in the middle of adding now; ids are given after this
		-- lock, so all that come later are above the highest one.
		LOCK TABLE transfers IN SHARE MODE;
		DELETE FROM account_totals;
		cursor_.base_id := 0;
		cursor_.txid := 0;
		high := 9223372036854775807;
	ELSE
		high := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
	END IF;
	WITH t AS MATERIALIZED (
		SELECT id, debit, credit, amount FROM transfers
		 WHERE id > cursor_.base_id AND txid >= cursor_.txid AND txid < high
	), summed AS (
		INSERT INTO account_totals AS a (account_id, debits, credits)
		SELECT account, sum(d)::bigint, sum(c)::bigint
		  FROM (SELECT debit AS account, amount AS d, 0 AS c FROM t
		        UNION ALL SELECT credit, 0, amount FROM t) x
		 GROUP BY account
		ON CONFLICT (account_id) DO UPDATE
		   SET debits = a.debits + excluded.debits,
		       credits = a.credits + excluded.credits
	)
	SELECT count(*), coalesce(max(id), 0) INTO n, cursor_.base_id FROM t;
	IF rebuild THEN
		UPDATE rollup_cursor SET base_id = cursor_.base_id, txid = 0,
		    rolled_at = now();
	ELSE
		UPDATE rollup_cursor SET txid = high, rolled_at = now();
	END IF;
	RETURN n;
END
$$;

-- Every row is a difference between what the ledger says in two places.
-- Reads one snapshot, changes nothing, heals nothing.
CREATE OR REPLACE FUNCTION numlease.ledger_verify()
RETURNS TABLE (invariant text, subject text, expected text, found text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
	WITH moved AS MATERIALIZED (
		SELECT account, sum(amount) AS balance,
		       sum(amount) FILTER (WHERE x.id <= c.base_id OR x.txid < c.txid)
		           AS rolled
		  FROM (SELECT id, txid, credit AS account, amount FROM transfers
		        UNION ALL SELECT id, txid, debit, -amount FROM transfers) x
		 CROSS JOIN rollup_cursor c
		 GROUP BY account
	), unresolved AS MATERIALIZED (
		SELECT h.activation_id, h.user_id, h.amount
		  FROM holds h
		  LEFT JOIN hold_resolutions r USING (activation_id)
		 WHERE r.activation_id IS NULL
	)
	SELECT 'I1 ledger sums to zero', 'all accounts', '0', sum(balance)::text
	  FROM moved HAVING sum(balance) <> 0
	UNION ALL
	SELECT 'I2 account exists', m.account::text, 'a row of accounts', ''
	  FROM moved m LEFT JOIN accounts a ON a.id = m.account
	 WHERE a.id IS NULL
	UNION ALL
	SELECT 'I2 available equals transfers', w.user_id::text,
	       coalesce(m.balance, 0)::text, w.available::text
	  FROM wallets w LEFT JOIN moved m ON m.account = w.available_account
	 WHERE w.available <> coalesce(m.balance, 0)
	UNION ALL
	SELECT 'I2 held equals transfers', w.user_id::text,
	       coalesce(m.balance, 0)::text, w.held::text
	  FROM wallets w LEFT JOIN moved m ON m.account = w.held_account
	 WHERE w.held <> coalesce(m.balance, 0)
	UNION ALL
	SELECT 'I2 bonus equals transfers', w.user_id::text,
	       coalesce(m.balance, 0)::text, w.bonus::text
	  FROM wallets w LEFT JOIN moved m ON m.account = w.bonus_account
	 WHERE w.bonus <> coalesce(m.balance, 0)
	UNION ALL
	SELECT 'I2 total equals transfers', coalesce(a.account_id, m.account)::text,
	       coalesce(m.rolled, 0)::text,
	       coalesce(a.credits - a.debits, 0)::text
	  FROM account_totals a
	  FULL JOIN moved m ON m.account = a.account_id
	 WHERE coalesce(a.credits - a.debits, 0) <> coalesce(m.rolled, 0)
	   AND (SELECT txid FROM rollup_cursor)
	       <= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
	UNION ALL
	SELECT 'I3 never negative', user_id::text, '>= 0',
	       available || '/' || bonus || '/' || held
	  FROM wallets WHERE available < 0 OR bonus < 0 OR held < 0
	UNION ALL
	SELECT 'I5 bonus of a hold is its transfer', h.activation_id::text,
	       h.bonus::text, coalesce(t.amount, 0)::text
	  FROM holds h
	  JOIN wallets w ON w.user_id = h.user_id
	  LEFT JOIN transfers t ON t.activation_id = h.activation_id
	   AND t.kind = 'hold' AND t.debit = w.bonus_account
	 WHERE h.bonus <> coalesce(t.amount, 0)
	UNION ALL
	SELECT 'I6 bonus goes back as bonus', h.activation_id::text,
	       (h.amount - h.bonus) || '/' || h.bonus, t.cash || '/' || t.bonus
	  FROM holds h
	  JOIN (SELECT x.activation_id,
	               coalesce(sum(x.amount) FILTER (
	                   WHERE x.credit = w.available_account), 0) AS cash,
	               coalesce(sum(x.amount) FILTER (
	                   WHERE x.credit = w.bonus_account), 0) AS bonus
	          FROM transfers x JOIN wallets w ON w.user_id = x.user_id
	         WHERE x.kind IN ('rest', 'release')
	         GROUP BY x.activation_id) t
	    ON t.activation_id = h.activation_id
	 WHERE t.cash > h.amount - h.bonus OR t.bonus > h.bonus
	UNION ALL
	SELECT 'I9 voucher has its transfer', v.id::text,
	       v.kind || ' ' || v.amount || ' to ' || r.user_id,
	       coalesce(t.kind || ' ' || t.amount || ' to ' || t.user_id, 'none')
	  FROM voucher_redemptions r
	  JOIN vouchers v ON v.id = r.voucher_id
	  LEFT JOIN transfers t ON t.id = r.transfer_id
	   AND t.idem_key = 'credit:voucher:' || v.id
	 WHERE (v.kind, v.amount, r.user_id)
	       IS DISTINCT FROM (t.kind, t.amount, t.user_id)
	UNION ALL
	SELECT 'I4 held equals open holds', w.user_id::text,
	       coalesce(u.amount, 0) || ' in ' || coalesce(u.n, 0),
	       w.held || ' in ' || w.open_holds
	  FROM wallets w
	  LEFT JOIN (SELECT user_id, sum(amount) AS amount, count(*) AS n
	               FROM unresolved GROUP BY user_id) u USING (user_id)
	 WHERE w.held <> coalesce(u.amount, 0)
	    OR w.open_holds <> coalesce(u.n, 0)
	UNION ALL
	SELECT 'I5 hold has its one transfer', h.activation_id::text,
	       h.amount::text, coalesce(t.amount, 0)::text
	  FROM holds h
	  FULL JOIN (SELECT activation_id, sum(amount) AS amount FROM transfers
	              WHERE kind = 'hold' GROUP BY activation_id) t
	    ON t.activation_id = h.activation_id
	 WHERE h.amount IS DISTINCT FROM t.amount
	UNION ALL
	SELECT 'I6 resolution has its transfers',
	       coalesce(r.activation_id, t.activation_id)::text,
	       r.captured || '/' || r.released, t.captured || '/' || t.released
	  FROM hold_resolutions r
	  FULL JOIN (SELECT activation_id,
	                    coalesce(sum(amount) FILTER (WHERE kind = 'capture'), 0)
	                        AS captured,
	                    coalesce(sum(amount) FILTER (WHERE kind <> 'capture'), 0)
	                        AS released
	               FROM transfers
	              WHERE kind IN ('capture', 'rest', 'release')
	              GROUP BY activation_id) t
	    ON t.activation_id = r.activation_id
	 WHERE (r.captured, r.released)
	       IS DISTINCT FROM (t.captured::bigint, t.released::bigint)
	UNION ALL
	SELECT 'I10 activation agrees with its hold', a.id::text,
	       a.state || ' charged ' || a.charged,
	       coalesce(r.captured::text, 'open')
	  FROM activations a
	  LEFT JOIN holds h ON h.activation_id = a.id
	  LEFT JOIN hold_resolutions r ON r.activation_id = a.id
	 WHERE h.activation_id IS NULL
	    OR h.user_id <> a.user_id
	    OR CASE
	       WHEN a.state IN ('RESERVED', 'CANCELLING')
	           OR (a.state = 'ACTIVE' AND a.first_sms_at IS NULL)
	           THEN r.activation_id IS NOT NULL OR a.charged <> 0
	       WHEN a.state IN ('ACTIVE', 'COMPLETED')
	           THEN r.captured IS DISTINCT FROM a.charged OR a.charged <> a.price
	       ELSE r.captured IS DISTINCT FROM 0 OR a.charged <> 0 END
	UNION ALL
	SELECT 'I10 hold has its activation', h.activation_id::text, 'a row', ''
	  FROM holds h LEFT JOIN activations a ON a.id = h.activation_id
	 WHERE a.id IS NULL
	UNION ALL
	SELECT 'I10 captured has a number', a.id::text, 'LINKED',
	       coalesce(t.state, 'none')
	  FROM activations a LEFT JOIN attempts t ON t.id = a.attempt_id
	 WHERE a.charged > 0 AND t.state IS DISTINCT FROM 'LINKED'
	UNION ALL
	SELECT 'I11 provider accounts equal attempts and orphans',
	       p.provider_id || ' ' || x.side, x.expected::text, x.found::text
	  FROM provider_accounts p
	  LEFT JOIN (SELECT provider_id,
	       coalesce(sum(cost - refunded) FILTER (
	           WHERE cost_state IN ('owed', 'lost')), 0)
	           AS kept,
	       coalesce(sum(cost - refunded) FILTER (
	           WHERE cost_state = 'receivable'), 0)
	           AS receivable
	       FROM attempts GROUP BY provider_id) s USING (provider_id)
	  LEFT JOIN (SELECT provider_id, sum(booked) AS orphaned
	       FROM orphans GROUP BY provider_id) n USING (provider_id)
	  LEFT JOIN (SELECT credit AS cost, sum(amount) AS lost
	       FROM transfers WHERE kind = 'price_loss' GROUP BY credit) l
	    ON l.cost = p.cost
	 CROSS JOIN LATERAL (VALUES
	       ('cost', -coalesce(s.kept, 0) - coalesce(n.orphaned, 0)
	               + coalesce(l.lost, 0),
	           (SELECT balance FROM moved WHERE account = p.cost)),
	       ('receivable', -coalesce(s.receivable, 0),
	           (SELECT balance FROM moved WHERE account = p.receivable)))
	       x (side, expected, found)
	 WHERE x.expected <> coalesce(x.found, 0)
	UNION ALL
	SELECT 'I13 sold under cost is booked as a loss',
	       coalesce(a.id, t.activation_id)::text,
	       coalesce(a.cost - a.charged, 0)::text, coalesce(t.amount, 0)::text
	  FROM (SELECT id, cost, charged FROM activations
	         WHERE charged > 0 AND cost > charged) a
	  FULL JOIN (SELECT activation_id, sum(amount) AS amount FROM transfers
	              WHERE kind = 'price_loss' GROUP BY activation_id) t
	    ON t.activation_id = a.id
	 WHERE a.cost - a.charged IS DISTINCT FROM t.amount
$$;
