-- 0022 doubts: purchases of which nobody will ever say whether they were sold,
-- what is known of the account while one is open, and orphans that end.
SELECT numlease.act_as_owner();

-- serial: no other one at this provider before it is decided. balance_before:
-- what the account had before the call, in its currency; NULL with serial of
-- an account that can only be told by its balance: the call was never made.
-- balance_txid: transactions that had not ended then are at or behind it.
ALTER TABLE numlease.attempts
	ADD COLUMN serial boolean NOT NULL DEFAULT false,
	ADD COLUMN balance_before bigint,
	ADD COLUMN balance_at timestamptz,
	ADD COLUMN balance_txid bigint,
	ADD CONSTRAINT attempt_balance_has_time CHECK (
		(balance_before IS NULL) = (balance_at IS NULL));
CREATE UNIQUE INDEX attempt_one_serial ON numlease.attempts (provider_id)
	WHERE serial AND state IN ('STARTED', 'UNKNOWN');

-- What a provider may have taken for such a purchase. It is booked as a loss
-- at once; an operator closes the doubt when the provider has answered, and
-- returned is what came back, or was never taken.
CREATE TABLE numlease.doubts (
	attempt_id    uuid PRIMARY KEY REFERENCES numlease.attempts,
	activation_id uuid NOT NULL,
	provider_id   bigint NOT NULL,
	amount        bigint NOT NULL CHECK (amount > 0),
	cause         text NOT NULL,
	opened_at     timestamptz NOT NULL DEFAULT now(),
	closed_at     timestamptz,
	returned      bigint NOT NULL DEFAULT 0,
	actor         text,
	reason        text,
	CONSTRAINT doubt_returned_in_amount CHECK (returned BETWEEN 0 AND amount),
	CONSTRAINT doubt_closed_by_somebody CHECK (
		(closed_at IS NOT NULL) = (actor IS NOT NULL AND reason IS NOT NULL))
);
CREATE INDEX doubts_open ON numlease.doubts (provider_id)
	WHERE closed_at IS NULL;

-- The bucket of a listed number, when it was listed last, and when an
-- operator was told that it does not end.
ALTER TABLE numlease.orphans
	ADD COLUMN native_service text NOT NULL DEFAULT '',
	ADD COLUMN native_country text NOT NULL DEFAULT '',
	ADD COLUMN last_at timestamptz NOT NULL DEFAULT now(),
	ADD COLUMN told_at timestamptz;

SELECT numlease.grant_to('SELECT ON numlease.doubts',
    'numlease_api', 'numlease_worker', 'numlease_ro');
