#!/bin/sh
# Random steps through the product and through a model written from the
# description: equal after every step, the ledger proved after every step.
# Then many users at once, over a connection each.
# SQL_SEED repeats a run, SQL_STEPS and SQL_USERS lengthen it.
. "${srcdir:-.}/t/system/sql.sh"
seed=${SQL_SEED:-0.$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')}
steps=${SQL_STEPS:-250}
echo "# SQL_SEED=$seed SQL_STEPS=$steps"
psql -qAtX -v ON_ERROR_STOP=1 -f "$srcdir/t/system/sql_model.sql"
is 'the product does what the model does' same "SELECT t.model_run($seed, t.ann(), $steps)"
is 'and for another user, beside the first one' same "SELECT t.model_run($seed / 2, t.bob(), $steps)"
is 'and when bonus is spent last' same "
	INSERT INTO numlease.settings (key, value) VALUES ('bonus.spend', 'last') ON CONFLICT (key) DO UPDATE SET value = 'last';
	SELECT t.model_run($seed / 3, t.bob(), $steps / 5)"

users=${SQL_USERS:-16}
sql "WITH u AS (INSERT INTO numlease.users (email, password_hash)
	SELECT 'walker' || i || '@example.org', 'x' FROM generate_series(1, $users) i RETURNING id)
SELECT numlease.wallet_credit(id, 'deposit', 10000000, 'test', '', 'walk ' || id) FROM u" >/dev/null
out=$(for who in $(sql "SELECT id FROM numlease.users WHERE email LIKE 'walker%'"); do
	psql -qAtX -v ON_ERROR_STOP=1 -c "CALL t.model_walk(mod(($seed * $who)::numeric, 1)::float8, $who, $((steps / 5)))" 2>&1 &
done; wait)
rc=0; [ -z "$out" ] || rc=1
report $rc "$users users walk at once, each as the model does" "$out"
is 'and nobody waited for two others' 0 "
	SELECT pg_stat_force_next_flush() \\g /dev/null
	SELECT deadlocks FROM pg_stat_database WHERE datname = 'numlease'"
sound 'the invariants hold'
finish
