#!/bin/sh
# Many at once: one wallet cannot be spent twice, one order is claimed once,
# one SMS charges once, one key does one thing.
#	SQL_ROUNDS	how much of it (1)
. "${srcdir:-.}/t/system/sql.sh"
rounds=${SQL_ROUNDS:-1}
money=$((1000 * rounds))
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# bench CLIENTS TRANSACTIONS SCRIPT: 0 when all ran without an SQL error
bench() {
	printf '%s\n' "$3" >"$work/script"
	pgbench -n -c "$1" -j 2 -t "$2" -f "$work/script" numlease >"$work/out" 2>&1
}

sql "INSERT INTO numlease.users (email, password_hash) VALUES ('cat@example.org', 'x')"
cat="(SELECT id FROM numlease.users WHERE email = 'cat@example.org')"
sql "SELECT numlease.wallet_credit($cat, 'deposit', $money, 'test', '', 'cat')" >/dev/null
bench 64 $((20 * rounds)) "SELECT * FROM numlease.activation_reserve(ARRAY[gen_random_uuid()], ARRAY[$cat],
	'{telegram}', '{gb}', '{any}', '{1}', '{0}', '{web}', '{}'::text[], '{}'::text[], '{}'::text[], 1000000);"
report $? '64 clients spend one wallet' "$(cat "$work/out")"
is "of $((1280 * rounds)) purchases of 1 from $money exactly $money succeed" "$money|0/$money/$money" "
	SELECT count(*), t.wallet($cat) FROM numlease.activations WHERE user_id = $cat"

sql "SELECT numlease.wallet_credit($cat, 'deposit', 1000000, 'test', '', 'cat2')" >/dev/null
bench 32 $((10 * rounds)) "\\set k random(1, 40)
SELECT * FROM numlease.activation_reserve(ARRAY[gen_random_uuid(), gen_random_uuid()], ARRAY[$cat, t.bob()],
	'{telegram,telegram}', '{gb,gb}', '{any,any}', '{1,1}', '{0,0}', '{web,web}', ARRAY['k' || :k, 'k' || :k],
	'{f,f}', '{}'::text[], 1000000);"
report $? '32 clients repeat 40 keys of two users' "$(cat "$work/out")"
is 'each key of each user made one activation' 't|t' "
	SELECT count(*) = count(DISTINCT k.activation_id), count(*) = (SELECT count(*)
	    FROM numlease.activations WHERE user_id = t.bob()) + (SELECT count(*) - $money
	    FROM numlease.activations WHERE user_id = $cat)
	  FROM numlease.idempotency_keys k"
is 'a key with another body is refused, a repeated one tells what it made' 'idempotency_key_reused| replay|t' "
	SELECT t.reserve('k1', t.ann(), 1, 'key', 'print') \\g /dev/null
	SELECT status, id FROM numlease.activation_reserve(ARRAY[gen_random_uuid()], ARRAY[t.ann()], '{telegram}',
	    '{gb}', '{any}', '{1}', '{0}', '{web}', '{key}', '{other}', '{}'::text[], 100);
	SELECT status, id = t.id('k1') FROM numlease.activation_reserve(ARRAY[gen_random_uuid()], ARRAY[t.ann()],
	    '{telegram}', '{gb}', '{any}', '{1}', '{0}', '{web}', '{key}', '{print}', '{}'::text[], 100)"
is 'twice in one call: one is made, with another body it is refused' 'ok replay idempotency_key_reused' "
	SELECT status FROM numlease.activation_reserve(ARRAY[gen_random_uuid(), gen_random_uuid(), gen_random_uuid()],
	    ARRAY[t.ann(), t.ann(), t.ann()], '{telegram,telegram,telegram}', '{gb,gb,gb}', '{any,any,any}', '{1,1,1}',
	    '{0,0,0}', '{web,web,web}', '{twin,twin,twin}', '{p,p,q}', '{}'::text[], 100) ORDER BY ord"
is 'in one call the money is given out in order, the small one after the refused' 'ok no_funds ok' "
	INSERT INTO numlease.users (email, password_hash) VALUES ('dan@example.org', 'x');
	SELECT numlease.wallet_credit((SELECT max(id) FROM numlease.users), 'deposit', 10, 'test', '', 'dan') \\g /dev/null
	SELECT status FROM numlease.activation_reserve(ARRAY[gen_random_uuid(), gen_random_uuid(), gen_random_uuid()],
	    (SELECT array_fill(max(id), ARRAY[3]) FROM numlease.users), '{telegram,telegram,telegram}', '{gb,gb,gb}',
	    '{any,any,any}', '{6,5,4}', '{0,0,0}', '{web,web,web}', '{}'::text[], '{}'::text[], '{}'::text[], 100) ORDER BY ord"
