#!/bin/sh
# The roles of the programs can do their work and no more: money moves only
# through the functions, and each function only for who needs it.
. "${srcdir:-.}/t/system/sql.sh"

as() { # role, SQL
	echo "SET ROLE $1; $2"
}
denied() { refused "$1" 42501 "$(as "$2" "$3")"; }

denied 'the API does not write transfers' numlease_api "INSERT INTO numlease.transfers (kind, debit, credit, amount, idem_key, actor) VALUES ('deposit', 2, 104, 5, 'x12', 'x')"
denied 'the API does not write wallets' numlease_api 'UPDATE numlease.wallets SET available = 1'
denied 'the API does not write activations' numlease_api "UPDATE numlease.activations SET cause = ''"
denied 'the API does not write holds' numlease_api 'INSERT INTO numlease.holds VALUES (gen_random_uuid(), 1, 1)'
denied 'the API does not credit' numlease_api "SELECT numlease.wallet_credit(1001, 'deposit', 5, 'x', '', 'y')"
denied 'the API does not activate' numlease_api "SELECT numlease.activation_activate('{}', '{}', '{}', '{}', '{}', '{}', '{}')"
denied 'the API does not take steps by itself' numlease_api "SELECT numlease.activation_step('{}', '{}', '', '{}')"
denied 'the API does not change how a provider is spoken to' numlease_api "UPDATE numlease.providers SET settings = '{}'"
denied 'the API does not truncate' numlease_api 'TRUNCATE numlease.sessions CASCADE'
denied 'the worker does not write wallets' numlease_worker 'UPDATE numlease.wallets SET available = 1'
denied 'the worker does not reserve' numlease_worker "SELECT numlease.activation_reserve('{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', 1)"
denied 'the worker does not credit' numlease_worker "SELECT numlease.wallet_credit(1001, 'deposit', 5, 'x', '', 'y')"
denied 'the worker does not make users' numlease_worker "INSERT INTO numlease.users (email, password_hash) VALUES ('x@y.z', 'x')"
denied 'the worker does not switch providers' numlease_worker 'UPDATE numlease.providers SET enabled = false'
denied 'a reader reads no password' numlease_ro 'SELECT password_hash FROM numlease.users'
denied 'a reader reads no secret of a provider' numlease_ro 'SELECT secret FROM numlease.providers'
denied 'a reader writes nothing' numlease_ro 'DELETE FROM numlease.sessions'

is 'the API reserves and makes users' 'ok 1' "$(as numlease_api "
	SELECT status FROM numlease.activation_reserve(ARRAY[gen_random_uuid()], '{1001}', '{telegram}', '{gb}', '{any}', '{5}', '{0}', '{web}', '{}', '{}', '{}', 10);
	WITH u AS (INSERT INTO numlease.users (email, password_hash) VALUES ('new@example.org', 'x') RETURNING id)
	SELECT count(*) FROM u")"
is 'the worker claims' 1 "$(as numlease_worker "SELECT count(*) FROM numlease.lease_claim('w', 10, 1000)")"
is 'a reader proves the ledger' 0 "$(as numlease_ro 'SELECT count(*) FROM numlease.ledger_verify()')"

is 'what runs with the rights of the owner pins its search path' '' "
	SELECT proname FROM pg_proc WHERE pronamespace = 'numlease'::regnamespace AND prosecdef
	    AND NOT EXISTS (SELECT FROM unnest(proconfig) c WHERE c = 'search_path=numlease, pg_temp')"
is 'nobody who was not named may call a function' '' "
	SELECT p.proname FROM pg_proc p CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
	 WHERE p.pronamespace = 'numlease'::regnamespace AND x.grantee = 0"
is 'everything belongs to the owner role' '' "
	SELECT relname FROM pg_class WHERE relnamespace = 'numlease'::regnamespace AND relowner <> 'numlease_owner'::regrole
	UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'numlease'::regnamespace AND proowner <> 'numlease_owner'::regrole"
is 'money is durable whatever the session was set to' 'on off' "
	SET synchronous_commit = off; BEGIN; SELECT t.reserve('durable', t.ann()) \\g /dev/null
	SELECT current_setting('synchronous_commit'); COMMIT; SELECT current_setting('synchronous_commit')"

# The whole matrix, as it was agreed: a new table or function appears here.
# SQL_ACCEPT=1 takes what is there now.
golden=$srcdir/t/golden/grants.txt
psql -qAtX -v ON_ERROR_STOP=1 -f "$srcdir/t/system/sql_grants.sql" >"$PGHOST/grants" 2>&1
[ -z "${SQL_ACCEPT:-}" ] || cp "$PGHOST/grants" "$golden"
rc=0; why=$(diff "$golden" "$PGHOST/grants") || rc=1
report $rc 'every role may do to every table and function what was agreed' "$why"

# And what the matrix means, tried: the books are only added to, by functions.
for table in transfers holds hold_resolutions accounts wallets; do
	for role in numlease_api numlease_admin numlease_worker numlease_ro; do
		for verb in 'UPDATE %s SET user_id = user_id' 'DELETE FROM %s' 'TRUNCATE %s' \
		    'ALTER TABLE %s DISABLE TRIGGER ALL' 'INSERT INTO %s DEFAULT VALUES'; do
			statement=$(printf '%s' "$verb" | sed "s/%s/numlease.$table/g")
			denied "$role: $statement" $role "$statement"
		done
	done
	for verb in 'DELETE FROM' 'TRUNCATE'; do
		refused "the owner: $verb $table" 23001 "$(as numlease_owner "$verb numlease.$table$([ "$verb" = TRUNCATE ] && echo ' CASCADE')")"
	done
	refused "the owner: UPDATE $table" 23001 "$(as numlease_owner "UPDATE numlease.$table SET user_id = user_id")"
done
for role in numlease_api numlease_admin numlease_worker numlease_ro; do
	denied "$role makes no table" $role 'CREATE TABLE numlease.mine ()'
	denied "$role makes no function" $role "CREATE FUNCTION numlease.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'"
	PGUSER=$role refused "a login as $role does not become the owner" 42501 'SET ROLE numlease_owner'
done
PGUSER=numlease_api refused 'a login as numlease_api does not become an administrator' 42501 'SET ROLE numlease_admin'
PGUSER=numlease_worker refused 'a login as numlease_worker does not become the API' 42501 'SET ROLE numlease_api'
finish
