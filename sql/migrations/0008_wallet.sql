-- 0008 wallet: bonus money, vouchers, history of exchange rates, and two
-- checks at commit.
SELECT numlease.act_as_owner();

-- Bonus money is spent like other money and is never paid out. It has an
-- account of its own; a hold remembers which part of it was bonus, and that
-- part goes back as bonus. What of a price is bonus is decided by the
-- setting bonus.spend: 'first' (the default) or 'last'.
ALTER TABLE numlease.accounts
	DROP CONSTRAINT accounts_kind_check,
	DROP CONSTRAINT accounts_check,
	ADD CONSTRAINT accounts_kind_check CHECK (kind IN ('user_available',
	    'user_bonus', 'user_held', 'revenue', 'deposits', 'adjustments',
	    'bonus', 'provider_cost', 'provider_payable', 'provider_receivable')),
	ADD CONSTRAINT accounts_check CHECK (
	    (kind IN ('user_available', 'user_bonus', 'user_held'))
	    = (user_id IS NOT NULL));
DELETE FROM numlease.postings WHERE kind = 'bonus';
INSERT INTO numlease.postings VALUES
('bonus',   'bonus',      'user_bonus', 'money given, to be spent only'),
('bonus',   'user_bonus', 'bonus',      'money given, taken back'),
('hold',    'user_bonus', 'user_held',  'the part of a price that is bonus'),
('rest',    'user_held',  'user_bonus', 'the same, held more than captured'),
('release', 'user_held',  'user_bonus', 'the same, no SMS, nothing charged');

ALTER TABLE numlease.wallets
	ADD COLUMN bonus bigint NOT NULL DEFAULT 0,
	ADD COLUMN bonus_account bigint UNIQUE REFERENCES numlease.accounts,
	ADD CONSTRAINT wallet_bonus_not_negative CHECK (bonus >= 0);
INSERT INTO numlease.accounts (kind, user_id)
SELECT 'user_bonus', user_id FROM numlease.wallets ORDER BY user_id;
ALTER TABLE numlease.wallets DISABLE TRIGGER wallets_guard;
UPDATE numlease.wallets w SET bonus_account = a.id
  FROM numlease.accounts a
 WHERE a.kind = 'user_bonus' AND a.user_id = w.user_id;
ALTER TABLE numlease.wallets ENABLE TRIGGER wallets_guard;
ALTER TABLE numlease.wallets ALTER COLUMN bonus_account SET NOT NULL;
ALTER TABLE numlease.holds
	ADD COLUMN bonus bigint NOT NULL DEFAULT 0,
	ADD CONSTRAINT hold_bonus_is_part CHECK (bonus BETWEEN 0 AND amount);

CREATE OR REPLACE FUNCTION numlease.wallets_empty() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	IF (NEW.available, NEW.bonus, NEW.held, NEW.open_holds) <> (0, 0, 0, 0) THEN
		RAISE EXCEPTION 'a wallet begins empty'
		    USING ERRCODE = 'restrict_violation';
	END IF;
	RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION numlease.users_wallet() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
DECLARE
	a bigint;
	b bigint;
	h bigint;
BEGIN
	INSERT INTO accounts (kind, user_id) VALUES ('user_available', NEW.id)
	RETURNING id INTO a;
	INSERT INTO accounts (kind, user_id) VALUES ('user_bonus', NEW.id)
	RETURNING id INTO b;
	INSERT INTO accounts (kind, user_id) VALUES ('user_held', NEW.id)
	RETURNING id INTO h;
	INSERT INTO wallets (user_id, available_account, bonus_account, held_account)
	VALUES (NEW.id, a, b, h);
	RETURN NULL;
END
$$;

-- As in 0003, with the bonus beside what is available. A hold may have two
-- transfers (money and bonus) and so may its end: holds are counted by
-- their activation.
CREATE OR REPLACE FUNCTION numlease.transfers_post() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
DECLARE
	bad record;