is 'what may not be leased is not reserved' 'not_allowed_by_policy unknown_service unknown_country no_offer_at_price too_many_active not_found' "
	SELECT status FROM numlease.activation_reserve(ARRAY[gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid()],
	    array_fill(t.ann(), ARRAY[4]), '{revolut,nothing,telegram,telegram}', '{gb,gb,xx,gb}', '{any,any,any,any}', '{5,5,5,5}',
	    '{0,0,0,4}', '{web,web,web,web}', '{}'::text[], '{}'::text[], '{}'::text[], 100) ORDER BY ord;
	SELECT status FROM numlease.activation_reserve(ARRAY[gen_random_uuid()], ARRAY[t.ann()], '{telegram}', '{gb}', '{any}',
	    '{5}', '{0}', '{web}', '{}'::text[], '{}'::text[], '{}'::text[], 1);
	SELECT status FROM numlease.activation_reserve(ARRAY[gen_random_uuid()], '{7}', '{telegram}', '{gb}', '{any}',
	    '{5}', '{0}', '{web}', '{}'::text[], '{}'::text[], '{}'::text[], 1)"
is 'maintenance stops at the last gate' 'maintenance' "
	UPDATE numlease.settings SET value = 'on' WHERE key = 'maintenance';
	SELECT t.reserve('closed', t.ann());
	UPDATE numlease.settings SET value = 'off' WHERE key = 'maintenance'"

sql 'CREATE TABLE t.claims (id uuid, holder int); CREATE TABLE t.sms (status text)'
bench 16 $((20 * rounds)) "INSERT INTO t.claims SELECT activation_id, :client_id FROM numlease.lease_claim('w' || :client_id, 7, 60000);"
report $? '16 workers claim' "$(cat "$work/out")"
is 'every order went to one worker' '0|0' "
	SELECT (SELECT count(*) FROM (SELECT id FROM t.claims GROUP BY 1 HAVING count(*) > 1) x),
	    (SELECT count(*) FROM numlease.outbox o WHERE topic = 'lease' AND NOT EXISTS (SELECT FROM t.claims c WHERE c.id = o.key))"

sql "SELECT t.make('hot', 'ACTIVE')" >/dev/null
bench 16 $((5 * rounds)) "INSERT INTO t.sms SELECT t.sms('hot', 'code 77');"
report $? '16 pollers bring the same SMS' "$(cat "$work/out")"
is 'one stored it, one capture' '1|1' "
	SELECT count(*), (SELECT count(*) FROM numlease.transfers WHERE activation_id = t.id('hot') AND kind = 'capture')
	  FROM t.sms WHERE status = 'ok'"

sql "SELECT t.make('edge ' || i, 'ACTIVE') FROM generate_series(1, 40) i" >/dev/null
bench 8 $((20 * rounds)) "\\set i random(1, 40)
\\set e random(1, 4)
SELECT CASE :e WHEN 1 THEN t.sms('edge ' || :i, 'x') WHEN 2 THEN t.cancel('edge ' || :i)
	WHEN 3 THEN t.ended('edge ' || :i) ELSE (SELECT 'swept' FROM t.overdue('edge ' || :i), numlease.activation_expire(3) LIMIT 1) END;"
report $? 'SMS, cancel, end and deadline meet at the same second' "$(cat "$work/out")"
is 'nobody was released and charged' '0' "
	SELECT count(*) FROM (SELECT activation_id FROM numlease.transfers
	    WHERE kind IN ('capture', 'release') GROUP BY 1 HAVING count(*) > 1) x"
psql -qAtX -v ON_ERROR_STOP=1 -f "$srcdir/t/system/sql_matrix.sql"
sql "SELECT t.make('chaos ' || i, 'RESERVED') FROM generate_series(1, 60) i" >/dev/null
bench 12 $((40 * rounds)) "\\set i random(1, 60)
\\set e random(1, 12)
SELECT CASE :e
	WHEN 11 THEN (SELECT 'x' FROM (SELECT count(*) FROM numlease.lease_claim('w', 5, 1)) x)
	WHEN 12 THEN (SELECT 'x' FROM t.overdue('chaos ' || :i), (SELECT count(*) FROM numlease.unknown_due(5, 1)) x)
	ELSE t.event('chaos ' || :i, (ARRAY['buy', 'buy', 'sold', 'sold', 'refused', 'unsure', 'cancel', 'sms', 'ended', 'none left'])[:e])
	END;"
report $? 'buyers, reconcilers, users and pollers work on the same numbers' "$(cat "$work/out")"
is 'no two of all these waited for each other' 0 "
	SELECT pg_stat_force_next_flush() \\g /dev/null
	SELECT deadlocks FROM pg_stat_database WHERE datname = 'numlease'"
sound 'the ledger is right after all of it'
finish
