-- 0014 refunds: what came back of a cost, in parts.
SELECT numlease.act_as_owner();

-- refunded: of a receivable, what came of it so far; of one that was written
-- off, what had come before.
ALTER TABLE numlease.attempts
	ADD COLUMN refunded bigint NOT NULL DEFAULT 0,
	ADD CONSTRAINT attempt_refunded_in_cost CHECK (
		refunded = 0 OR (cost_state IN ('receivable', 'lost')
		    AND refunded > 0 AND refunded < cost));
