-- 0003 ledger: accounts, transfers, wallets.
--
-- A transfer moves one amount from its debit account to its credit account,
-- so the whole always sums to zero. The balance of an account is its credits
-- less its debits. A user's two totals stand on the wallet row, which only
-- the trigger below moves; accounts of the system have no such row, because
-- every purchase would queue for it (ledger_rollup() sums them in batches).
SELECT numlease.act_as_owner();

CREATE TABLE numlease.accounts (
	id          bigint GENERATED ALWAYS AS IDENTITY (START WITH 101)
	            PRIMARY KEY,
	kind        text NOT NULL CHECK (kind IN ('user_available', 'user_held',
	            'revenue', 'deposits', 'adjustments', 'bonus',
	            'provider_cost', 'provider_payable', 'provider_receivable')),
	user_id     bigint REFERENCES numlease.users,
	provider_id bigint,
	CHECK ((kind IN ('user_available', 'user_held')) = (user_id IS NOT NULL)),
	CHECK ((kind LIKE 'provider\_%') = (provider_id IS NOT NULL)),
	UNIQUE NULLS NOT DISTINCT (kind, user_id, provider_id)
);
INSERT INTO numlease.accounts (id, kind) OVERRIDING SYSTEM VALUE VALUES
	(1, 'revenue'), (2, 'deposits'), (3, 'adjustments'), (4, 'bonus');

