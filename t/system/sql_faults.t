#!/bin/sh
# Books that were falsified, as nobody can who is not a superuser: the proof
# names each fault, in one run, finds nothing in books that are right, stops
# money, and never writes anything off by itself.
#	SQL_ORDERS	how many clean orders of each of eleven kinds (10)
. "${srcdir:-.}/t/system/sql.sh"
orders=${SQL_ORDERS:-10}
echo "# SQL_ORDERS=$orders"
psql -qAtX -v ON_ERROR_STOP=1 >/dev/null <<EOT
SELECT numlease.wallet_credit(t.ann(), 'deposit', 1000000000000, 'test', '', 'faults');
SELECT numlease.wallet_credit(t.bob(), 'bonus', 500000, 'test', 'gift', 'faults bonus');
SELECT numlease.voucher_make(ARRAY[encode(sha256('v'), 'hex')], '{v}', 'deposit', 5000, NULL, '', 'test', 'sale');
SELECT numlease.voucher_redeem(t.bob(), encode(sha256('v'), 'hex'), 'faults voucher');
DO \$\$
DECLARE
	s text;
BEGIN
	FOR i IN 1 .. $orders LOOP
		FOREACH s IN ARRAY ARRAY['RESERVED', 'RESERVED+', 'ACTIVE', 'ACTIVE+', 'COMPLETED',
		    'CANCELLING', 'CANCELLING+', 'CANCELLED', 'EXPIRED'] LOOP
			PERFORM t.make(s || ' ' || i, s);
		END LOOP;
		PERFORM t.make('owed ' || i, 'CANCELLING'), t.ended('owed ' || i, 'unknown');
		PERFORM t.reserve('dear ' || i, t.ann(), 100000), t.start('dear ' || i);
		PERFORM t.sold('dear ' || i, cost => 140000), t.sms('dear ' || i);
		COMMIT;
	END LOOP;
END
\$\$;
SELECT t.make('bonus', 'COMPLETED', t.bob());
EOT
number=$(sql 'SELECT count(*) FROM numlease.activations')
is "no false alarm in $number orders" 0 'SELECT count(*) FROM numlease.ledger_verify()'
sound 'nor by the other invariants'

# A statement that is run as replication would, in a transaction of its own.
fault() { # what is wrong, invariants that name it, statement
	is "$1" "$2" "
	BEGIN;
	SET LOCAL session_replication_role = replica;
	$3;
	SELECT DISTINCT substring(invariant from '^I[0-9]+') FROM numlease.ledger_verify() ORDER BY 1;
	ROLLBACK"
}
some() { # condition: one such transfer
	echo "ctid = (SELECT ctid FROM numlease.transfers WHERE $1 LIMIT 1)"
}
named() { echo "(SELECT id FROM t.names WHERE name = '$1')"; }
done_one=$(named 'COMPLETED 1')
open_one=$(named 'ACTIVE 1')
owed_one=$(named 'owed 1')

fault 'money that came from nowhere' I2 \
	'UPDATE numlease.wallets SET available = available + 1 WHERE user_id = t.ann()'
fault 'money held by nothing' 'I2 I4' \
	'UPDATE numlease.wallets SET held = held + 1 WHERE user_id = t.ann()'
fault 'bonus that came from nowhere' I2 \
	'UPDATE numlease.wallets SET bonus = bonus + 1 WHERE user_id = t.bob()'
fault 'a wallet below zero' 'I2 I3' \
	'ALTER TABLE numlease.wallets DROP CONSTRAINT wallet_available_not_negative;
	UPDATE numlease.wallets SET available = -1 WHERE user_id = t.ann()'
fault 'a count of holds that is not so' I4 \
	'UPDATE numlease.wallets SET open_holds = open_holds + 1 WHERE user_id = t.ann()'
fault 'an account that does not exist' I2 \
	"UPDATE numlease.transfers SET credit = 987654321 WHERE $(some "kind = 'capture'")"
