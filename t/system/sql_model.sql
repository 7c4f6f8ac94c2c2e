-- A model of the lease and of the wallet, written from the description and
-- not from the functions, and a run of random steps through both.
CREATE TABLE t.model (who bigint, name text PRIMARY KEY, state text NOT NULL,
	held bigint NOT NULL, charged bigint NOT NULL DEFAULT 0, price bigint NOT NULL,
	buying boolean NOT NULL DEFAULT false, has_number boolean NOT NULL DEFAULT false,
	has_sms boolean NOT NULL DEFAULT false, expired boolean NOT NULL DEFAULT false,
	held_bonus bigint NOT NULL DEFAULT 0); -- the part of held that is bonus
-- What a user has: money, and bonus that is only spent.
CREATE TABLE t.purse (who bigint PRIMARY KEY, cash bigint NOT NULL, bonus bigint NOT NULL);

-- Of an amount, how much is bonus, given what there is of both.
CREATE FUNCTION t.model_bonus(amount bigint, cash bigint, bonus bigint) RETURNS bigint
LANGUAGE sql AS $$
	SELECT CASE WHEN EXISTS (SELECT FROM numlease.settings WHERE key = 'bonus.spend' AND value = 'last')
	    THEN greatest(0, amount - cash) ELSE least(amount, bonus) END $$;

-- One movement of money that is no lease, in both; what there is afterwards.
CREATE FUNCTION t.model_money(p t.purse, OUT cash bigint, OUT bonus bigint, OUT what text, OUT got text, OUT expected text)
LANGUAGE plpgsql AS $$
DECLARE
	amount bigint := 1 + (random() * random() * 3000000)::bigint;
	code text := encode(sha256(gen_random_uuid()::text::bytea), 'hex');
	key text := gen_random_uuid();
	kind text := (ARRAY['deposit', 'bonus'])[1 + (random() * 1)::int];
	again text;
	gift bigint;
BEGIN
	what := (ARRAY['deposit', 'bonus', 'adjust', 'voucher', 'void'])[1 + floor(random() * 5)::int];
	IF what IN ('bonus', 'adjust') AND random() < 0.5 THEN
		amount := -amount;
	END IF;
	IF what IN ('voucher', 'void') THEN
		PERFORM numlease.voucher_make(ARRAY[code], ARRAY['x'], kind, amount, NULL, 'model', 'test', '');
		IF what = 'void' THEN
			PERFORM numlease.voucher_revoke(id, 'test') FROM numlease.vouchers WHERE hash = decode(code, 'hex');
		END IF;
		SELECT status INTO got FROM numlease.voucher_redeem(p.who, code, key);
		SELECT status INTO again FROM numlease.voucher_redeem(p.who, code,
		    CASE WHEN amount % 2 = 0 THEN key ELSE key || '2' END);
		expected := CASE WHEN what = 'void' THEN 'voucher_revoked voucher_revoked'
		    WHEN amount % 2 = 0 THEN 'ok replay' ELSE 'ok voucher_used' END;
		gift := CASE what WHEN 'voucher' THEN amount ELSE 0 END;
	ELSE
		kind := what;
		SELECT status INTO got FROM numlease.wallet_credit(p.who, kind, amount, 'test', 'why', key);
		expected := CASE WHEN amount + CASE kind WHEN 'bonus' THEN p.bonus ELSE p.cash END < 0
		    THEN 'no_funds' ELSE 'ok' END;
		gift := CASE expected WHEN 'ok' THEN amount ELSE 0 END;
		SELECT status INTO again FROM numlease.wallet_credit(p.who, kind, amount, 'test', 'why', key);
		expected := expected || CASE expected WHEN 'ok' THEN ' replay' ELSE ' no_funds' END;
	END IF;
	got := got || ' ' || again;
	cash := p.cash + CASE kind WHEN 'bonus' THEN 0 ELSE gift END;
	bonus := p.bonus + CASE kind WHEN 'bonus' THEN gift ELSE 0 END;
END
$$;

-- 30 % on top, at least 0.01, at least 0.02 in all, up to the next 0.01.
CREATE FUNCTION t.model_price(cost bigint) RETURNS bigint LANGUAGE sql AS $$
	SELECT ceil(greatest(cost * 1.3, cost + 10000, 20000) / 10000)::bigint * 10000 $$;