BEGIN
	WITH t AS MATERIALIZED (
		SELECT n.id, n.kind, n.amount, n.user_id, n.activation_id,
		       d.kind AS debit_kind, d.user_id AS debit_user,
		       c.kind AS credit_kind, c.user_id AS credit_user
		  FROM added n
		  LEFT JOIN accounts d ON d.id = n.debit
		  LEFT JOIN accounts c ON c.id = n.credit
	), side AS (
		SELECT debit_user AS user_id, debit_kind AS side, -amount AS delta,
		       NULL::uuid AS begun,
		       CASE kind WHEN 'capture' THEN activation_id END AS ended
		  FROM t WHERE debit_user IS NOT NULL
		UNION ALL
		SELECT credit_user, credit_kind, amount,
		       CASE kind WHEN 'hold' THEN activation_id END,
		       CASE kind WHEN 'release' THEN activation_id END
		  FROM t WHERE credit_user IS NOT NULL
	), moved AS (
		UPDATE wallets w
		   SET available = w.available + s.available,
		       bonus = w.bonus + s.bonus,
		       held = w.held + s.held,
		       open_holds = w.open_holds + s.holds
		  FROM (SELECT user_id,
		               coalesce(sum(delta) FILTER (
		                   WHERE side = 'user_available'), 0)::bigint AS available,
		               coalesce(sum(delta) FILTER (
		                   WHERE side = 'user_bonus'), 0)::bigint AS bonus,
		               coalesce(sum(delta) FILTER (
		                   WHERE side = 'user_held'), 0)::bigint AS held,
		               (count(DISTINCT begun) - count(DISTINCT ended))::integer
		                   AS holds
		          FROM side GROUP BY user_id) s
		 WHERE w.user_id = s.user_id
	)
	SELECT t.* INTO bad
	  FROM t
	 WHERE NOT EXISTS (
	           SELECT FROM postings p
	            WHERE p.kind = t.kind AND p.debit_kind = t.debit_kind
	              AND p.credit_kind = t.credit_kind)
	    OR t.debit_user <> t.credit_user
	    OR t.user_id IS DISTINCT FROM coalesce(t.debit_user, t.credit_user)
	    OR (t.kind IN ('hold', 'capture', 'rest', 'release')
	           AND pg_trigger_depth() < 2)
	 LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'transfer % of kind % from % to % is not a posting',
		    bad.id, bad.kind, bad.debit_kind, bad.credit_kind
		    USING ERRCODE = 'restrict_violation';
	END IF;
	RETURN NULL;
END
$$;

CREATE FUNCTION numlease.bonus_is_last() RETURNS boolean
LANGUAGE sql STABLE SET search_path = numlease, pg_temp AS $$
	SELECT coalesce((SELECT value = 'last' FROM settings
	    WHERE key = 'bonus.spend'), false)
$$;

CREATE OR REPLACE FUNCTION numlease.holds_post() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
BEGIN
	IF pg_trigger_depth() < 2 THEN
		RAISE EXCEPTION 'holds are made by reserving an activation'
		    USING ERRCODE = 'restrict_violation';
	END IF;
	INSERT INTO transfers (kind, debit, credit, amount, user_id,
	    activation_id, idem_key, actor)
	SELECT 'hold', x.debit, w.held_account, x.amount, h.user_id,
	       h.activation_id, x.key || h.activation_id, 'user'
	  FROM added h
	  JOIN wallets w ON w.user_id = h.user_id
	 CROSS JOIN LATERAL (VALUES
	       (w.available_account, h.amount - h.bonus, 'hold:'),
	       (w.bonus_account, h.bonus, 'hold_bonus:')) x (debit, amount, key)
	 WHERE x.amount > 0;
	IF EXISTS (SELECT FROM added h WHERE NOT EXISTS (
	    SELECT FROM wallets w WHERE w.user_id = h.user_id)) THEN
		RAISE EXCEPTION 'a hold needs a wallet'
		    USING ERRCODE = 'foreign_key_violation';
	END IF;
	RETURN NULL;
END
$$;

-- Which part of what was charged is bonus follows the same rule; so the rest
-- goes back as what it was, and never is more bonus, or more money, than
-- was held.
CREATE OR REPLACE FUNCTION numlease.hold_resolutions_post() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
DECLARE
	last boolean := bonus_is_last();
BEGIN
	IF pg_trigger_depth() < 2 THEN
		RAISE EXCEPTION 'holds end by a change of the activation''s state'
		    USING ERRCODE = 'restrict_violation';
	END IF;
	INSERT INTO transfers (kind, debit, credit, amount, user_id,
	    activation_id, idem_key, actor, reason)
	SELECT x.kind, w.held_account, x.credit, x.amount, r.user_id,
	       r.activation_id, x.key || r.activation_id, r.actor, r.reason
	  FROM added r
	  JOIN wallets w ON w.user_id = r.user_id
	  JOIN holds h ON h.activation_id = r.activation_id
	 CROSS JOIN LATERAL (SELECT
	       CASE WHEN r.captured > 0 THEN 'rest' ELSE 'release' END AS word,
	       h.bonus - CASE WHEN last
	           THEN greatest(0, r.captured - (h.amount - h.bonus))
	           ELSE least(r.captured, h.bonus) END AS bonus) b
	 CROSS JOIN LATERAL (VALUES
	       ('capture', system_account('revenue'), r.captured, 'capture:'),
	       (b.word, w.available_account, r.released - b.bonus, b.word || ':'),
	       (b.word, w.bonus_account, b.bonus, b.word || '_bonus:'))
	       x (kind, credit, amount, key)
	 WHERE x.amount > 0;
	RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION numlease.activations_added() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
DECLARE
	last boolean := bonus_is_last();
