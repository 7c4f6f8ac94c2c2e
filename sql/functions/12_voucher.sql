-- Vouchers: money that is given as a code.
SELECT numlease.act_as_owner();

-- Make one voucher for each hash. kind: deposit or bonus. expires: NULL never.
CREATE OR REPLACE FUNCTION numlease.voucher_create(hashes text[],
    hints text[], how text, sum_micros bigint, expires timestamptz,
    by_actor text, why text)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
BEGIN
	PERFORM durable();
	IF how NOT IN ('deposit', 'bonus') OR sum_micros <= 0 OR by_actor = ''
	    OR why = '' OR expires <= now() THEN
		RETURN 'bad_input';
	END IF;
	INSERT INTO vouchers (hash, hint, kind, amount, expires_at, created_by, reason)
	SELECT decode(u.hash, 'hex'), u.hint, how, sum_micros, expires, by_actor, why
	  FROM unnest(hashes, hints) u (hash, hint);
	RETURN 'ok';
END
$$;

-- Put the worth of a voucher into a wallet, once: whoever locks it first.
-- 'ok', 'unknown_voucher', 'voucher_void', 'voucher_expired', 'voucher_used'.
CREATE OR REPLACE FUNCTION numlease.voucher_redeem(who bigint, with_hash text)
RETURNS TABLE (status text, kind text, amount bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v vouchers;
	credited record;
BEGIN
	PERFORM durable();
	SELECT * INTO v FROM vouchers x WHERE x.hash = decode(with_hash, 'hex')
	   FOR UPDATE;
	status := (CASE
	    WHEN v.id IS NULL THEN 'unknown_voucher'
	    WHEN EXISTS (SELECT FROM voucher_redemptions r WHERE r.voucher_id = v.id)
	        THEN 'voucher_used'
	    WHEN v.voided_at IS NOT NULL THEN 'voucher_void'
	    WHEN v.expires_at <= now() THEN 'voucher_expired'
	    ELSE 'ok' END);
	IF status = 'ok' THEN
		SELECT * INTO credited FROM wallet_credit(who, v.kind, v.amount,
		    'voucher', 'voucher ' || v.id, 'voucher:' || v.id);
		status := credited.status;
		IF status = 'ok' THEN
			INSERT INTO voucher_redemptions (voucher_id, user_id, transfer_id)
			VALUES (v.id, who, credited.transfer_id);
		END IF;
	END IF;
	RETURN QUERY SELECT status, v.kind, v.amount;
END
$$;

-- Make a voucher worthless. 'ok' (also when it was), 'not_found',
-- 'voucher_used'.
CREATE OR REPLACE FUNCTION numlease.voucher_cancel(which bigint, by_actor text)
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