-- What one step does to one row of the model; cost is of a purchase.
CREATE FUNCTION t.model_step(m t.model, step text, cost bigint) RETURNS t.model
LANGUAGE plpgsql AS $$
BEGIN
	CASE
	WHEN step = 'buy' AND m.state = 'RESERVED' AND NOT m.buying THEN m.buying := true;
	WHEN step = 'sold' AND m.buying THEN
		m.buying := false; m.has_number := true;
		m.price := least(m.price, t.model_price(cost));
		IF m.state = 'RESERVED' THEN m.state := 'ACTIVE'; END IF;
	WHEN step = 'refused' AND m.buying THEN
		m.buying := false;
		IF m.state = 'CANCELLING' THEN m.state := 'CANCELLED'; m.held := 0; END IF;
	WHEN step = 'sms' AND m.state IN ('ACTIVE', 'CANCELLING') AND m.has_number AND NOT m.has_sms THEN
		m.has_sms := true; m.charged := m.price; m.held := 0;
		IF m.state = 'CANCELLING' THEN m.state := 'COMPLETED'; END IF;
	WHEN step = 'cancel' AND m.state = 'RESERVED' THEN
		IF m.buying THEN m.state := 'CANCELLING'; ELSE m.state := 'CANCELLED'; m.held := 0; END IF;
	WHEN step = 'cancel' AND m.state = 'ACTIVE' AND NOT m.has_sms THEN m.state := 'CANCELLING';
	WHEN step = 'finish' AND m.state = 'ACTIVE' AND m.has_sms THEN m.state := 'COMPLETED';
	WHEN step = 'ended' AND m.has_number AND m.state = 'ACTIVE' THEN
		m.state := CASE WHEN m.has_sms THEN 'COMPLETED' ELSE 'EXPIRED' END; m.held := 0;
	WHEN step = 'ended' AND m.has_number AND m.state = 'CANCELLING' THEN
		m.state := CASE WHEN m.expired THEN 'EXPIRED' ELSE 'CANCELLED' END; m.held := 0;
	WHEN step = 'time' AND m.state = 'RESERVED' AND NOT m.buying THEN m.state := 'FAILED'; m.held := 0;
	WHEN step = 'time' AND m.state = 'ACTIVE' AND m.has_sms THEN m.state := 'COMPLETED';
	WHEN step = 'time' AND m.state = 'ACTIVE' THEN m.state := 'CANCELLING'; m.expired := true;
	WHEN step = 'time' AND m.state = 'CANCELLING' AND NOT m.buying THEN
		m.state := CASE WHEN m.expired THEN 'EXPIRED' ELSE 'CANCELLED' END; m.held := 0;
	ELSE NULL;
	END CASE;
	RETURN m;
END
$$;

