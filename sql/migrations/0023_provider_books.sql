-- 0023 provider books: what came of a receivable, by the purchase, and what a
-- provider's account should hold.
SELECT numlease.act_as_owner();

-- A receivable may be paid in many parts, each with a key of its own.
CREATE INDEX transfers_owed_paid ON numlease.transfers (attempt_id)
	WHERE kind = 'owed_paid';

-- When the balance was said. balance_txid: transactions that had not ended
-- then are at or behind it.
ALTER TABLE numlease.providers
	ADD COLUMN balance_at timestamptz,
	ADD COLUMN balance_txid bigint;

-- From where on the balance of a provider's account is compared with our book
-- of it; the newest row counts. balance (in its currency) and paid (what our
-- book says that went to it) are those of the next reading after set_at; NULL
-- until then. left_drift: what the comparison before it came to.
CREATE TABLE numlease.provider_baselines (
	id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	provider_id bigint NOT NULL REFERENCES numlease.providers,
	set_at      timestamptz NOT NULL DEFAULT now(),
	actor       text NOT NULL CHECK (actor <> ''),
	reason      text NOT NULL CHECK (reason <> ''),
	left_drift  bigint,
	taken_at    timestamptz,
	balance     bigint,
	paid        bigint,
	CONSTRAINT baseline_taken_whole CHECK ((taken_at IS NULL) = (balance IS NULL)
	    AND (taken_at IS NULL) = (paid IS NULL))
);
CREATE INDEX provider_baselines_newest
	ON numlease.provider_baselines (provider_id, id);

-- Each time that a drift was told of. Nothing here changes the books.
CREATE TABLE numlease.provider_drifts (
	id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	baseline_id bigint NOT NULL REFERENCES numlease.provider_baselines,
	told_at     timestamptz NOT NULL DEFAULT now(),
	seen_at     timestamptz NOT NULL,
	balance     bigint NOT NULL,
	drift       bigint NOT NULL CHECK (drift <> 0),
	moving      bigint NOT NULL CHECK (moving >= 0)
);
CREATE INDEX provider_drifts_newest
	ON numlease.provider_drifts (baseline_id, id);
CREATE TRIGGER provider_drifts_append_only
	BEFORE UPDATE OR DELETE OR TRUNCATE ON numlease.provider_drifts
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.refuse_change();

SELECT numlease.grant_to('SELECT ON numlease.provider_baselines, '
    'numlease.provider_drifts', 'numlease_api', 'numlease_worker', 'numlease_ro');
SELECT numlease.grant_to('UPDATE (balance_at, balance_txid) ON numlease.providers',
    'numlease_worker');
