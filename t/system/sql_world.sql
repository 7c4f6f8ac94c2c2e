-- A small world for the tests of sql/: two providers, two users with money,
-- and words for the steps of a purchase.
SELECT numlease.provider_put('alpha', '5sim', '{}', NULL, 'USD', 1000000, 100, true);
SELECT numlease.provider_put('beta', 'sms-activate', '{}', NULL, 'USD', 1000000, 100, true);
INSERT INTO numlease.users (email, password_hash) VALUES ('ann@example.org', 'x'), ('bob@example.org', 'x');
SELECT numlease.wallet_credit(id, 'deposit', 10000000, 'test', '', 'start ' || id)
  FROM numlease.users ORDER BY id;

CREATE SCHEMA t;
SET search_path = t, numlease;

CREATE FUNCTION t.ann() RETURNS bigint LANGUAGE sql STABLE AS $$
	SELECT id FROM numlease.users WHERE email = 'ann@example.org' $$;
CREATE FUNCTION t.bob() RETURNS bigint LANGUAGE sql STABLE AS $$
	SELECT id FROM numlease.users WHERE email = 'bob@example.org' $$;
CREATE FUNCTION t.provider(p text) RETURNS bigint LANGUAGE sql STABLE AS $$
	SELECT id FROM numlease.providers WHERE name = p $$;
CREATE FUNCTION t.wallet(who bigint) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT available || '/' || held || '/' || open_holds
	  FROM numlease.wallets WHERE user_id = who $$;

-- Named activations and attempts, so that tests read like stories.
CREATE TABLE t.names (name text PRIMARY KEY, id uuid NOT NULL DEFAULT gen_random_uuid());
CREATE FUNCTION t.id(n text) RETURNS uuid LANGUAGE sql AS $$
	INSERT INTO t.names (name) VALUES (n) ON CONFLICT DO NOTHING;
	SELECT id FROM t.names WHERE name = n $$;

-- Reserve for `amount`; gives the status.
CREATE FUNCTION t.reserve(n text, who bigint, amount bigint DEFAULT 200000,
    key text DEFAULT '', print text DEFAULT '')
RETURNS text LANGUAGE sql AS $$
	SELECT status FROM numlease.activation_reserve(ARRAY[t.id(n)], ARRAY[who],
	    '{telegram}', '{gb}', '{any}', ARRAY[amount], '{0}', '{web}',
	    ARRAY[key], ARRAY[print], '{}'::text[], 100000) $$;

-- Claim the order and write an attempt at `p`; gives the status.
CREATE FUNCTION t.start(n text, p text DEFAULT 'alpha', late bigint DEFAULT 60000,
    call bigint DEFAULT 15000)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	order_token uuid;
	tries bigint;
BEGIN
	SELECT token INTO order_token
	  FROM numlease.lease_claim('test', 1, 30000, ARRAY[t.id(n)]);
	IF order_token IS NULL THEN
		SELECT token INTO order_token FROM numlease.outbox
		 WHERE topic = 'lease' AND key = (SELECT t.id(n));
	END IF;
	SELECT count(*) + 1 INTO tries FROM numlease.attempts
	 WHERE activation_id = (SELECT t.id(n));
	RETURN (SELECT status FROM numlease.attempt_start(
	    ARRAY[t.id(n || ' attempt ' || tries)], ARRAY[t.id(n)],
	    ARRAY[order_token], ARRAY[t.provider(p)], '{telegram}', '{england}',
	    '{any}', '{150000}', call, ARRAY[late], '{7}', '{"[]"}'));
END
$$;
-- The newest attempt of an activation, and its token.
CREATE FUNCTION t.try(n text) RETURNS uuid LANGUAGE sql AS $$
	SELECT id FROM numlease.attempts WHERE activation_id = (SELECT t.id(n))
	ORDER BY no DESC LIMIT 1 $$;
CREATE FUNCTION t.token(n text) RETURNS uuid LANGUAGE sql AS $$
	SELECT token FROM numlease.attempts WHERE id = (SELECT t.try(n)) $$;

