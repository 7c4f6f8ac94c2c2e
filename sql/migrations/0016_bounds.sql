-- 0016 bounds: one amount is at most a billion, so that no sum of a ledger
-- leaves its type, whatever a provider says that it took.
SELECT numlease.act_as_owner();

ALTER TABLE numlease.transfers
	ADD CONSTRAINT transfer_amount_bounded CHECK (amount <= 1000000000000000);
ALTER TABLE numlease.attempts
	ADD CONSTRAINT attempt_cost_bounded CHECK (cost <= 1000000000000000);
ALTER TABLE numlease.orphans
	ADD CONSTRAINT orphan_cost_bounded CHECK (cost <= 1000000000000000);
