-- 0011 proof: when the ledger was proved, and whether money moves.
SELECT numlease.act_as_owner();

-- One row per proof of the whole ledger; rows are its first differences.
CREATE TABLE numlease.proofs (
	id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	proved_at   timestamptz NOT NULL DEFAULT now(),
	took_ms     bigint NOT NULL,
	differences bigint NOT NULL CHECK (differences >= 0),
	rows        jsonb NOT NULL,
	CHECK (jsonb_array_length(rows) <= least(differences, 100))
);

-- The newest row says whether money is stopped: nothing new is held and
-- nothing comes in. What is held still ends by its number's fate.
CREATE TABLE numlease.money_switches (
	id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	set_at  timestamptz NOT NULL DEFAULT now(),
	stopped boolean NOT NULL,
	actor   text NOT NULL CHECK (actor <> ''),
	reason  text NOT NULL CHECK (reason <> '')
);

CREATE TRIGGER proofs_append_only
	BEFORE UPDATE OR DELETE OR TRUNCATE ON numlease.proofs
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.refuse_change();
CREATE TRIGGER money_switches_append_only
	BEFORE UPDATE OR DELETE OR TRUNCATE ON numlease.money_switches
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.refuse_change();

SELECT numlease.grant_to('SELECT ON numlease.proofs, numlease.money_switches',
    'numlease_api', 'numlease_worker', 'numlease_ro');
