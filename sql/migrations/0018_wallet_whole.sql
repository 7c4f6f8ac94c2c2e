-- 0018 wallet: batches of vouchers, which request redeemed one, and the rate
-- by which the cost of an attempt is converted.
SELECT numlease.act_as_owner();

-- Vouchers that were made together; '' when they have no name.
ALTER TABLE numlease.vouchers
	ADD COLUMN batch text NOT NULL DEFAULT ''
	    CHECK (length(batch) <= 64);
CREATE INDEX vouchers_batch ON numlease.vouchers (batch, id);

-- The Idempotency-Key of the request that redeemed it: the same request again
-- gets the same answer.
ALTER TABLE numlease.voucher_redemptions
	ADD COLUMN idem_key text NOT NULL DEFAULT '';
CREATE UNIQUE INDEX voucher_redeemed_by_key
	ON numlease.voucher_redemptions (user_id, idem_key) WHERE idem_key <> '';

-- Took no batch and no key; no program ever called them.
DO $$
DECLARE
	f text;
BEGIN
	FOREACH f IN ARRAY ARRAY['voucher_create(text[], text[], text, bigint, '
	    'timestamptz, text, text)', 'voucher_redeem(bigint, text)',
	    'voucher_cancel(bigint, text)'] LOOP
		IF to_regprocedure('numlease.' || f) IS NOT NULL THEN
			EXECUTE 'DROP FUNCTION numlease.' || f;
		END IF;
	END LOOP;
END
$$;

-- Wallet micros for one whole unit of the provider's currency, as in force
-- when the attempt was written. NULL in attempts that are older.
ALTER TABLE numlease.attempts
	ADD COLUMN fx_rate bigint CHECK (fx_rate > 0);

-- Since when a rate of the provider's currency is known, or when it was last
-- looked at; NULL: none was ever given.
ALTER TABLE numlease.providers
	ADD COLUMN fx_at timestamptz;
UPDATE numlease.providers p
   SET fx_at = (SELECT max(r.valid_from) FROM numlease.fx_rates r
           WHERE r.currency = p.currency);

SELECT numlease.grant_to('SELECT (fx_at) ON numlease.providers', 'numlease_ro');
SELECT numlease.grant_to('SELECT (batch) ON numlease.vouchers', 'numlease_ro');