BEGIN
	IF EXISTS (
	    SELECT FROM added a
	     WHERE a.seq <> 1 OR a.charged <> 0 OR NOT EXISTS (
	         SELECT FROM states s
	          WHERE s.from_state = '' AND s.event = a.event
	            AND s.to_state = a.state)) THEN
		RAISE EXCEPTION 'an activation begins RESERVED by the event reserve'
		    USING ERRCODE = 'restrict_violation',
		    CONSTRAINT = 'activation_state_table';
	END IF;
	-- Several of one user share what he has: each takes after the ones before.
	INSERT INTO holds (activation_id, user_id, amount, bonus)
	SELECT a.id, a.user_id, a.price,
	       CASE WHEN last THEN a.price - least(a.price,
	               greatest(0, coalesce(w.available, 0) - a.before))
	           ELSE least(a.price, greatest(0, coalesce(w.bonus, 0) - a.before))
	       END
	  FROM (SELECT n.id, n.user_id, n.price, sum(n.price) OVER (
	            PARTITION BY n.user_id ORDER BY n.id
	            ROWS UNBOUNDED PRECEDING)::bigint - n.price AS before
	          FROM added n) a
	  LEFT JOIN wallets w ON w.user_id = a.user_id;
	INSERT INTO activation_events
	SELECT id, seq, event, '', state, actor, cause, clock_timestamp() FROM added;
	RETURN NULL;
END
$$;

-- At commit: what is charged has its SMS, and what was bought is in the books.
CREATE FUNCTION numlease.charge_has_sms() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM messages m
	    WHERE m.activation_id = NEW.id AND NOT m.is_free) THEN
		RAISE EXCEPTION 'activation % was charged without an SMS', NEW.id
		    USING ERRCODE = 'restrict_violation',
		    CONSTRAINT = 'charge_has_sms';
	END IF;
	RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER charge_has_sms
	AFTER UPDATE OF charged ON numlease.activations
	DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW WHEN (NEW.charged > 0 AND OLD.charged = 0)
	EXECUTE FUNCTION numlease.charge_has_sms();

CREATE FUNCTION numlease.cost_is_booked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp
SET enable_seqscan = off SET jit = off AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM transfers t
	    WHERE t.idem_key = 'cost:' || NEW.id AND t.amount = NEW.cost) THEN
		RAISE EXCEPTION 'attempt % bought for % and did not book it',
		    NEW.id, NEW.cost
		    USING ERRCODE = 'restrict_violation',
		    CONSTRAINT = 'cost_is_booked';
	END IF;
	RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER cost_is_booked
	AFTER INSERT OR UPDATE OF cost, cost_state ON numlease.attempts
	DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW WHEN (NEW.cost_state = 'owed' AND NEW.cost > 0)
	EXECUTE FUNCTION numlease.cost_is_booked();

-- A voucher is worth its amount once. The code is 128 random bits and stands
-- nowhere; hint is its last group, by which people name it.
CREATE TABLE numlease.vouchers (
	id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	hash       bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
	hint       text NOT NULL,
	kind       text NOT NULL CHECK (kind IN ('deposit', 'bonus')),
	amount     bigint NOT NULL CHECK (amount > 0),
	expires_at timestamptz,
	created_at timestamptz NOT NULL DEFAULT now(),
	created_by text NOT NULL CHECK (created_by <> ''),
	reason     text NOT NULL,
	voided_at  timestamptz,
	voided_by  text,
	CHECK ((voided_at IS NULL) = (voided_by IS NULL))
);
CREATE TABLE numlease.voucher_redemptions (
	voucher_id  bigint CONSTRAINT voucher_redeemed_once PRIMARY KEY
	            REFERENCES numlease.vouchers,
	user_id     bigint NOT NULL REFERENCES numlease.users,
	transfer_id bigint NOT NULL UNIQUE REFERENCES numlease.transfers,
	redeemed_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER vouchers_stay
	BEFORE DELETE OR TRUNCATE ON numlease.vouchers
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.refuse_change();
CREATE TRIGGER voucher_redemptions_append_only
	BEFORE UPDATE OR DELETE OR TRUNCATE ON numlease.voucher_redemptions
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.refuse_change();

-- rate: wallet micros for one whole unit of the currency. The newest row of
-- a currency is in force; providers.fx_rate repeats it.
CREATE TABLE numlease.fx_rates (
	id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	currency   text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
	rate       bigint NOT NULL CHECK (rate > 0),
	valid_from timestamptz NOT NULL DEFAULT clock_timestamp(),
	actor      text NOT NULL CHECK (actor <> ''),
	reason     text NOT NULL
);
CREATE INDEX fx_rates_currency ON numlease.fx_rates (currency, id);
CREATE TRIGGER fx_rates_append_only
	BEFORE UPDATE OR DELETE OR TRUNCATE ON numlease.fx_rates
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.refuse_change();
INSERT INTO numlease.fx_rates (currency, rate, actor, reason)
SELECT DISTINCT ON (currency) currency, fx_rate, 'migration', 'in force before'
  FROM numlease.providers ORDER BY currency, id;

SELECT numlease.grant_to('SELECT ON numlease.voucher_redemptions, '
    'numlease.fx_rates', 'numlease_api', 'numlease_worker', 'numlease_ro');
SELECT numlease.grant_to('SELECT ON numlease.vouchers', 'numlease_admin');
SELECT numlease.grant_to('SELECT (id, hint, kind, amount, expires_at, '
    'created_at, created_by, reason, voided_at, voided_by) '
    'ON numlease.vouchers', 'numlease_ro');
