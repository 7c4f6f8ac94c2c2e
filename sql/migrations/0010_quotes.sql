-- 0010 quotes: which of the prices that were promised were taken up.
SELECT numlease.act_as_owner();

-- A quote is a signed text and stands nowhere until it is used. Used it
-- belongs to one Idempotency-Key of its user for good, and with it to the one
-- number that this key can make. price is what is held and the most that is
-- charged; max_cost the most that such a number may cost us.
CREATE TABLE numlease.quote_uses (
	quote_id      uuid PRIMARY KEY,
	user_id       bigint NOT NULL,
	key           text NOT NULL CHECK (key <> ''),
	activation_id uuid NOT NULL UNIQUE, -- that it makes, or would have made
	price         bigint NOT NULL CHECK (price > 0),
	max_cost      bigint NOT NULL CHECK (max_cost >= price),
	expires_at    timestamptz NOT NULL,
	used_at       timestamptz NOT NULL DEFAULT now(),
	CHECK (used_at < expires_at)
);
CREATE TRIGGER quote_uses_append_only
	BEFORE UPDATE OR DELETE OR TRUNCATE ON numlease.quote_uses
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.refuse_change();
SELECT numlease.grant_to('SELECT ON numlease.quote_uses',
    'numlease_api', 'numlease_worker', 'numlease_ro');