-- The provider sold `upstream`; gives the status.
CREATE FUNCTION t.sold(n text, upstream text DEFAULT NULL,
    phone text DEFAULT '+447700900123', cost bigint DEFAULT 100000,
    token uuid DEFAULT NULL, cancel_in interval DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
	SELECT status FROM numlease.activation_activate(ARRAY[t.try(n)],
	    ARRAY[coalesce(token, t.token(n))], ARRAY[coalesce(upstream, n)],
	    ARRAY[phone], ARRAY[cost], '{0}', ARRAY[coalesce((extract(epoch FROM
	        now() + cancel_in) * 1000000)::bigint, 0)]) $$;
CREATE FUNCTION t.sms(n text, body text DEFAULT 'code 1234', mid text DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
	SELECT status FROM numlease.messages_store(ARRAY[t.id(n)], ARRAY[mid],
	    '{TG}', ARRAY[body], '{1234}', '{0}') $$;
CREATE FUNCTION t.cancel(n text, who bigint DEFAULT 0, early text DEFAULT 'schedule')
RETURNS text LANGUAGE sql AS $$
	SELECT status FROM numlease.activation_cancel_request(ARRAY[t.id(n)],
	    ARRAY[who], early, 'user') $$;
CREATE FUNCTION t.ended(n text, refunded text DEFAULT 'yes')
RETURNS text LANGUAGE sql AS $$
	SELECT status FROM numlease.activation_end(ARRAY[t.id(n)],
	    ARRAY[refunded], '{test}') $$;
CREATE FUNCTION t.state(n text) RETURNS text LANGUAGE sql AS $$
	SELECT state FROM numlease.activations WHERE id = (SELECT t.id(n)) $$;

-- Let time pass for one activation: all its deadlines are over.
CREATE FUNCTION t.overdue(n text) RETURNS void LANGUAGE sql AS $$
	UPDATE numlease.activations SET due_at = now() - interval '1 second'
	 WHERE id = (SELECT t.id(n)) AND due_at IS NOT NULL;
	UPDATE numlease.attempts
	   SET lease_until = now() - interval '3 hours',
	       settle_at = now() - interval '2 hours',
	       unsettled_at = CASE WHEN unsettled_at IS NOT NULL
	           THEN now() - interval '1 hour' END,
	       give_up_at = now() - interval '1 hour'
	 WHERE activation_id = (SELECT t.id(n)) $$;

-- An activation brought into a state ('ACTIVE+' has an SMS, 'RESERVED+' and
-- 'CANCELLING+' a purchase under way).
CREATE FUNCTION t.make(n text, want text, who bigint DEFAULT t.ann())
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM t.reserve(n, who);
	CASE want
	WHEN 'RESERVED' THEN NULL;
	WHEN 'RESERVED+' THEN PERFORM t.start(n);
	WHEN 'ACTIVE' THEN PERFORM t.start(n), t.sold(n);
	WHEN 'ACTIVE+' THEN PERFORM t.start(n), t.sold(n), t.sms(n);
	WHEN 'COMPLETED' THEN PERFORM t.start(n), t.sold(n), t.sms(n);
		PERFORM numlease.activation_finish(ARRAY[t.id(n)], '{0}', 'user');
	WHEN 'CANCELLING' THEN PERFORM t.start(n), t.sold(n), t.cancel(n);
	WHEN 'CANCELLING+' THEN PERFORM t.start(n), t.cancel(n);
	WHEN 'CANCELLED' THEN PERFORM t.start(n), t.sold(n), t.cancel(n), t.ended(n);
	WHEN 'EXPIRED' THEN PERFORM t.start(n), t.sold(n), t.ended(n);
	WHEN 'FAILED' THEN PERFORM t.overdue(n); PERFORM numlease.activation_expire(1000);
	END CASE;
END
$$;

-- Run SQL from inside a trigger, as the tables' own triggers would: past the
-- guards that look at the depth, to meet the constraints behind them.
CREATE TABLE t.inside (statement text);
CREATE FUNCTION t.run_inside() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE NEW.statement;
	RETURN NULL;
END
$$;
CREATE TRIGGER run AFTER INSERT ON t.inside
	FOR EACH ROW EXECUTE FUNCTION t.run_inside();
CREATE FUNCTION t.inside(s text) RETURNS void LANGUAGE sql AS $$
	INSERT INTO t.inside VALUES (s) $$;
