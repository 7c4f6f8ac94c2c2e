-- Vouchers: money that is given as a code.
SELECT numlease.act_as_owner();

-- Make one voucher for each hash. kind: deposit or bonus. expires: NULL
-- never. 'ok', 'bad_input'.
CREATE OR REPLACE FUNCTION numlease.voucher_make(hashes text[],
    hints text[], how text, sum_micros bigint, expires timestamptz,
    in_batch text, by_actor text, why text)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
BEGIN
	PERFORM durable();
	IF how NOT IN ('deposit', 'bonus') OR sum_micros <= 0 OR by_actor = ''
	    OR expires <= now() OR cardinality(hashes) = 0 THEN
		RETURN 'bad_input';
	END IF;
	INSERT INTO vouchers (hash, hint, kind, amount, expires_at, batch,
	    created_by, reason)
	SELECT decode(u.hash, 'hex'), u.hint, how, sum_micros, expires, in_batch,
	       by_actor, why
	  FROM unnest(hashes, hints) u (hash, hint);
	RETURN 'ok';
END
$$;

-- Put the worth of a voucher into a wallet, once: whoever locks it first.
-- The same user with the same key (not '') gets the first outcome again:
-- 'replay'. Else 'ok', 'unknown_voucher', 'voucher_revoked',
-- 'voucher_expired', 'voucher_used', 'idempotency_key_reused' (the key
-- redeemed another one), 'maintenance' (money is stopped).
CREATE OR REPLACE FUNCTION numlease.voucher_redeem(who bigint, with_hash text,
    once_key text)
RETURNS TABLE (status text, voucher_id bigint, kind text, amount bigint,
    transfer_id bigint, redeemed_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v vouchers;
	r voucher_redemptions;
	credited record;
BEGIN
	PERFORM durable();
	SELECT * INTO v FROM vouchers x WHERE x.hash = decode(with_hash, 'hex')
	   FOR UPDATE;
	SELECT * INTO r FROM voucher_redemptions x WHERE x.voucher_id = v.id;
	status := (CASE
	    WHEN v.id IS NULL THEN 'unknown_voucher'
	    WHEN r.user_id = who AND r.idem_key = once_key AND once_key <> ''
	        THEN 'replay'
	    WHEN r.voucher_id IS NOT NULL THEN 'voucher_used'
	    WHEN v.voided_at IS NOT NULL THEN 'voucher_revoked'
	    WHEN v.expires_at <= now() THEN 'voucher_expired'
	    WHEN once_key <> '' AND EXISTS (SELECT FROM voucher_redemptions x
	        WHERE x.user_id = who AND x.idem_key = once_key)
	        THEN 'idempotency_key_reused'
	    ELSE 'ok' END);
	IF status = 'ok' THEN
		SELECT * INTO credited FROM wallet_credit(who, v.kind, v.amount,
		    'voucher', 'voucher ' || v.id, 'voucher:' || v.id);
		status := credited.status;
		IF status = 'ok' THEN
			INSERT INTO voucher_redemptions (voucher_id, user_id,
			    transfer_id, idem_key)
			VALUES (v.id, who, credited.transfer_id, once_key)
			RETURNING * INTO r;
		END IF;
	END IF;
	RETURN QUERY SELECT status, v.id, v.kind, v.amount, r.transfer_id,
	    r.redeemed_at;
END
$$;

-- Make a voucher worthless. 'ok' (also when it was), 'not_found',
-- 'voucher_used'.
CREATE OR REPLACE FUNCTION numlease.voucher_revoke(which bigint,
    by_actor text)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
BEGIN
	PERFORM durable();
	PERFORM FROM vouchers WHERE id = which FOR UPDATE;
	IF NOT FOUND THEN
		RETURN 'not_found';
	END IF;
	IF EXISTS (SELECT FROM voucher_redemptions WHERE voucher_id = which) THEN
		RETURN 'voucher_used';
	END IF;
	UPDATE vouchers SET voided_at = now(), voided_by = by_actor
	 WHERE id = which AND voided_at IS NULL;
	RETURN 'ok';
END
$$;
