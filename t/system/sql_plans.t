#!/bin/sh
# The hot statements go by the index that is meant for them, on an empty
# database that was never analysed, on one whose statistics say "nothing is
# live", and on a full one. A planner that believes a partial index to be
# empty takes it for anything its predicate is implied by, and then scans
# every live row.
. "${srcdir:-.}/t/system/sql.sh"

uses() { # name, index, statement, parameters
	plan=$(printf '%s\n' "SET plan_cache_mode = force_generic_plan;
		SET enable_seqscan = $seqscan;
		PREPARE s AS $3;" "EXPLAIN EXECUTE s($4);" | psql -qAtX 2>&1)
	printf '%s\n' "$plan" | grep -Eq "(using|Index Scan on) $2 "
	report $? "$1" "$plan"
}
plans() {
	uses "$1: an activation in a state is changed by its key" activations_pkey \
		"UPDATE numlease.activations SET cause = '' WHERE id = \$1 AND state = 'RESERVED'" "'$any'"
	uses "$1: an attempt in a state by its key" attempts_pkey \
		"UPDATE numlease.attempts SET cause = '' WHERE id = \$1 AND state = 'STARTED' AND token = \$1" "'$any'"
	[ "$1" = 'nothing is live' ] || # all belong to one user then
	uses "$1: a user's page of activations" activations_user \
		"SELECT * FROM numlease.numbers WHERE user_id = \$1 AND id < \$2 AND (\$3 = '' OR in_state = \$3) ORDER BY id DESC LIMIT 20" "1001, '$any', ''"
	uses "$1: the running ones of a user" activations_live \
		"SELECT * FROM numlease.numbers WHERE user_id = \$1 AND id < \$2 AND closed_at IS NULL AND (\$3 = '' OR in_state = \$3) ORDER BY id DESC LIMIT 20" "1001, '$any', ''"
	uses "$1: a number by its key" activations_pkey \
		"SELECT * FROM numlease.numbers WHERE id = \$1 AND (user_id = \$2 OR \$2 = 0)" "'$any', 1001"
	uses "$1: a number by its short number" activations_number_key \
		"SELECT * FROM numlease.numbers WHERE number = \$1 AND (user_id = \$2 OR \$2 = 0)" "1, 1001"
	uses "$1: what is due" activations_due \
		"SELECT id FROM numlease.activations WHERE due_at <= now() ORDER BY due_at LIMIT \$1 FOR NO KEY UPDATE SKIP LOCKED" 10
	uses "$1: orders that are due" outbox_due \
		"SELECT key FROM numlease.outbox WHERE topic = \$1 AND due_at <= now() ORDER BY due_at LIMIT 10 FOR UPDATE SKIP LOCKED" "'lease'"
	uses "$1: attempts to settle" attempts_unsettled \
		"SELECT id FROM numlease.attempts WHERE unsettled_at <= now() ORDER BY unsettled_at LIMIT \$1 FOR NO KEY UPDATE SKIP LOCKED" 10
	uses "$1: polls that are due" polls_at \
		"SELECT activation_id FROM numlease.polls WHERE poll_at <= now() ORDER BY poll_at LIMIT \$1 FOR UPDATE SKIP LOCKED" 10
	uses "$1: notices that are due" deliveries_next \
		"SELECT id FROM numlease.deliveries WHERE next_at <= now() ORDER BY next_at LIMIT \$1 FOR UPDATE SKIP LOCKED" 10
	uses "$1: the SMS of an activation" messages_activation \
		"SELECT id FROM numlease.messages WHERE activation_id = \$1 AND code IS NOT NULL ORDER BY id DESC LIMIT 1" "'$any'"
	uses "$1: a key" idempotency_keys_pkey \
		"SELECT status FROM numlease.idempotency_keys WHERE user_id = \$1 AND key = \$2" "1001, 'k'"
}
# What the catalogue and the router read, with many offers: the rule is looked
# for once for each route of a provider, by the index of those in force, and a
# service is not paid for with all the others.
statement() { awk -v n="$1" '/^-- name:/ { on = $3 == n } on && !/^--/' "$srcdir"/sql/queries/*.sql | sed 's/;$//'; }
reads() { # name, statement, parameters, most rows of offers, most looks for a rule
	plan=$(printf '%s\n' 'SET plan_cache_mode = force_generic_plan;' "PREPARE s AS $(statement "$2");" \
		"EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF) EXECUTE s($3);" | psql -qAtX -v ON_ERROR_STOP=1 2>&1)
	printf '%s\n' "$plan" | awk -v offers="$4" -v looks="$5" '
		/on offers o/ { match($0, /actual rows=[0-9]+ loops=[0-9]+/); split(substr($0, RSTART + 12, RLENGTH), n, /[^0-9]+/); read += n[1] * n[2] }
		/Seq Scan on price_rules/ { bad = 1 }
		/on price_rules x/ { match($0, /loops=[0-9]+/); look += substr($0, RSTART + 6, RLENGTH - 6) }
		END { exit !(read > 0 && read <= offers * 1.05 && look > 0 && look <= looks && !bad) }'
	report $? "$1" "$plan"
}
any=00000000-0000-0000-0000-000000000000
seqscan=on
plans 'never analysed'
sql "SELECT t.make('all ' || i, (ARRAY['COMPLETED', 'FAILED', 'CANCELLED'])[1 + i % 3]) FROM generate_series(1, 60) i" >/dev/null
sql 'ANALYZE'
# The tables are small still: what is asked is which index.
seqscan=off
plans 'nothing is live'

# 10 000 offers: two providers, 50 services, 20 countries, five operators; 800
# rules.
sql "INSERT INTO numlease.provider_services SELECT p.id, s.code, 'x ' || s.code FROM numlease.providers p, numlease.services s
	ON CONFLICT DO NOTHING;
	INSERT INTO numlease.provider_countries SELECT p.id, c.code, 'x ' || c.code FROM numlease.providers p, numlease.countries c
	ON CONFLICT DO NOTHING;
	INSERT INTO numlease.offers (provider_id, service, country, operator, native_cost, cost, stock)
	SELECT p.id, s.code, c.code, o, 100000, 100000 + (random() * 100000)::bigint, 10 FROM numlease.providers p,
	       (SELECT code FROM numlease.services WHERE policy = 'allow' ORDER BY code <> 'telegram', code LIMIT 50) s,
	       (SELECT code FROM numlease.countries ORDER BY code <> 'gb', code LIMIT 20) c, unnest('{any,a,b,c,d}'::text[]) o
	ON CONFLICT DO NOTHING;
	INSERT INTO numlease.price_rules (service, country, provider_id, priority, percent_bp)
	SELECT s.code, c.code, CASE WHEN n = 1 THEN 1 END, n, 3000 FROM (SELECT code FROM numlease.services LIMIT 20) s,
	       (SELECT code FROM numlease.countries LIMIT 20) c, generate_series(1, 2) n;
	ANALYZE numlease.offers, numlease.price_rules" >/dev/null
reads 'all prices: one look for a rule for five offers' catalogue_offers "'', ''" 10000 2000
reads 'a service: its offers only' catalogue_offers "'telegram', ''" 200 40
reads 'a country of it: the offers of that' catalogue_offers "'telegram', 'gb'" 200 2
reads 'all prices in the words of the handler_api' compat_prices "'', -1, ''" 10000 2000
reads 'the candidates of a lease: one look for each provider' catalogue_candidates "'{telegram}', '{gb}'" 10 2

# Nothing a function does may cost more because the tables grew, not even in
# a session that planned everything while they were empty.
rows_read="(SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables
	WHERE schemaname = 'numlease' AND relname <> 'price_rules')"
read_late() {
	printf '%s\n' 'SELECT bench.life(8, 2) FROM generate_series(1, 7) \g /dev/null' \
		'SELECT pg_stat_force_next_flush() \g /dev/null' "SELECT $rows_read AS a \\gset" \
		'SELECT bench.life(8, 2) FROM generate_series(1, 3) \g /dev/null' \
		'SELECT pg_stat_force_next_flush() \g /dev/null' "SELECT $rows_read AS b \\gset" \
		'SELECT bench.life(8, 2) FROM generate_series(1, 80) \g /dev/null' \
		'SELECT pg_stat_force_next_flush() \g /dev/null' "SELECT $rows_read AS c \\gset" \
		'SELECT bench.life(8, 2) FROM generate_series(1, 3) \g /dev/null' \
		'SELECT pg_stat_force_next_flush() \g /dev/null' "SELECT $rows_read AS d \\gset" \
		'\echo :a :b :c :d' | psql -qAtX -v ON_ERROR_STOP=1 2>&1
}
psql -qAtX -f "$srcdir/bench/sql/life.sql"
got=$(read_late)
printf '%s\n' "$got" | awk 'NF != 4 { exit 1 } { exit !($4 - $3 < 1.3 * ($2 - $1) + 300) }'
report $? 'a life of a number costs as much after 640 others as after 56' "rows read by then: $got"
finish