CREATE FUNCTION numlease.system_account(kind text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE kind WHEN 'revenue' THEN 1 WHEN 'deposits' THEN 2
	    WHEN 'adjustments' THEN 3 WHEN 'bonus' THEN 4 END::bigint
$$;

-- Which kind of transfer may go between which kinds of account.
CREATE TABLE numlease.postings (
	kind        text NOT NULL,
	debit_kind  text NOT NULL,
	credit_kind text NOT NULL,
	meaning     text NOT NULL,
	PRIMARY KEY (kind, debit_kind, credit_kind)
);
INSERT INTO numlease.postings VALUES
('deposit',    'deposits',       'user_available', 'money came in'),
('bonus',      'bonus',          'user_available', 'money given'),
('adjust',     'adjustments',    'user_available', 'correction for the user'),
('adjust',     'user_available', 'adjustments',    'correction against the user'),
('hold',       'user_available', 'user_held',      'price set aside for a number'),
('capture',    'user_held',      'revenue',        'the number brought an SMS'),
('rest',       'user_held',      'user_available', 'held more than captured'),
('release',    'user_held',      'user_available', 'no SMS, nothing charged'),
('cost',       'provider_cost',  'provider_payable', 'a number was bought'),
('cost_back',  'provider_payable', 'provider_cost', 'the provider gave it back'),
('owed',       'provider_receivable', 'provider_cost', 'it should, and has not yet'),
('owed_paid',  'provider_payable', 'provider_receivable', 'what it owed came'),
('loss',       'provider_cost',  'provider_payable', 'paid for, not charged to anybody'),
('loss',       'provider_cost',  'provider_receivable', 'owed, and will not come');

CREATE TABLE numlease.wallets (
	user_id           bigint PRIMARY KEY REFERENCES numlease.users,
	available         bigint NOT NULL DEFAULT 0,
	held              bigint NOT NULL DEFAULT 0,
	open_holds        integer NOT NULL DEFAULT 0,
	available_account bigint NOT NULL UNIQUE REFERENCES numlease.accounts,
	held_account      bigint NOT NULL UNIQUE REFERENCES numlease.accounts,
	CONSTRAINT wallet_available_not_negative CHECK (available >= 0),
	CONSTRAINT wallet_held_not_negative CHECK (held >= 0),
	CONSTRAINT wallet_open_holds_not_negative CHECK (open_holds >= 0)
) WITH (fillfactor = 50); -- updated in place all day (HOT)

-- debit and credit have no foreign key on purpose: its check would lock the
-- row of the revenue account in every purchase. The trigger proves that both
-- accounts exist, and accounts are never deleted.
CREATE TABLE numlease.transfers (
	id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	kind          text NOT NULL,
	debit         bigint NOT NULL,
	credit        bigint NOT NULL,
	amount        bigint NOT NULL,
	user_id       bigint,
	activation_id uuid,
	attempt_id    uuid,
	idem_key      text NOT NULL,
	actor         text NOT NULL,
	reason        text NOT NULL DEFAULT '',
	created_at    timestamptz NOT NULL DEFAULT now(),
	txid          bigint NOT NULL
	              DEFAULT (pg_current_xact_id()::text::bigint),
	CONSTRAINT transfer_amount_positive CHECK (amount > 0),
	CONSTRAINT transfer_between_two CHECK (debit <> credit),
	CONSTRAINT transfer_key_length CHECK (length(idem_key) BETWEEN 3 AND 200),
	CONSTRAINT transfer_once UNIQUE (idem_key)
);
-- A user's statement, newest first.
CREATE INDEX transfers_user ON numlease.transfers (user_id, id)
	WHERE user_id IS NOT NULL;
-- The roll-up takes everything of transactions that have ended; rows lie in
-- about that order, so a few blocks of summary do.
CREATE INDEX transfers_txid ON numlease.transfers
	USING brin (txid) WITH (autosummarize = on);

CREATE FUNCTION numlease.refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION '% of % is not possible: rows are only added',
	    TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER transfers_append_only
	BEFORE UPDATE OR DELETE OR TRUNCATE ON numlease.transfers
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.refuse_change();
CREATE TRIGGER accounts_append_only
	BEFORE UPDATE OR DELETE OR TRUNCATE ON numlease.accounts
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.refuse_change();
CREATE TRIGGER wallets_stay
	BEFORE DELETE OR TRUNCATE ON numlease.wallets
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.refuse_change();

-- Totals move only under a transfer. The depth is 2 when the statement is
-- one of transfers_post().
CREATE FUNCTION numlease.wallets_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	IF pg_trigger_depth() < 2 THEN
		RAISE EXCEPTION 'wallets move only by a transfer'
		    USING ERRCODE = 'restrict_violation';
	END IF;
	RETURN NULL;
END
$$;
CREATE TRIGGER wallets_guard BEFORE UPDATE ON numlease.wallets
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.wallets_guard();

CREATE FUNCTION numlease.wallets_empty() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	IF (NEW.available, NEW.held, NEW.open_holds) <> (0, 0, 0) THEN
		RAISE EXCEPTION 'a wallet begins empty'
		    USING ERRCODE = 'restrict_violation';
	END IF;
	RETURN NEW;
END
$$;
CREATE TRIGGER wallets_empty BEFORE INSERT ON numlease.wallets
	FOR EACH ROW EXECUTE FUNCTION numlease.wallets_empty();

-- Every user has a wallet from the first moment.
CREATE FUNCTION numlease.users_wallet() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
DECLARE
	a bigint;
	h bigint;
BEGIN
	INSERT INTO accounts (kind, user_id) VALUES ('user_available', NEW.id)
	RETURNING id INTO a;
	INSERT INTO accounts (kind, user_id) VALUES ('user_held', NEW.id)
	RETURNING id INTO h;
	INSERT INTO wallets (user_id, available_account, held_account)
	VALUES (NEW.id, a, h);
	RETURN NULL;
END
$$;
CREATE TRIGGER users_wallet AFTER INSERT ON numlease.users
	FOR EACH ROW EXECUTE FUNCTION numlease.users_wallet();

-- Move the wallets by what was just added, all of it in one statement.
-- Refuses accounts that do not exist, pairs of accounts that the kind may
-- not join, two different users, and holds and their ends that were not
-- made by a row of holds or hold_resolutions. The caller has locked the
-- wallets in order of user_id when there are several.
CREATE FUNCTION numlease.transfers_post() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
DECLARE
	bad record;
BEGIN
	WITH t AS MATERIALIZED (
		SELECT n.id, n.kind, n.amount, n.user_id,
		       d.kind AS debit_kind, d.user_id AS debit_user,
		       c.kind AS credit_kind, c.user_id AS credit_user
		  FROM added n
		  LEFT JOIN accounts d ON d.id = n.debit
		  LEFT JOIN accounts c ON c.id = n.credit
	), side AS (
		SELECT debit_user AS user_id, debit_kind AS side, -amount AS delta,
		       0 AS holds
		  FROM t WHERE debit_user IS NOT NULL
		UNION ALL
		SELECT credit_user, credit_kind, amount,
		       CASE kind WHEN 'hold' THEN 1 WHEN 'release' THEN -1 ELSE 0 END
		  FROM t WHERE credit_user IS NOT NULL
		UNION ALL
		SELECT debit_user, 'user_held', 0, -1 FROM t WHERE kind = 'capture'
	), moved AS (
		UPDATE wallets w
		   SET available = w.available + s.available,
		       held = w.held + s.held,
		       open_holds = w.open_holds + s.holds
		  FROM (SELECT user_id,
		               coalesce(sum(delta) FILTER (
		                   WHERE side = 'user_available'), 0)::bigint AS available,
		               coalesce(sum(delta) FILTER (
		                   WHERE side = 'user_held'), 0)::bigint AS held,
		               sum(holds)::integer AS holds
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
CREATE TRIGGER transfers_post AFTER INSERT ON numlease.transfers
	REFERENCING NEW TABLE AS added
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.transfers_post();

-- At most one hold per activation, ever; exactly one end per hold, ever: by
-- primary key. Each row makes its own transfers, so neither can exist
-- without its money; and both are only made by a change of the activation's
-- state (see 0005), so the money cannot differ from the state.
CREATE TABLE numlease.holds (
	activation_id uuid PRIMARY KEY,
	user_id       bigint NOT NULL,
	amount        bigint NOT NULL,
	created_at    timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT hold_amount_positive CHECK (amount > 0),
	UNIQUE (activation_id, amount) -- target of the key below
);

CREATE TABLE numlease.hold_resolutions (
	activation_id uuid CONSTRAINT hold_resolved_once PRIMARY KEY,
	user_id       bigint NOT NULL,
	amount        bigint NOT NULL,
	captured      bigint NOT NULL,
	released      bigint NOT NULL,
	actor         text NOT NULL,
	reason        text NOT NULL,
	created_at    timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT resolution_captured_not_negative CHECK (captured >= 0),
	CONSTRAINT resolution_released_not_negative CHECK (released >= 0),
	CONSTRAINT resolution_is_whole CHECK (captured + released = amount),
	CONSTRAINT resolution_of_hold FOREIGN KEY (activation_id, amount)
		REFERENCES numlease.holds (activation_id, amount)
);
CREATE TRIGGER holds_append_only
	BEFORE UPDATE OR DELETE OR TRUNCATE ON numlease.holds
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.refuse_change();
CREATE TRIGGER hold_resolutions_append_only
	BEFORE UPDATE OR DELETE OR TRUNCATE ON numlease.hold_resolutions
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.refuse_change();

CREATE FUNCTION numlease.holds_post() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
DECLARE
	n bigint;
BEGIN
	IF pg_trigger_depth() < 2 THEN
		RAISE EXCEPTION 'holds are made by reserving an activation'
		    USING ERRCODE = 'restrict_violation';
	END IF;
	INSERT INTO transfers (kind, debit, credit, amount, user_id,
	    activation_id, idem_key, actor)
	SELECT 'hold', w.available_account, w.held_account, h.amount, h.user_id,
	       h.activation_id, 'hold:' || h.activation_id, 'user'
	  FROM added h
	  JOIN wallets w ON w.user_id = h.user_id;
	GET DIAGNOSTICS n = ROW_COUNT;
	IF n <> (SELECT count(*) FROM added) THEN
		RAISE EXCEPTION 'a hold needs a wallet'
		    USING ERRCODE = 'foreign_key_violation';
	END IF;
	RETURN NULL;
END
$$;
CREATE TRIGGER holds_post AFTER INSERT ON numlease.holds
	REFERENCING NEW TABLE AS added
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.holds_post();

CREATE FUNCTION numlease.hold_resolutions_post() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = numlease, pg_temp AS $$
BEGIN
	IF pg_trigger_depth() < 2 THEN
		RAISE EXCEPTION 'holds end by a change of the activation''s state'
		    USING ERRCODE = 'restrict_violation';
	END IF;
	INSERT INTO transfers (kind, debit, credit, amount, user_id,
	    activation_id, idem_key, actor, reason)
	SELECT x.kind, w.held_account, x.credit, x.amount, r.user_id,
	       r.activation_id, x.kind || ':' || r.activation_id, r.actor, r.reason
	  FROM added r
	  JOIN wallets w ON w.user_id = r.user_id
	 CROSS JOIN LATERAL (VALUES
	       ('capture', system_account('revenue'), r.captured),
	       (CASE WHEN r.captured > 0 THEN 'rest' ELSE 'release' END,
	           w.available_account, r.released)) x (kind, credit, amount)
	 WHERE x.amount > 0;
	RETURN NULL;
END
$$;
CREATE TRIGGER hold_resolutions_post AFTER INSERT ON numlease.hold_resolutions
	REFERENCING NEW TABLE AS added
	FOR EACH STATEMENT EXECUTE FUNCTION numlease.hold_resolutions_post();

-- Totals of all accounts up to the cursor, summed by ledger_rollup().
CREATE TABLE numlease.account_totals (
	account_id bigint PRIMARY KEY REFERENCES numlease.accounts,
	debits     bigint NOT NULL DEFAULT 0,
	credits    bigint NOT NULL DEFAULT 0
);
CREATE TABLE numlease.rollup_cursor (
	one       boolean PRIMARY KEY DEFAULT true CHECK (one),
	base_id   bigint NOT NULL, -- transfers up to here are in the totals,
	txid      bigint NOT NULL, -- and all of transactions below this
	rolled_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO numlease.rollup_cursor (base_id, txid) VALUES (0, 0);

SELECT numlease.grant_to('SELECT ON numlease.accounts, numlease.postings, '
    'numlease.wallets, numlease.transfers, numlease.holds, '
    'numlease.hold_resolutions, numlease.account_totals, '
    'numlease.rollup_cursor',
    'numlease_api', 'numlease_worker', 'numlease_ro');
