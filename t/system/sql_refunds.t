#!/bin/sh
# Providers that give the money of a returned number back at once, late, in
# parts, twice or never: what they owe is what was made up here, to the micro.
#	SQL_ORDERS	how many (default 300)
#	SQL_SEED	to draw the same again
. "${srcdir:-.}/t/system/sql.sh"
orders=${SQL_ORDERS:-300}
seed=${SQL_SEED:-$(awk 'BEGIN { srand(); print rand() }')}
echo "# SQL_ORDERS=$orders SQL_SEED=$seed"
sql "SELECT numlease.wallet_credit(t.ann(), 'deposit', 100000000000, 'test', '', 'refunds')" >/dev/null
psql -qAtX -v ON_ERROR_STOP=1 >/dev/null <<EOT
SELECT setseed($seed);
CREATE TABLE t.truth (name text, provider text, how text, is_open bigint, lost bigint);
CREATE TABLE t.answers (how text, answer text);
DO \$\$
DECLARE
	n text; how text; at text; cost bigint; part bigint; more text;
BEGIN
	FOR i IN 1 .. $orders LOOP
		n := 'order ' || i;
		at := (ARRAY['alpha', 'beta'])[1 + floor(random() * 2)];
		how := (ARRAY['at once', 'late', 'parts', 'part', 'twice', 'never',
		    'written off'])[1 + floor(random() * 7)];
		cost := 2 + floor(random() * 149999);
		part := 1 + floor(random() * (cost - 1));
		PERFORM t.reserve(n, t.ann()), t.start(n, at);
		PERFORM t.sold(n, cost => cost), t.cancel(n);
		PERFORM t.ended(n, CASE how WHEN 'at once' THEN 'yes' ELSE 'unknown' END);
		CASE how
		WHEN 'late', 'twice' THEN
			PERFORM numlease.receivable_refund(at, n, cost, 'test', how, 'all');
		WHEN 'parts' THEN
			PERFORM numlease.receivable_refund(at, n, part, 'test', how, 'one');
			PERFORM numlease.receivable_refund(at, n, part, 'test', how, 'one');
			PERFORM numlease.receivable_refund(at, n, cost - part, 'test', how, 'two');
		WHEN 'part' THEN
			PERFORM numlease.receivable_refund(at, n, part, 'test', how, 'one');
			SELECT status INTO more FROM numlease.receivable_refund(at, n,
			    cost - part + 1, 'test', how, 'too much');
			INSERT INTO t.answers VALUES (how, more);
		WHEN 'written off' THEN
			PERFORM numlease.receivable_write_off(at, n, 'test', how);
		ELSE NULL;
		END CASE;
		IF how = 'twice' THEN
			SELECT status INTO more FROM numlease.receivable_refund(at, n, cost, 'test', how, 'again');
			INSERT INTO t.answers VALUES (how, more);
		END IF;
		INSERT INTO t.truth VALUES (n, at, how,
		    CASE how WHEN 'never' THEN cost WHEN 'part' THEN cost - part ELSE 0 END,
		    CASE how WHEN 'written off' THEN cost ELSE 0 END);
		COMMIT;
	END LOOP;
END
\$\$;
EOT
is 'each way was taken' 7 'SELECT count(DISTINCT how) FROM t.truth'
is 'every number that is owed, and no other' '' "
	(SELECT name, provider, is_open FROM t.truth WHERE is_open > 0
	 EXCEPT ALL
	 SELECT a.upstream_id, p.name, a.cost - a.refunded FROM numlease.attempts a
	   JOIN numlease.providers p ON p.id = a.provider_id WHERE a.cost_state = 'receivable')
	UNION ALL
	(SELECT a.upstream_id, p.name, a.cost - a.refunded FROM numlease.attempts a
	   JOIN numlease.providers p ON p.id = a.provider_id WHERE a.cost_state = 'receivable'
	 EXCEPT ALL
	 SELECT name, provider, is_open FROM t.truth WHERE is_open > 0)"
is 'the accounts say the same' '' "
	SELECT p.name, x.is_open, x.lost, y.is_open, y.lost
	  FROM (SELECT provider, sum(is_open) AS is_open, sum(lost) AS lost FROM t.truth GROUP BY 1) x
	  JOIN numlease.providers p ON p.name = x.provider
	  JOIN (SELECT pa.provider_id,
	               coalesce(sum(t.amount) FILTER (WHERE t.debit = pa.receivable), 0)
	             - coalesce(sum(t.amount) FILTER (WHERE t.credit = pa.receivable), 0) AS is_open,
	               coalesce(sum(t.amount) FILTER (WHERE t.kind = 'loss'), 0) AS lost
	          FROM numlease.provider_accounts pa
	          JOIN numlease.transfers t ON pa.receivable IN (t.debit, t.credit)
	         GROUP BY 1) y ON y.provider_id = p.id
	 WHERE (x.is_open, x.lost) <> (y.is_open, y.lost)"
is 'a second refund and too large a one are not taken' 'part|bad_input twice|conflict' '
	SELECT DISTINCT how, answer FROM t.answers ORDER BY 1'
is 'nobody was charged' 0 'SELECT sum(charged) FROM numlease.activations'
sound 'the ledger is right after all of it'
finish
