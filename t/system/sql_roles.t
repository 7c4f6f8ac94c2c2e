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
finish
