#!/bin/sh
# numleasectl migrate: in order, once, two at once, and what it refuses.
if [ -z "${SQL_TEST:-}" ]; then
	SQL_TEST=1 exec "${srcdir:-.}/scripts/scratch-pg" "$0"
fi
cd "${builddir:-.}" || exit 1
srcdir=${srcdir:-.}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: >"$work/numlease.conf"
export NUMLEASE_CONF="$work/numlease.conf"
export NUMLEASE_DATABASE_CONNINFO="host=$PGHOST user=$PGUSER dbname=$PGDATABASE"
cp -R "$srcdir/sql" "$work/sql"
chmod -R u+w "$work/sql"
count=0 failed=0
ok() { # name; $? of the command before
	rc=$?
	count=$((count + 1))
	[ $rc = 0 ] && echo "ok $count - $1" && return
	echo "not ok $count - $1"
	sed 's/^/# /' "$work/out"
	failed=1
}
up() { ./numleasectl migrate up "$work/sql" >"$work/out" 2>&1; }
schema() { pg_dump --schema-only | grep -v -e '^--' -e '^\\' | sha256sum; }

psql -qXc 'CREATE ROLE plain LOGIN' -c 'CREATE DATABASE plain OWNER plain'
NUMLEASE_DATABASE_CONNINFO="host=$PGHOST user=plain dbname=plain" ./numleasectl migrate up "$work/sql" >"$work/out" 2>&1 &&
	[ "$(psql -qAtX plain -c "SELECT relowner::regrole FROM pg_class WHERE relname = 'wallets'")" = plain ]
ok 'a role that may create no roles owns everything itself'

./numleasectl migrate up "$work/sql" >"$work/one" 2>&1 & one=$!
./numleasectl migrate up "$work/sql" >"$work/two" 2>&1 & two=$!
wait $one && wait $two; cat "$work/one" "$work/two" >"$work/out"
ok 'two at once both succeed'
[ "$(psql -qAtXc 'SELECT count(*) FROM numlease.countries')" -ge 60 ]; ok 'and the catalogue is there'
before=$(schema)
up && grep -q 'nothing to do' "$work/out"; ok 'again there is nothing to do'
./numleasectl migrate status "$work/sql" >"$work/out" && ! grep -qv 'applied$' "$work/out"; ok 'status says that all is applied'

echo '-- a remark' >>"$work/sql/migrations/0003_ledger.sql"
! up && grep -q '0003_ledger.sql was applied with another text' "$work/out"; ok 'a changed migration is refused'
cp "$srcdir/sql/migrations/0003_ledger.sql" "$work/sql/migrations/"
mv "$work/sql/migrations/0005_activations.sql" "$work/kept"
! up && grep -q 'newer programs' "$work/out"; ok 'a database of newer programs is refused'
mv "$work/kept" "$work/sql/migrations/0005_activations.sql"
echo 'SELECT 1;' >"$work/sql/migrations/0004_z.sql"
! up && grep -q 'should have been before' "$work/out"; ok 'a file that comes too late is refused'
rm "$work/sql/migrations/0004_z.sql"
echo 'CREATE TABLE numlease.half (i int); SELECT nonsense;' >"$work/sql/migrations/9000_x.sql"
! up && grep -q '9000_x.sql' "$work/out"; ok 'a file that fails names itself'
[ "$(schema)" = "$before" ]; ok 'and leaves nothing behind'
echo 'SELECT numlease.act_as_owner(); CREATE TABLE numlease.more (i int);' >"$work/sql/migrations/9000_x.sql"
up && [ "$(psql -qAtXc "SELECT relowner::regrole FROM pg_class WHERE relname = 'more'")" = numlease_owner ]; ok 'a new file is applied, and belongs to the owner'
echo '-- another body' >>"$work/sql/functions/60_queue.sql"
up && grep -q '60_queue.sql' "$work/out"; ok 'changed functions are applied again'
echo "UPDATE numlease.services SET name = 'Tg' WHERE code = 'telegram';" >>"$work/sql/seed/10_catalogue.sql"
psql -qXc "UPDATE numlease.services SET enabled = false WHERE code = 'telegram'"
up && [ "$(psql -qAtXc "SELECT name, enabled FROM numlease.services WHERE code = 'telegram'")" = 'Tg|f' ]
ok 'a changed seed is applied, what the operator switched off stays off'
[ -z "$(psql -qAtXc 'SELECT * FROM numlease.ledger_verify()')" ]; ok 'the ledger is right'
echo "1..$count"
exit $failed
