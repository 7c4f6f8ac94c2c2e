#!/bin/sh
# What a provider's account holds is compared with our book of it, told of
# once, and changes nothing.
. "${srcdir:-.}/t/system/sql.sh"

# The provider said its balance 20 s ago; what was booked until now is older.
says() { # provider, balance
	psql -qAtX -v ON_ERROR_STOP=1 >/dev/null <<-EOT
	SET session_replication_role = replica;
	UPDATE numlease.transfers SET created_at = now() - interval '1 hour';
	UPDATE numlease.provider_baselines SET set_at = set_at - interval '1 minute';
	SET session_replication_role = origin;
	UPDATE numlease.providers SET balance = $2, balance_at = now() - interval '20 seconds',
	    balance_txid = pg_snapshot_xmin(pg_current_snapshot())::text::bigint
	 WHERE name = '$1';
	EOT
}
# Since when is left out.
drift="SELECT p.name, d.drift, d.moving FROM numlease.provider_drift() d
	JOIN numlease.providers p ON p.id = d.provider_id ORDER BY 1"
tell='SELECT provider, drift, moving FROM numlease.provider_drift_tell(1000)'
moves='SELECT count(*), coalesce(sum(amount), 0) FROM numlease.transfers'
buy() { sql "SELECT t.reserve('$1', t.ann()); SELECT t.start('$1', 'alpha'); SELECT t.sold('$1')" >/dev/null; }

is 'nothing is said of who never said a balance' '' "$drift"
buy 'before'
says alpha 1000000000
is 'the first balance is the baseline' '' "$tell"
is 'from which nothing has drifted' 'alpha|0|0' "$drift"
buy 'one'
is 'what moved since it was read is left out' 'alpha|0|0' "$drift"
says alpha 999900000
is 'a number that was paid for is no drift' 'alpha|0|0' "$drift"
sql 'SELECT numlease.ledger_rollup()' >/dev/null
is 'summed or not' 'alpha|0|0' "$drift"
says alpha 999899000
is 'as much as is tolerated is not told of' '' "$tell"
says alpha 999850000
before=$(sql "$moves")
is 'more is' 'alpha|-50000|0' "$tell"
is 'once' '' "$tell"
is 'and nothing is corrected' "$before" "$moves"
says alpha 999849500
is 'nor again when little changes' '' "$tell"

sql "SELECT t.cancel('one'); SELECT t.ended('one', 'unknown')" >/dev/null
says alpha 999850000
is 'a refund that is owed has not come to the account' 'alpha|-50000|0' "$drift"
says alpha 999950000
is 'it came and nobody has booked it: there is more than should be' 'alpha|50000|0' "$tell"
sql "SELECT numlease.receivable_refund('alpha', 'one', 100000, 'test', 'came', 'one')" >/dev/null
says alpha 999950000
is 'then there is as much less' 'alpha|-50000|0' "$tell"

sql "SELECT t.reserve('two', t.ann()); SELECT t.start('two', 'alpha')" >/dev/null
says alpha 999800000
is 'a purchase that is not decided may explain it' 'alpha|-200000|150000' "$drift"
says alpha 999900000
is 'and is not told of' '' "$tell"
sql "SELECT t.sold('two')" >/dev/null
is 'a read balance and a purchase at once are no drift' 't' "
	UPDATE numlease.providers SET balance_at = now() WHERE name = 'alpha';
	SELECT abs(drift) <= moving FROM numlease.provider_drift()"

is 'a baseline needs a reason' 'bad_input' "SELECT status FROM numlease.provider_baseline_set('alpha', 'test', '')"
is 'and a provider' 'not_found' "SELECT status FROM numlease.provider_baseline_set('nobody', 'test', 'x')"
says alpha 999850000
is 'a new one keeps what the drift was' 'ok|-50000' "SELECT * FROM numlease.provider_baseline_set('alpha', 'test', 'paid in')"
is 'an older balance is not taken for it' 'alpha||0' "$tell; $drift"
says alpha 5000000000
is 'the next one is' 'alpha|0|0' "$tell; $drift"
is 'who set them is kept' 'worker|first|f test|paid in|t' "
	SELECT actor, CASE reason WHEN 'the first balance' THEN 'first' ELSE reason END, left_drift IS NOT NULL
	  FROM numlease.provider_baselines ORDER BY id"
sql "UPDATE numlease.providers SET fx_rate = 2000000 WHERE name = 'alpha'" >/dev/null
says alpha 4999000000
is 'a drift is in our own currency' 'alpha|-2000000|0' "$tell"
is 'each that was told of is kept' 4 'SELECT count(*) FROM numlease.provider_drifts'
refused 'and stays' 23001 'DELETE FROM numlease.provider_drifts'
sound 'the ledger is right after all of it'
finish
