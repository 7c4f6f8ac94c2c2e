-- What a provider's account holds, beside what our book of it says.
SELECT numlease.act_as_owner();

-- Of every provider that ever said its balance. paid: what our book says that
-- went to it by then, refunds that came taken off. drift, in the wallets'
-- currency: what it has more than it should, less than nothing when it has
-- too little; NULL before the baseline is taken. moving: what may be seen on
-- one side only yet, since it moved as the balance was read, is not decided,
-- or comes back. A refund that is owed is expected on neither side.
CREATE OR REPLACE FUNCTION numlease.provider_drift()
RETURNS TABLE (provider_id bigint, baseline_id bigint, since timestamptz,
    seen_at timestamptz, balance bigint, paid bigint, drift bigint,
    moving bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
	SELECT p.id, b.id, b.taken_at, p.balance_at, p.balance, m.paid::bigint,
	       CASE WHEN b.taken_at IS NOT NULL THEN (round((p.balance - b.balance)::numeric
	           * p.fx_rate / 1000000) + m.paid - b.paid)::bigint END,
	       (m.moving + u.undecided + r.returning_)::bigint
	  FROM providers p
	  JOIN provider_accounts a ON a.provider_id = p.id
	 CROSS JOIN rollup_cursor c
	  LEFT JOIN account_totals t ON t.account_id = a.payable
	  LEFT JOIN LATERAL (SELECT * FROM provider_baselines x
	       WHERE x.provider_id = p.id ORDER BY x.id DESC LIMIT 1) b ON true
	 CROSS JOIN LATERAL (
	       SELECT coalesce(t.credits - t.debits, 0)
	            + coalesce(sum(s.amount) FILTER (
	                  WHERE x.id > c.base_id AND x.txid >= c.txid), 0)
	            - coalesce(sum(s.amount) FILTER (
	                  WHERE x.created_at > p.balance_at), 0) AS paid,
	              coalesce(sum(x.amount) FILTER (WHERE x.created_at
	                  BETWEEN p.balance_at - interval '10 seconds'
	                  AND p.balance_at + interval '10 seconds'), 0) AS moving
	         FROM transfers x
	        CROSS JOIN LATERAL (SELECT CASE x.credit WHEN a.payable
	                  THEN x.amount ELSE -x.amount END AS amount) s
	        WHERE x.txid >= least(c.txid, p.balance_txid)
	          AND a.payable IN (x.debit, x.credit)) m
	 CROSS JOIN LATERAL (
	       SELECT coalesce(sum(t.max_cost), 0) AS undecided FROM attempts t
	        WHERE t.unsettled_at IS NOT NULL AND t.provider_id = p.id) u
	 CROSS JOIN LATERAL (
	       SELECT coalesce(sum(v.cost), 0) AS returning_ FROM activations v
	        WHERE v.due_at IS NOT NULL AND v.provider_id = p.id
	          AND v.first_sms_at IS NULL AND (v.state = 'CANCELLING'
	              OR v.expires_at < now() + interval '5 seconds')) r
	 WHERE p.balance_at IS NOT NULL
$$;

-- Take the baselines that wait for a reading (a quiet one for an hour, then
-- any), and write down each drift beyond
-- the tolerance that was not told of: a new one, or one that has grown or
-- shrunk by more than that since. Gives those rows. Heals nothing.
CREATE OR REPLACE FUNCTION numlease.provider_drift_tell(tolerance bigint)
RETURNS TABLE (provider text, drift bigint, moving bigint, balance bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
#variable_conflict use_column
BEGIN
	PERFORM durable();
	PERFORM pg_advisory_xact_lock(hashtext('numlease.drift'));
	INSERT INTO provider_baselines (provider_id, set_at, actor, reason)
	SELECT p.id, p.balance_at - interval '1 microsecond', 'worker', 'the first balance'
	  FROM providers p
	 WHERE p.balance_at IS NOT NULL AND NOT EXISTS (
	       SELECT FROM provider_baselines b WHERE b.provider_id = p.id);
	UPDATE provider_baselines b
	   SET taken_at = d.seen_at, balance = d.balance, paid = d.paid
	  FROM provider_drift() d
	 WHERE b.id = d.baseline_id AND b.taken_at IS NULL
	   AND d.seen_at > b.set_at AND d.seen_at <= now() - interval '10 seconds'
	   AND (d.moving <= tolerance OR b.set_at < now() - interval '1 hour');
	RETURN QUERY
	WITH told AS (
		INSERT INTO provider_drifts (baseline_id, seen_at, balance, drift, moving)
		SELECT d.baseline_id, d.seen_at, d.balance, d.drift, d.moving
		  FROM provider_drift() d
		  LEFT JOIN LATERAL (SELECT x.drift FROM provider_drifts x
		       WHERE x.baseline_id = d.baseline_id
		       ORDER BY x.id DESC LIMIT 1) l ON true
		 WHERE d.seen_at <= now() - interval '10 seconds'
		   AND abs(d.drift) > tolerance + d.moving
		   AND (l.drift IS NULL OR abs(d.drift - l.drift) > tolerance)
		RETURNING baseline_id, drift, moving, balance
	)
	SELECT p.name, t.drift, t.moving, t.balance
	  FROM told t JOIN provider_baselines b ON b.id = t.baseline_id
	  JOIN providers p ON p.id = b.provider_id
	 ORDER BY p.name;
END
$$;

-- From the next balance on: money was paid in, or a drift is explained. status
-- 'ok', 'not_found', 'bad_input'; left_drift: what it came to until now.
CREATE OR REPLACE FUNCTION numlease.provider_baseline_set(of_provider text,
    by_actor text, why text)
RETURNS TABLE (status text, left_drift bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
#variable_conflict use_column
DECLARE
	p bigint;
	was bigint;
BEGIN
	SELECT id INTO p FROM providers WHERE name = of_provider;
	IF p IS NULL THEN
		RETURN QUERY SELECT 'not_found', 0::bigint;
	ELSIF by_actor = '' OR why = '' THEN
		RETURN QUERY SELECT 'bad_input', 0::bigint;
	ELSE
		PERFORM pg_advisory_xact_lock(hashtext('numlease.drift'));
		SELECT d.drift INTO was FROM provider_drift() d WHERE d.provider_id = p;
		INSERT INTO provider_baselines (provider_id, set_at, actor, reason, left_drift)
		VALUES (p, clock_timestamp(), by_actor, why, was);
		RETURN QUERY SELECT 'ok', coalesce(was, 0);
	END IF;
END
$$;
