-- 0023 refund moves: what came of a receivable, by the purchase.
SELECT numlease.act_as_owner();

-- A receivable may be paid in many parts, each with a key of its own.
CREATE INDEX transfers_owed_paid ON numlease.transfers (attempt_id)
	WHERE kind = 'owed_paid';