-- The same step in the product.
CREATE FUNCTION t.real_step(n text, who bigint, step text, cost bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	CASE step
	WHEN 'buy' THEN PERFORM t.start(n);
	WHEN 'sold' THEN PERFORM t.sold(n, cost => cost);
	WHEN 'refused' THEN PERFORM numlease.attempt_fail(ARRAY[t.try(n)], ARRAY[t.token(n)], '{NO}');
	WHEN 'sms' THEN PERFORM t.sms(n, 'code ' || (random() * 3)::int);
	WHEN 'cancel' THEN PERFORM t.cancel(n, who);
	WHEN 'finish' THEN PERFORM numlease.activation_finish(ARRAY[t.id(n)], ARRAY[who], 'user');
	WHEN 'ended' THEN PERFORM t.ended(n, (ARRAY['yes', 'no', 'unknown'])[1 + (random() * 2)::int]);
	WHEN 'time' THEN
		UPDATE numlease.activations SET due_at = '-infinity'
		 WHERE id = t.id(n) AND due_at IS NOT NULL;
		-- Only the oldest is swept, so that others' rows stay as they are.
		IF FOUND THEN PERFORM numlease.activation_expire(1); END IF;
	END CASE;
END
$$;

-- `steps` random steps of one user; raises at the first difference. prove is
-- after how many of them the whole ledger is proved, 1 being all.
CREATE FUNCTION t.model_run(seed double precision, who bigint, steps integer,
    prove double precision DEFAULT 1)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	m t.model;
	before t.model;
	p t.purse;
	step text;
	spent bigint;
	amount bigint;
	cost bigint;
	n text;
	status text;
	expected text;
	refused integer := 0;
BEGIN
	PERFORM setseed(seed);
	INSERT INTO t.purse SELECT user_id, available, bonus FROM numlease.wallets
	 WHERE user_id = who ON CONFLICT DO NOTHING;
	FOR i IN 1..steps LOOP
		SELECT * INTO p FROM t.purse x WHERE x.who = model_run.who;
		IF random() < 0.15 THEN
			SELECT * INTO p.cash, p.bonus, step, status, expected FROM t.model_money(p);
			IF status <> expected THEN
				RAISE EXCEPTION 'seed % step %: % gave % and not %', seed, i, step, status, expected;
			END IF;
		ELSIF random() < 0.2 THEN
			n := who || ' ' || (SELECT count(*) FROM t.model x WHERE x.who = model_run.who);
			amount := (20000 + random() * 2000000)::bigint;
			SELECT t.reserve(n, who, amount) INTO status;
			expected := CASE WHEN amount <= p.cash + p.bonus THEN 'ok' ELSE 'no_funds' END;
			IF status <> expected THEN
				RAISE EXCEPTION 'seed % step %: reserve gave % and not %', seed, i, status, expected;
			END IF;
			IF status = 'ok' THEN
				spent := t.model_bonus(amount, p.cash, p.bonus);
				INSERT INTO t.model (who, name, state, held, price, held_bonus)
				VALUES (who, n, 'RESERVED', amount, amount, spent);
				p.cash := p.cash - (amount - spent);
				p.bonus := p.bonus - spent;
			ELSE
				refused := refused + 1;
			END IF;
		ELSE
			SELECT * INTO m FROM t.model x WHERE x.who = model_run.who
			 ORDER BY (x.state IN ('RESERVED', 'ACTIVE', 'CANCELLING')) DESC,
			    random() LIMIT 1;
			CONTINUE WHEN m.name IS NULL;
			step := (ARRAY['buy', 'sold', 'refused', 'sms', 'cancel', 'finish',
			    'ended', 'time'])[1 + floor(random() * 8)::int];
			cost := (10000 + random() * 400000)::bigint;
			PERFORM t.real_step(m.name, who, step, cost);
			before := m;
			m := t.model_step(m, step, cost);
			IF m.held = 0 AND before.held > 0 THEN
				spent := t.model_bonus(m.charged, before.held - m.held_bonus, m.held_bonus);
				p.cash := p.cash + before.held - m.held_bonus - (m.charged - spent);
				p.bonus := p.bonus + m.held_bonus - spent;
				m.held_bonus := 0;
			END IF;
			UPDATE t.model x SET (state, held, charged, price, buying, has_number, has_sms, expired, held_bonus)
			    = (m.state, m.held, m.charged, m.price, m.buying, m.has_number, m.has_sms, m.expired, m.held_bonus)
			 WHERE x.name = m.name;
			IF (SELECT (a.state, a.charged, a.price) FROM numlease.activations a WHERE a.id = t.id(m.name))
			    IS DISTINCT FROM (m.state, m.charged, m.price) THEN
				RAISE EXCEPTION 'seed % step %: % of % gave % and not %', seed, i, step, m.name,
				    (SELECT (a.state, a.charged, a.price) FROM numlease.activations a
				      WHERE a.id = t.id(m.name)), (m.state, m.charged, m.price);
			END IF;
		END IF;
		UPDATE t.purse x SET cash = p.cash, bonus = p.bonus WHERE x.who = model_run.who;
		IF (SELECT (w.available, w.bonus, w.held) FROM numlease.wallets w WHERE w.user_id = who)
		    IS DISTINCT FROM (SELECT (p.cash, p.bonus, coalesce(sum(x.held), 0)::bigint)
		        FROM t.model x WHERE x.who = model_run.who) THEN
			RAISE EXCEPTION 'seed % step %: the wallet is % after % and not %', seed, i,
			    (SELECT (w.available, w.bonus, w.held) FROM numlease.wallets w WHERE w.user_id = who), step, p;
		END IF;
		IF random() < prove AND EXISTS (SELECT FROM numlease.ledger_verify()) THEN
			RAISE EXCEPTION 'seed % step %: the ledger is not right', seed, i;
		END IF;
	END LOOP;
	RETURN 'same';
END
$$;

-- The same with a transaction for each step, beside others who do it too.
CREATE PROCEDURE t.model_walk(seed double precision, who bigint, steps integer)
LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1..steps LOOP
		PERFORM t.model_run(mod((seed * 1000003 + i * 0.6180339887)::numeric, 1)::float8,
		    who, 1, 0.05);
		COMMIT;
	END LOOP;
END
$$;
