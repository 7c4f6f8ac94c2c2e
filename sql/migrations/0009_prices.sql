-- 0009 prices: rules that are only added and ended, and which one a number
-- was sold by; what is sold under its cost is a loss of its own account.
SELECT numlease.act_as_owner();

-- A rule never changes: a new one takes its place, so what an activation says
-- about its price stays true. ending: the price is this much above a multiple
-- of round_to (0.99 of 1.00, 0.49 of 0.50).
ALTER TABLE numlease.price_rules
	ADD COLUMN ending bigint NOT NULL DEFAULT 0,
	ADD COLUMN created_by text NOT NULL DEFAULT 'migration',
	ADD COLUMN reason text NOT NULL DEFAULT '',
	ADD COLUMN ended_at timestamptz,
	ADD COLUMN ended_by text,
	ADD CONSTRAINT price_rule_ending CHECK (ending >= 0 AND ending < round_to),
	ADD CONSTRAINT price_rule_end_has_actor CHECK (
		(ended_at IS NULL) = (ended_by IS NULL)),
	-- A billion: more is a slip of units.
	ADD CONSTRAINT price_rule_amounts CHECK (
		greatest(fixed, minimum, round_to) <= 1000000000000000),
	DROP CONSTRAINT price_rules_service_country_provider_id_priority_key;
UPDATE numlease.price_rules SET ended_at = now(), ended_by = 'migration'
 WHERE NOT enabled;
-- Kept one release for the functions of the one before.
ALTER TABLE numlease.price_rules DROP COLUMN enabled;
ALTER TABLE numlease.price_rules ADD COLUMN enabled boolean
	GENERATED ALWAYS AS (ended_at IS NULL) STORED;
-- One of a kind is in force; and the way from an offer to its rules.
CREATE UNIQUE INDEX price_rule_in_force ON numlease.price_rules (
	coalesce(service, ''), coalesce(country, ''), coalesce(provider_id, 0),
	priority) WHERE ended_at IS NULL;

CREATE FUNCTION numlease.price_rules_stay() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
	may text[] := '{ended_at,ended_by,enabled}';
BEGIN
	IF OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
	    OR to_jsonb(NEW) - may <> to_jsonb(OLD) - may THEN
		RAISE EXCEPTION 'price rule % does not change: it ends, once', OLD.id
		    USING ERRCODE = 'restrict_violation';
	END IF;
	RETURN NEW;
END
$$;
CREATE TRIGGER price_rules_stay BEFORE UPDATE ON numlease.price_rules
	FOR EACH ROW EXECUTE FUNCTION numlease.price_rules_stay();
CREATE TRIGGER price_rules_append_only
	BEFORE DELETE OR TRUNCATE ON numlease.price_rules
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.refuse_change();

-- The rule that made the price of the number that was bought. No foreign key:
-- its check would lock the rule's row in every purchase.
ALTER TABLE numlease.activations ADD COLUMN price_rule_id bigint;

-- The account of what numbers cost above what was charged for them.
DO $$
BEGIN
	EXECUTE (SELECT format('ALTER TABLE numlease.accounts DROP CONSTRAINT %I, '
	        'ADD CONSTRAINT %1$I CHECK (kind = ''price_loss'' OR %s)',
	        conname, pg_get_expr(conbin, conrelid))
	    FROM pg_constraint
	   WHERE conrelid = 'numlease.accounts'::regclass
	     AND conname = 'accounts_kind_check');
END
$$;
INSERT INTO numlease.accounts (id, kind) OVERRIDING SYSTEM VALUE
VALUES (50, 'price_loss');
CREATE FUNCTION numlease.price_loss_account() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT 50::bigint';
INSERT INTO numlease.postings VALUES
('price_loss', 'price_loss', 'provider_cost', 'a number cost more than was charged for it');

-- What is charged is charged at the price; what the number cost above that
-- moves from its provider's cost to the losses in the same statement.
CREATE FUNCTION numlease.price_losses_post() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
	INSERT INTO transfers (kind, debit, credit, amount, activation_id,
	    attempt_id, idem_key, actor, reason)
	SELECT 'price_loss', price_loss_account(), p.cost, a.cost - r.captured,
	       a.id, a.attempt_id, 'price_loss:' || a.id, r.actor,
	       'the number cost more than its price'
	  FROM added r
	  JOIN activations a ON a.id = r.activation_id
	  JOIN provider_accounts p ON p.provider_id = a.provider_id
	 WHERE r.captured > 0 AND a.cost > r.captured;
	RETURN NULL;
END
$$;
CREATE TRIGGER price_losses_post AFTER INSERT ON numlease.hold_resolutions
	REFERENCING NEW TABLE AS added
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.price_losses_post();