fault 'a charge that left no transfer' 'I2 I6' \
	"DELETE FROM numlease.transfers WHERE $(some "kind = 'capture'")"
fault 'a hold without its transfer' 'I2 I5' \
	"DELETE FROM numlease.transfers WHERE kind = 'hold' AND activation_id = $open_one"
fault 'a hold that was never decided' 'I10 I4 I6' \
	"DELETE FROM numlease.hold_resolutions WHERE activation_id = $done_one"
fault 'a user charged twice the price' I10 \
	"ALTER TABLE numlease.activations DROP CONSTRAINT activation_charge_is_price;
	UPDATE numlease.activations SET charged = charged * 2 WHERE id = $done_one"
fault 'a user charged without a number' I10 \
	"UPDATE numlease.attempts SET state = 'FAILED', closed_at = now() WHERE activation_id = $done_one"
fault 'a number released although it was paid' I10 \
	"UPDATE numlease.activations SET state = 'CANCELLED', charged = 0 WHERE id = $done_one"
fault 'a hold whose order has gone' I10 \
	"DELETE FROM numlease.activations WHERE id = $open_one"
fault 'an order without a hold' 'I10 I2 I4' \
	"DELETE FROM numlease.transfers WHERE kind = 'hold' AND activation_id = $open_one;
	DELETE FROM numlease.holds WHERE activation_id = $open_one"
fault 'a provider charged twice' I11 \
	"INSERT INTO numlease.transfers (kind, debit, credit, amount, activation_id, attempt_id, idem_key, actor)
	SELECT kind, debit, credit, amount, activation_id, attempt_id, 'twice', actor
	  FROM numlease.transfers WHERE kind = 'cost' LIMIT 1"
fault 'a cost that is not the one booked' I11 \
	"UPDATE numlease.attempts SET cost = cost + 1 WHERE activation_id = $open_one"
fault 'a refund that never came' I11 \
	"UPDATE numlease.attempts SET cost_state = 'refunded' WHERE activation_id = $owed_one"
fault 'a refund in part that never came' I11 \
	"UPDATE numlease.attempts SET refunded = 1 WHERE activation_id = $owed_one"
fault 'a debt of a provider that was forgotten' I11 \
	"DELETE FROM numlease.transfers WHERE kind = 'owed' AND activation_id = $owed_one"
fault 'an orphan whose loss is not booked' I11 \
	"INSERT INTO numlease.orphans (provider_id, upstream_id, reason, state, cost, booked)
	VALUES (t.provider('beta'), 'lost', 'listed', 'kept', 5, 5)"
fault 'a loss of price that was not booked' I13 \
	"DELETE FROM numlease.transfers WHERE kind = 'price_loss' AND activation_id = $(named 'dear 1')"
fault 'a voucher that gave nothing' 'I2 I9' \
	"DELETE FROM numlease.transfers WHERE idem_key LIKE 'credit:voucher:%'"
fault 'bonus that was held as money' 'I5 I6' \
	"UPDATE numlease.holds SET bonus = 0 WHERE activation_id = $(named bonus)"

is 'a fault found stops money, and nothing is written off' 't|true 0 maintenance' "
	CREATE TABLE t.before AS SELECT count(*) AS n FROM numlease.transfers;
	SET session_replication_role = replica;
	UPDATE numlease.attempts SET cost_state = 'refunded' WHERE activation_id = $owed_one;
	RESET session_replication_role;
	CREATE TABLE t.proof AS SELECT differences FROM numlease.ledger_prove(0);
	SELECT differences > 0, numlease.money_is_stopped()::text FROM t.proof;
	SELECT count(*) - (SELECT n FROM t.before) FROM numlease.transfers;
	SELECT t.reserve('stopped', t.ann())"
is 'nor is it healed' 1 'SELECT count(*) FROM numlease.ledger_verify()'
finish
